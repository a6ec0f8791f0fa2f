"""Reads of returns: who may see which, and what they show."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth
from mercat.auth import Actor, Permission
from mercat.kit.money import Money
from mercat.kit.sorts import Sorts
from mercat.orders import rendering
from mercat.orders.exceptions import OrderNotFound
from mercat.orders.models import Order, VendorOrder
from mercat.orders.queries import owns
from mercat.orders.returns.exceptions import ReturnNotFound
from mercat.orders.returns.lifecycle import HERE, Reason, Status
from mercat.orders.returns.models import Return, ReturnHistory, ReturnItem
from mercat.orders.returns.schemas import (
    ReturnedUnits,
    ReturnExchange,
    ReturnListing,
    ReturnMove,
    ReturnRead,
    ReturnRefund,
)
from mercat.payments import refunds
from mercat.payments.refunds import RefundRead

SORTS = Sorts(Return.id, {"created_at": Return.created_at, "updated_at": Return.updated_at})


async def read(session: AsyncSession, return_id: UUID, *, for_staff: bool = False) -> ReturnRead:
    """Return an existing return; to staff also which colleague did what. The caller has authorised."""
    return (await _load(session, select(Return).where(Return.id == return_id), for_staff=for_staff))[0]


async def read_for(session: AsyncSession, actor: Actor, return_id: UUID, *, cart_id: UUID | None) -> ReturnRead:
    """Return a return to its buyer or an operator.

    Raises:
        ReturnNotFound: there is none, or not for this reader.
    """
    order = await session.scalar(select(Order).join(Return, Return.order_id == Order.id).where(Return.id == return_id))
    staff = actor.can(Permission.orders_read)
    if order is None or not (staff or owns(actor, order, cart_id)):
        raise ReturnNotFound
    return await read(session, return_id, for_staff=staff)


async def of_order(session: AsyncSession, actor: Actor, order_id: UUID, *, cart_id: UUID | None) -> list[ReturnRead]:
    """Return the returns of an order to its buyer or an operator, the oldest first.

    Raises:
        OrderNotFound: there is none, or not for this reader.
    """
    order = await session.get(Order, order_id)
    staff = actor.can(Permission.orders_read)
    if order is None or not (staff or owns(actor, order, cart_id)):
        raise OrderNotFound
    return await _load(session, select(Return).where(Return.order_id == order_id).order_by(Return.id), for_staff=staff)


async def of_orders(session: AsyncSession, order_ids: Sequence[UUID]) -> list[ReturnRead]:
    """Return every return of these orders as their buyers see them, the oldest first. The caller has authorised."""
    return await _load(session, select(Return).where(Return.order_id.in_(order_ids)).order_by(Return.id))


async def require_of_vendor(session: AsyncSession, vendor_id: UUID, return_id: UUID) -> None:
    """Reject a return of units that another vendor sold.

    Raises:
        ReturnNotFound: it is, or there is none.
    """
    if await session.scalar(_of_vendor(vendor_id).where(Return.id == return_id)) is None:
        raise ReturnNotFound


async def page(
    session: AsyncSession, listing: ReturnListing, *, vendor_id: UUID | None = None
) -> tuple[list[ReturnRead], int]:
    """Return a page of all returns for operators, or of a vendor's, and how many there are."""
    wanted = select(Return) if vendor_id is None else _of_vendor(vendor_id)
    if listing.status:
        wanted = wanted.where(Return.status.in_(listing.status))
    total = await session.scalar(select(func.count()).select_from(wanted.subquery()))
    of_page = SORTS.ordered(wanted, listing.sort).limit(listing.size).offset(listing.offset)
    return await _load(session, of_page, for_staff=vendor_id is None), total or 0


def _of_vendor(vendor_id: UUID) -> Select[Return]:
    of_vendor_order = VendorOrder.id == Return.vendor_order_id
    return select(Return).join(VendorOrder, of_vendor_order).where(VendorOrder.vendor_id == vendor_id)


async def _load(session: AsyncSession, wanted: Select[Return], *, for_staff: bool = False) -> list[ReturnRead]:
    found = (await session.scalars(wanted.execution_options(populate_existing=True))).all()
    ids = [row.id for row in found]
    items: dict[UUID, list[ReturnItem]] = defaultdict(list)
    for item in await session.scalars(
        select(ReturnItem)
        .where(ReturnItem.return_id.in_(ids))
        .order_by(ReturnItem.order_item_id)
        .execution_options(populate_existing=True)
    ):
        items[item.return_id].append(item)
    history: dict[UUID, list[ReturnHistory]] = defaultdict(list)
    references = []
    for move in await session.scalars(
        select(ReturnHistory).where(ReturnHistory.return_id.in_(ids)).order_by(ReturnHistory.id)
    ):
        history[move.return_id].append(move)
        references.append(move.actor)
    names = await auth.names_behind(session, references if for_staff else [])
    given = await refunds.by_ids(session, [row.refund_id for row in found if row.refund_id is not None])
    return [_shown(row, items[row.id], history[row.id], given, names) for row in found]


def _shown(
    row: Return,
    items: Sequence[ReturnItem],
    history: Sequence[ReturnHistory],
    given: Mapping[UUID, RefundRead],
    names: Mapping[str, str],
) -> ReturnRead:
    refund = given[row.refund_id] if row.refund_id is not None else None
    return ReturnRead(
        id=row.id,
        order_id=row.order_id,
        vendor_order_id=row.vendor_order_id,
        status=Status(row.status),
        items=[_returned_units(item, Status(row.status)) for item in items],
        exchanges=[_exchange(item, item.exchange_variant_id) for item in items if item.exchange_variant_id],
        reason=Reason(row.reason),
        note=row.note,
        refund_amount=Money(row.amount_minor, row.currency),
        refund=ReturnRefund(id=refund.id, status=refund.status, failure=refund.failure) if refund else None,
        restocked=row.restocked,
        history=[_move(move, names) for move in history],
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _returned_units(item: ReturnItem, status: Status) -> ReturnedUnits:
    return ReturnedUnits(
        item_id=item.order_item_id,
        quantity=item.asked_quantity or item.quantity,
        received=item.quantity if status in HERE else None,
    )


def _exchange(item: ReturnItem, variant_id: UUID) -> ReturnExchange:
    return ReturnExchange(
        item_id=item.order_item_id,
        variant_id=variant_id,
        quantity=item.quantity,
        replacement_item_id=item.replacement_id,
    )


def _move(move: ReturnHistory, names: Mapping[str, str]) -> ReturnMove:
    actor = rendering.mover(move.actor, by_staff=move.by_staff, names=names)
    moved = {"at": move.at, "from": move.from_status, "to": move.to_status}
    return ReturnMove.model_validate({**moved, "actor": actor, "note": move.note})
