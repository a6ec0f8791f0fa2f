"""Which methods there are to an address, and what they cost."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow, dict_row
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations
from mercat.kit.money import Money, default_currency
from mercat.pricing.arithmetic import Band, Basis, Method, Tariff
from mercat.pricing.config import settings
from mercat.pricing.destination import Destination, prefixes
from mercat.pricing.models import ShippingMethod
from mercat.pricing.shipping.translated_kinds import SHIPPING_METHOD
from mercat.translations import Key

Row = dict[str, Any]
STANDARD = "standard"
"""The method of the settings."""

# the most precise area that the address lies in says which zone it is; no row: no zone is there
METHODS = """
WITH zone AS (
    SELECT zone_id FROM shipping_areas
    WHERE (country IS NULL OR country = %(country)s) AND (region IS NULL OR region = %(region)s)
    AND (postal_prefix IS NULL OR postal_prefix = ANY(%(prefixes)s))
    ORDER BY country IS NULL, length(coalesce(postal_prefix, '')) DESC, region IS NULL LIMIT 1)
SELECT m.* FROM zone LEFT JOIN shipping_methods m ON m.zone_id = zone.zone_id AND m.is_active
AND m.deleted_at IS NULL AND (m.vendor_id IS NULL OR m.vendor_id = ANY(%(vendor_ids)s))
ORDER BY m.position, m.id
"""


class Asked:
    """The question, under way; `methods` waits for its answer."""

    def __init__(self, cursor: AsyncCursor[Row]) -> None:
        self.cursor = cursor

    async def methods(self) -> list[Method]:
        """Return the methods of the zone, in the operator's order; where no zone is, that of the settings."""
        rows = await self.cursor.fetchall()
        if not rows:
            return _built_in()
        found: dict[str, list[Row]] = {}
        for row in rows:
            if row["id"] is not None:
                found.setdefault(row["code"], []).append(row)
        return [_method(code, tariffs) for code, tariffs in found.items()]


async def methods_to(
    connection: AsyncConnection[TupleRow], destination: Destination, vendor_ids: Collection[UUID]
) -> Asked:
    """Ask for the ways of sending these vendors' goods somewhere. In a pipeline nothing waits for the answer yet."""
    cursor = connection.cursor(row_factory=dict_row)
    named = {
        "country": destination.country,
        "region": destination.region.strip().casefold(),
        "prefixes": prefixes(destination.country, destination.postal_code),
        "vendor_ids": list(vendor_ids),
    }
    await cursor.execute(METHODS, named, prepare=True)
    return Asked(cursor)


async def named_in(connection: AsyncConnection[TupleRow], methods: Sequence[Method], locale: str) -> list[Method]:
    """Return methods with their names in a language, where they are translated. One statement, however many."""
    keys = [Key(SHIPPING_METHOD.name, str(method.id)) for method in methods]
    wanted = {key for key, method in zip(keys, methods, strict=True) if method.id is not None}
    texts = await translations.load_in_transaction(connection, wanted, locale)
    found = []
    for key, method in zip(keys, methods, strict=True):
        name = texts.of(key, locale).get("name")
        found.append(replace(method, translated_name=name) if name and name != method.name else method)
    return found


async def ships_by(session: AsyncSession, code: str) -> bool:
    """Whether there is such a method at all, to wherever."""
    if any(method.code == code for method in _built_in()):
        return True
    wanted = exists().where(ShippingMethod.code == code, ShippingMethod.deleted_at.is_(None))
    return bool(await session.scalar(select(wanted)))


def _built_in() -> list[Method]:
    """Return the method of the settings, if they have one."""
    fee = settings().shipping_fee
    return [Method(STANDARD, "Standard", Tariff.flat(Money.of(fee, default_currency())))] if fee else []


def _method(code: str, rows: list[Row]) -> Method:
    own = {row["vendor_id"]: _tariff(row) for row in rows if row["vendor_id"] is not None}
    common = next((row for row in rows if row["vendor_id"] is None), None)
    called = common or rows[0]
    return Method(code, called["name"], _tariff(common) if common else None, own, called["id"])


def _tariff(row: Row) -> Tariff:
    currency, free_from = row["currency"], row["free_from_minor"]
    return Tariff(
        basis=Basis(row["basis"]),
        bands=tuple(Band(bound, Money(price, currency)) for bound, price in row["bands"]),
        free_from=None if free_from is None else Money(free_from, currency),
        tax_class=row["tax_class"],
    )
