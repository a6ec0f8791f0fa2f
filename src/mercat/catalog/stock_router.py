"""A variant's stock over HTTP, for those who sell it."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from mercat import auth, inventory
from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.catalog import service
from mercat.catalog.exceptions import ProductNotFound, VariantNotFound
from mercat.catalog.schemas import LevelRead, MovementRead, StockRead
from mercat.catalog.write_schemas import StockSet
from mercat.kit.conditional import forget_etags
from mercat.kit.database import Session
from mercat.kit.openapi import refusals
from mercat.kit.problems import Forbidden, Invalid

router = APIRouter(prefix="/products/{product_id}/variants/{variant_id}/stock", tags=["stock"])
Keeper = Annotated[Actor, Depends(Requires(Permission.catalog_write, Permission.products_sell, Permission.stock_write))]
REFUSALS = refusals(*REFUSED, Forbidden, ProductNotFound, VariantNotFound, Invalid)


@router.get("", responses=REFUSALS)
async def read_stock(product_id: UUID, variant_id: UUID, actor: Keeper, session: Session) -> StockRead:
    """Return a variant's stock and the movements that explain it, newest first."""
    await service.stocked_variant(session, actor, product_id, variant_id)
    return await _read(session, variant_id)


@router.put("", responses=REFUSALS)
async def set_stock(
    product_id: UUID, variant_id: UUID, wanted: StockSet, actor: Keeper, session: Session, request: Request
) -> StockRead:
    """Say how many pieces can be sold from now on, what is promised to orders apart. The same again changes nothing."""
    await service.set_stock(session, actor, product_id, variant_id, wanted)
    forget_etags(request, session)
    return await _read(session, variant_id)


async def _read(session: Session, variant_id: UUID) -> StockRead:
    available = await inventory.availability(session, [variant_id])
    levels = await inventory.levels(session, [variant_id])
    movements = await inventory.movements(session, variant_id)
    names = await auth.names_behind(session, [move.actor for move in movements])
    return StockRead(
        variant_id=variant_id,
        available=available[variant_id].available,
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
