"""Verbs of a vendor on its stock."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, inventory, vendors
from mercat.auth import Actor
from mercat.catalog import audit_entries
from mercat.catalog.exceptions import VariantNotFound
from mercat.catalog.stock import queries
from mercat.catalog.stock.exceptions import LinesRefused
from mercat.catalog.stock.schemas import (
    StockAdjust,
    StockAfter,
    StockLine,
    ThresholdRead,
    ThresholdSet,
    TransferCreate,
    VariantStockSet,
    VendorStockRead,
)
from mercat.inventory import locations
from mercat.kit.conditional import etag_of, require_match
from mercat.kit.pagination import complete
from mercat.kit.problems import FieldError


async def read(session: AsyncSession, vendor_id: UUID, variant_id: UUID) -> VendorStockRead:
    """Return the stock of a variant.

    Raises:
        VariantNotFound: it is not the vendor's.
    """
    found = await queries.of_variants(session, vendor_id, [variant_id])
    if not found:
        raise VariantNotFound
    return found[0]


async def adjust(session: AsyncSession, actor: Actor, vendor_id: UUID, variant_id: UUID, wanted: StockAdjust) -> None:
    """Change how much of a vendor's variant lies at a location by so many units. Locks its levels in key order.

    Raises:
        VariantNotFound: it is not the vendor's.
        LinesRefused: it lies at several locations and none is named, or one that is not the vendor's.
        NotThere, BelowReserved: fewer units than that are on hand, or not reserved.
    """
    products = await queries.own_variants(session, vendor_id, [variant_id])
    if not products:
        raise VariantNotFound
    [place] = await _places(session, vendor_id, [StockLine(variant_id=variant_id, location_id=wanted.location_id)])
    if place is None:
        if wanted.location_id is not None:
            raise LinesRefused(errors=(FieldError("location_id", "not a location of your shop", "unknown"),))
        several = FieldError("location_id", "it lies at several locations: say at which one", "missing")
        raise LinesRefused(errors=(several,))
    variant = inventory.StockedVariant(variant_id, products[variant_id], vendor_id)
    count = inventory.LevelCount(variant, place, delta=wanted.delta)
    done = await inventory.count_levels(session, [count], actor=actor.reference, note=wanted.reason)
    said = {**audit_entries.stock(done), **audit.difference({}, {"delta": wanted.delta, "location_id": place})}
    await audit.record(session, actor, "product.stock_adjusted", products[variant_id], changes=said)


async def set_one(
    session: AsyncSession,
    context: vendors.VendorContext,
    variant_id: UUID,
    wanted: VariantStockSet,
    *,
    if_match: str | None,
) -> VendorStockRead:
    """Set the stock of a variant; see `set_many`.

    Raises:
        VariantNotFound: it is not the vendor's.
        PreconditionFailed: it is not as the client has read it.
    """
    if not await queries.own_variants(session, context.vendor_id, [variant_id]):
        raise VariantNotFound
    await inventory.require_unchanged(session, variant_id, if_match)
    given = wanted.model_dump(exclude={"note"}, exclude_unset=True)
    line = StockLine.model_validate({**given, "variant_id": variant_id})
    return (await set_many(session, context, [line], wanted.note, prefix="")).items[0]


async def set_many(
    session: AsyncSession,
    context: vendors.VendorContext,
    lines: Sequence[StockLine],
    note: str,
    *,
    prefix: str = "lines.{}.",
) -> StockAfter:
    """Set the stock of variants of a vendor: all lines, or none. `prefix` is how errors name a line's fields.

    Raises:
        LinesRefused: a variant or location that is not the vendor's, or a level that two lines are about.
        BelowReserved: reserved units would be missing.
    """
    variants = list(dict.fromkeys(line.variant_id for line in lines))
    products = await queries.own_variants(session, context.vendor_id, variants)
    places = await _places(session, context.vendor_id, lines)
    errors = list(_errors(lines, products, places, prefix))
    if errors:
        raise LinesRefused(errors=tuple(errors))
    counts = [
        inventory.LevelCount(
            inventory.StockedVariant(line.variant_id, products[line.variant_id], context.vendor_id),
            place,
            line.on_hand,
            line.available,
            line.allow_backorder,
        )
        for line, place in zip(lines, places, strict=True)
        if place is not None and _counts(line)
    ]
    recounts = await inventory.count_levels(session, counts, actor=context.actor.reference, note=note) if counts else {}
    low = {line.variant_id: line.low_stock_at for line in lines if "low_stock_at" in line.model_fields_set}
    before = await inventory.thresholds(session, list(low))
    await inventory.set_thresholds(session, low)
    await _record(session, context, products, _Set(recounts, before, low))
    return StockAfter(**dict(complete(await queries.of_variants(session, context.vendor_id, variants))))


async def transfer(session: AsyncSession, context: vendors.VendorContext, wanted: TransferCreate) -> StockAfter:
    """Transfer free units from one location of a vendor to another: all lines, or none.

    Raises:
        LinesRefused: a variant that is not the vendor's, or twice the same one.
        UnknownLocation: a location that is not the vendor's.
        NotThere: fewer free units are on hand there.
    """
    ends = {"from_location_id": wanted.from_location_id, "to_location_id": wanted.to_location_id}
    usable = await locations.hold(session, context.vendor_id, ends.values())
    unknown = [name for name, location_id in ends.items() if location_id not in usable]
    if unknown:
        raise inventory.UnknownLocation(
            errors=tuple(FieldError(name, "not a location of your shop", "unknown") for name in unknown)
        )
    units = {line.variant_id: line.quantity for line in wanted.lines}
    products = await queries.own_variants(session, context.vendor_id, units)
    seen = Counter[UUID]()
    errors = []
    for number, line in enumerate(wanted.lines):
        seen[line.variant_id] += 1
        if line.variant_id not in products:
            errors.append(FieldError(f"lines.{number}.variant_id", "not a variant of your shop", "unknown"))
        elif seen[line.variant_id] > 1:
            errors.append(FieldError(f"lines.{number}.variant_id", "another line is about the same", "duplicate"))
    if errors:
        raise LinesRefused(errors=tuple(errors))
    actor = context.actor
    await inventory.transfer(
        session, wanted.from_location_id, wanted.to_location_id, units, actor=actor.reference, note=wanted.note
    )
    moved = {"to": str(wanted.to_location_id), "units": {str(v): n for v, n in units.items()}}
    changes = audit.difference({}, moved)
    await audit.record(session, actor, "stock_location.transferred", wanted.from_location_id, changes=changes)
    return StockAfter(**dict(complete(await queries.of_variants(session, context.vendor_id, units))))


async def threshold(session: AsyncSession, vendor_id: UUID) -> ThresholdRead:
    """Return a vendor's low-stock threshold, for variants that have none of their own."""
    said = await inventory.vendor_threshold(session, vendor_id)
    return ThresholdRead(low_stock_at=said, default=inventory.default_threshold())


