"""A vendor's page over HTTP: its profile, and the number of its products."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field
from sqlalchemy import text

from mercat import i18n, vendors
from mercat.auth import Public
from mercat.kit.conditional import CHECKED
from mercat.kit.database import ReplicaSession
from mercat.kit.openapi import refusals
from mercat.kit.problems import Invalid, NotFound

router = APIRouter(prefix="/vendors", tags=["vendors"])
ON_SALE = "SELECT coalesce(sum(delta), 0)::int FROM product_counts WHERE dimension = 'vendor' AND key = :vendor"


class VendorStorePage(vendors.VendorPage):
    """A vendor with its policies, and how many products it has on sale."""

    product_count: int = Field(examples=[24])


@router.get("/{id_or_slug}", dependencies=[Public], responses=refusals(NotFound, Invalid))
async def read_vendor(
    id_or_slug: Annotated[str, Path(max_length=255, examples=["north-kiln"])],
    session: ReplicaSession,
    response: Response,
    language: i18n.ReaderLocale,
) -> VendorStorePage:
    """Return one vendor by id or slug: its profile, its policies, and how many products it has on sale.

    May be read from a replica and be as old as that.
    """
    response.headers.update({"Cache-Control": CHECKED.decode(), **language.headers})
    vendor = await vendors.store_of(session, id_or_slug, language.other)
    count = await session.scalar(text(ON_SALE), {"vendor": str(vendor.id)})
    return VendorStorePage(**dict(vendor), product_count=count or 0)
