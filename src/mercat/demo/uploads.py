"""Pictures of products as their vendors upload them, taken in like any other; the worker draws their sizes."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePath
from uuid import UUID
from zipfile import ZipFile

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile

from mercat import auth, catalog, files
from mercat.demo.content import UPLOADS
from mercat.kit.database import Database

OPERATOR = auth.Actor.system()


async def accept_uploads(database: Database) -> dict[str, UUID]:
    """Take the pictures in; returns their files by the slugs of the products. Not to be called in a transaction."""
    with ZipFile(UPLOADS) as archive:
        names = archive.namelist()
        sent = [UploadFile(BytesIO(archive.read(name)), filename=name) for name in names]
    accepted = await files.accept(database, OPERATOR, sent, catalog.PICTURE_PURPOSE)
    return {PurePath(name).stem: file_id for name, file_id in zip(names, accepted, strict=True)}


async def show_uploads(session: AsyncSession, products: Mapping[str, UUID], uploads: Mapping[str, UUID]) -> None:
    """Give the products their pictures; both are by the products' slugs."""
    known = await catalog.references(session, [products[slug] for slug in uploads])
    for slug, file_id in uploads.items():
        alt = known[products[slug]].name
        await catalog.add_pictures(session, OPERATOR, products[slug], [(file_id, alt)], if_match=None)
