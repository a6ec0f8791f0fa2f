"""What the demo marketplace says: its posts with their pictures, its pages and menus."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile

from mercat import auth, files
from mercat.content import navigation, pages, posts
from mercat.demo.content import UPLOADS, Content
from mercat.kit.database import Database

OPERATOR = auth.Actor.system()


async def accept_post_pictures(database: Database, content: Content) -> dict[str, UUID]:
    """Take the pictures of posts in; returns their files by the posts' titles. Not to be called in a transaction."""
    with ZipFile(UPLOADS) as archive:
        sent = [UploadFile(BytesIO(archive.read(f"{one.picture}.webp")), filename=one.picture) for one in content.posts]
    accepted = await files.accept(database, OPERATOR, sent, posts.PICTURE_PURPOSE)
    return dict(zip([one.title for one in content.posts], accepted, strict=True))


async def load_posts(
    session: AsyncSession,
    content: Content,
    people: Mapping[str, UUID],
    products: Mapping[str, UUID],
    pictures: Mapping[str, UUID],
    today: datetime,
) -> None:
    """Write the posts; `people` are ids by the names of the demo's accounts, `products` by slug."""
    written = [
        posts.PastPost(
            author_id=people[one.author],
            title=one.title,
            content=one.content,
            tags=one.tags,
            product_ids=tuple(products[slug] for slug in one.products),
            at=today - timedelta(days=one.days_ago, minutes=37),
            picture=(pictures[one.title], one.alt),
        )
        for one in content.posts
    ]
    await posts.record_past(session, written[::-1])


async def load_pages(session: AsyncSession, content: Content) -> None:
    """Write the pages and the menus that lead to them."""
    await pages.record_past(session, content.pages)
    for name, items in content.menus.items():
        await navigation.write_menu(session, OPERATOR, name, navigation.MenuWrite(items=list(items)))
