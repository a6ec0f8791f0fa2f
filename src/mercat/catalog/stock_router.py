"""A variant's stock over HTTP, for those who sell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from mercat import auth, inventory
from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.catalog import service
from mercat.catalog.exceptions import ProductNotFound, VariantNotFound
from mercat.catalog.schemas import LevelRead, MovementRead, StockRead
from mercat.catalog.stock import service as stock
from mercat.catalog.stock.exceptions import LinesRefused
from mercat.catalog.stock.schemas import StockAdjust
from mercat.catalog.write_schemas import StockSet
from mercat.kit.conditional import IfMatch, versioned
from mercat.kit.database import PrimarySession, Session, snapshot
from mercat.kit.idempotency import InProgress, Key, KeyMissing, KeyReused, once, read_key
from mercat.kit.openapi import refusals
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed

router = APIRouter(prefix="/products/{product_id}/variants/{variant_id}/stock", tags=["stock"])
Keeper = Annotated[Actor, Depends(Requires(Permission.catalog_write, Permission.products_sell, Permission.stock_write))]
REFUSALS = refusals(*REFUSED, Forbidden, ProductNotFound, VariantNotFound, Invalid)


@dataclass(frozen=True, slots=True)
class Variant:
    """Which variant a path means, and on what a change of its stock is based."""

    product_id: UUID
    variant_id: UUID
    if_match: str | None = None


async def named(product_id: UUID, variant_id: UUID) -> Variant:
    """Return the variant that the path names."""
    return Variant(product_id, variant_id)


async def meant(
    product_id: UUID,
    variant_id: UUID,
    if_match: IfMatch = None,
) -> Variant:
    """Return the variant that the path names, and the `If-Match` of the request."""
    return Variant(product_id, variant_id, if_match)


Named = Annotated[Variant, Depends(named)]
Meant = Annotated[Variant, Depends(meant)]


@router.get("", responses=REFUSALS)
async def read_stock(
    product_id: UUID, variant_id: UUID, actor: Keeper, session: PrimarySession, response: Response
) -> StockRead:
    """Return a variant's stock and the movements that explain it, newest first, with an ETag to base a change on."""
    async with snapshot(session):  # or movements would not explain the levels
        await service.stocked_variant(session, actor, product_id, variant_id)
        return versioned(response, await _read(session, variant_id))


@router.put("", responses={**REFUSALS, **refusals(PreconditionFailed)})
async def set_stock(meant: Meant, wanted: StockSet, actor: Keeper, session: Session, response: Response) -> StockRead:
    """Set how many units can be sold from now on, without those reserved for orders. The same again changes nothing."""
    await service.stocked_variant(session, actor, meant.product_id, meant.variant_id)
    await inventory.require_unchanged(session, meant.variant_id, meant.if_match)
    await service.set_stock(session, actor, meant.product_id, meant.variant_id, wanted)
    return versioned(response, await _read(session, meant.variant_id))


@router.post(
    "/adjust",
    response_model=StockRead,
    responses={
        **REFUSALS,
        **refusals(LinesRefused, inventory.NotThere, inventory.BelowReserved, KeyMissing, InProgress, KeyReused),
    },
)
async def adjust_stock(
    meant: Named,
    wanted: StockAdjust,
    key: Annotated[Key, Depends(read_key)],
    actor: Keeper,
    session: Session,
) -> Response:
    """Add units to what lies at a location, or take some away, whatever it is at that moment. Once per key and body."""

    async def adjust() -> StockRead:
        product = await service.stocked_variant(session, actor, meant.product_id, meant.variant_id)
        await stock.adjust(session, actor, product.vendor_id, meant.variant_id, wanted)
        return await _read(session, meant.variant_id)

    return await once(session, key, f"{actor.reference} {meant.variant_id}", adjust, status=200)


async def _read(session: Session, variant_id: UUID) -> StockRead:
    available = await inventory.availability(session, [variant_id])
    levels = await inventory.levels(session, [variant_id])
    movements = await inventory.movements(session, variant_id)
    names = await auth.names_behind(session, [move.actor for move in movements])
    return StockRead(
        variant_id=variant_id,
        available=available[variant_id].available,
        version=inventory.version_of(levels),
        levels=[
            LevelRead(
                location_id=level.location_id,
                on_hand=level.on_hand,
                reserved=level.reserved,
                allow_backorder=level.allow_backorder,
            )
            for level in levels
        ],
        movements=[
            MovementRead(
                kind=move.kind,
                on_hand_delta=move.on_hand_delta,
                reserved_delta=move.reserved_delta,
                order_id=move.order_id,
                actor=_shown(move, names),
                note=move.note,
                at=move.at,
            )
            for move in movements
        ],
    )


def _shown(move: inventory.Movement, names: Mapping[str, str]) -> str:
    """Return who moved the stock: of what an order did, its own story says who that was, to those who may know."""
    name = names[move.actor]
    return name if move.order_id is None or name == move.actor else auth.SOMEBODY
