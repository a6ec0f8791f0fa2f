"""Names that a feed brings: brands, categories and tags by their slugs, and slugs for its products."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat.catalog.slugs import ADDRESSES
from mercat.kit.ids import new_id
from mercat.kit.slugs import is_reachable, name_slug


@dataclass(frozen=True, slots=True)
class Ensure:
    """The SQL that finds names by their slugs, makes those that are missing, and returns all of them."""

    find: LiteralString
    make: LiteralString
    hold: LiteralString


# in the order of slugs: two feeds with the same new names never wait for each other crosswise
ENSURE = {
    "brands": Ensure(
        "SELECT slug, id FROM brands WHERE slug = ANY(%s)",
        """INSERT INTO brands (id, slug, name)
           SELECT id, slug, name FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS n(id, slug, name)
           ORDER BY slug ON CONFLICT (slug) DO NOTHING""",
        "SELECT slug, id FROM brands WHERE slug = ANY(%s)",
    ),
    "categories": Ensure(
        "SELECT slug, id FROM categories WHERE slug = ANY(%s) AND deleted_at IS NULL",
        """INSERT INTO categories (id, slug, name, path)
           SELECT id, slug, name, ARRAY[id] FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS n(id, slug, name)
           ORDER BY slug ON CONFLICT (slug) WHERE deleted_at IS NULL DO NOTHING""",
        # no category is deleted while products are being put into it
        "SELECT slug, id FROM categories WHERE slug = ANY(%s) AND deleted_at IS NULL ORDER BY id FOR SHARE",
    ),
    "tags": Ensure(
        "SELECT slug, id FROM tags WHERE slug = ANY(%s)",
        """INSERT INTO tags (id, slug, name)
           SELECT id, slug, name FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS n(id, slug, name)
           ORDER BY slug ON CONFLICT (slug) DO NOTHING""",
        "SELECT slug, id FROM tags WHERE slug = ANY(%s)",
    ),
}
TAKEN = "SELECT slug FROM product_slugs WHERE slug = ANY(%s)"


async def ensure(connection: AsyncConnection[TupleRow], table: str, names: Iterable[str]) -> dict[str, UUID]:
    """Return the ids of brands, categories or tags by slug; those that were not there are made, categories on top."""
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(name_slug(name), name)
    sql = ENSURE[table]
    held: dict[str, UUID] = {}
    while len(held) < len(wanted):  # again if one was deleted between being found and being held
        found: dict[str, UUID] = dict(await (await connection.execute(sql.find, (list(wanted),))).fetchall())
        if missing := [slug for slug in wanted if slug not in found]:
            values = ([new_id() for _ in missing], missing, [wanted[slug] for slug in missing])
            await connection.execute(sql.make, values)
        held = dict(await (await connection.execute(sql.hold, (list(wanted),))).fetchall())
    return held


async def free_slugs(connection: AsyncConnection[TupleRow], bases: Sequence[str]) -> list[str]:
    """Return for each base a slug that no product has or had: itself, or with the first number that is free.

    What is called like a route, or like an id, would not be found, and gets a number, too.
    """
    slugs: dict[int, str] = {}
    given: set[str] = set()
    first, count = 1, 1
    while waiting := [n for n in range(len(bases)) if n not in slugs]:
        numbers = range(first, first + count)
        candidates = {_numbered(bases[n], number) for n in waiting for number in numbers}
        given.update(slug for slug in candidates if not is_reachable(slug, ADDRESSES))
        given.update(row[0] for row in await (await connection.execute(TAKEN, (list(candidates),))).fetchall())
        for n in waiting:
            free = (slug for number in numbers if (slug := _numbered(bases[n], number)) not in given)
            if found := next(free, None):
                slugs[n] = found
                given.add(found)
        # a name that many others resemble needs high numbers: look further ahead each time
        first, count = first + count, min(count * 8, 512)
    return [slugs[n] for n in range(len(bases))]


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"
