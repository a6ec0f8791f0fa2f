"""Where a redirect leads now."""

from collections.abc import Mapping
from uuid import UUID

from mercat.kit.database import Reads
from mercat.search.curation.rules.effects import Redirect

SLUGS = {
    "category": "SELECT slug FROM categories WHERE id = %s AND deleted_at IS NULL",
    "vendor": "SELECT slug FROM vendors WHERE id = %s AND status = 'active'",
    "product": "SELECT summary::jsonb ->> 'slug' FROM product_projections WHERE product_id = %s AND listed",
}


async def place_of(reads: Reads, redirect: Redirect | None) -> Mapping[str, str | None] | None:
    """Return a redirect as it is on the wire, or None: what is not there for everybody leads nowhere."""
    if redirect is None:
        return None
    if redirect.kind == "path":
        return {"kind": redirect.kind, "id": None, "slug": None, "path": redirect.to}
    found = await reads.row(SLUGS[redirect.kind], (UUID(redirect.to),))
    return {"kind": redirect.kind, "id": redirect.to, "slug": found[0], "path": None} if found else None