async def set_threshold(
    session: AsyncSession, context: vendors.VendorContext, wanted: ThresholdSet, *, if_match: str | None = None
) -> ThresholdRead:
    """Set a vendor's low-stock threshold, for variants that have none of their own.

    What is low already is told at its next fall.

    Raises:
        PreconditionFailed: it was changed since.
    """
    before = await inventory.vendor_threshold(session, context.vendor_id, for_update=True)
    require_match(if_match, etag_of(await threshold(session, context.vendor_id)))
    if before != wanted.low_stock_at:
        await inventory.set_vendor_threshold(session, context.vendor_id, wanted.low_stock_at)
        changes = {"low_stock_at": audit.Change(before, wanted.low_stock_at)}
        await audit.record(session, context.actor, "stock_threshold.changed", context.vendor_id, changes=changes)
    return await threshold(session, context.vendor_id)


def _counts(line: StockLine) -> bool:
    return (line.on_hand, line.available, line.allow_backorder) != (None, None, None)


async def _places(session: AsyncSession, vendor_id: UUID, lines: Sequence[StockLine]) -> list[UUID | None]:
    """Return which location each line means, None if that is unknown or not to be told. They are held."""
    theirs = await locations.of_vendor(session, vendor_id)
    usable = await locations.hold(session, vendor_id, {place.id for place in theirs})
    lying: dict[UUID, list[UUID]] = defaultdict(list)
    for level in await inventory.levels(session, [line.variant_id for line in lines if line.location_id is None]):
        if level.location_id in usable:
            lying[level.variant_id].append(level.location_id)
    first = next(place.id for place in theirs if place.active and place.id in usable)
    meant: list[UUID | None] = []
    for line in lines:
        if line.location_id is not None:
            meant.append(line.location_id if line.location_id in usable else None)
        else:
            candidates = lying[line.variant_id] or [first]
            meant.append(candidates[0] if len(candidates) == 1 else None)
    return meant


def _errors(
    lines: Sequence[StockLine], products: Mapping[UUID, UUID], places: Sequence[UUID | None], prefix: str
) -> Iterator[FieldError]:
    seen = set()
    for number, (line, place) in enumerate(zip(lines, places, strict=True)):
        where = prefix.format(number)
        if line.variant_id not in products:
            yield FieldError(f"{where}variant_id", "not a variant of your shop", "unknown")
        elif place is None and line.location_id is not None:
            yield FieldError(f"{where}location_id", "not a location of your shop", "unknown")
        elif place is None and _counts(line):
            yield FieldError(f"{where}location_id", "it lies at several locations: say at which one", "missing")
        elif (line.variant_id, place) in seen:
            yield FieldError(f"{where}variant_id", "another line is about the same", "duplicate")
        seen.add((line.variant_id, place))


@dataclass(frozen=True, slots=True)
class _Set:
    """What was set: what could be sold before and after, and the thresholds."""

    recounts: Mapping[UUID, inventory.Recount]
    low_before: Mapping[UUID, int]
    low_after: Mapping[UUID, int | None]


async def _record(
    session: AsyncSession, context: vendors.VendorContext, products: Mapping[UUID, UUID], done: _Set
) -> None:
    """Write an entry for each product of which something changed."""
    by_product: dict[UUID, list[UUID]] = defaultdict(list)
    for variant_id, product_id in products.items():
        by_product[product_id].append(variant_id)
    entries = []
    for product_id, variants in by_product.items():
        changes = audit_entries.stock({v: done.recounts[v] for v in variants if v in done.recounts})
        before = {str(v): done.low_before.get(v) for v in variants if v in done.low_after}
        after = {str(v): done.low_after[v] for v in variants if v in done.low_after}
        if before != after:
            changes = {**changes, "low_stock_at": audit.Change(before, after)}
        if changes:
            entries.append(audit.Entry("product.stock_set", product_id, changes))
    await audit.record_many(session, context.actor, entries)
