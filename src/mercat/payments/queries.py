"""Reads of payments."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor, Permission
from mercat.kit.money import Money
from mercat.kit.sorts import Sorts, numbered_page
from mercat.payments.charges import known
from mercat.payments.config import settings
from mercat.payments.exceptions import PaymentNotFound
from mercat.payments.models import Payment, PaymentDispute
from mercat.payments.schemas import DisputeRead, Failure, NextAction, PaymentListing, PaymentRead

TRIAL = "This is the test provider: no money moves. Confirm with a test card, such as test_approve or test_decline."
OPEN = ("requires_action", "processing", "failed")


def bank_details() -> str:
    """Return the account for transfers, its lines separated by a vertical bar."""
    return settings().bank_details


def instructions(method: str) -> str:
    """Return what a buyer who pays by this method has to do."""
    return settings().manual_instructions if method == "manual" else ""


def shown(payment: Payment, *, secret: bool = True) -> PaymentRead:
    """Return a payment as clients see it; its client secret only to its payer."""
    currency = payment.currency
    failed = bool(payment.failure_code)
    return PaymentRead(
        id=payment.id,
        order_id=payment.order_id,
        provider=payment.provider,
        status=payment.status,
        amount=Money(payment.amount_minor, currency),
        books_amount=known(payment.books_minor, payment.books_currency),
        captured=Money(payment.captured_minor, currency),
        refunded=Money(payment.refunded_minor, currency),
        client_secret=payment.client_secret if secret and payment.status in OPEN else None,
        next_action=_next(payment) if payment.status == "requires_action" else None,
        failure=Failure(code=payment.failure_code, message=payment.failure_message) if failed else None,
        surplus=bool(payment.surplus),
        created_at=payment.created_at,
    )


def _next(payment: Payment) -> NextAction:
    if payment.provider == "manual":
        return NextAction(type="manual", instructions=instructions("manual"))
    todo = payment.next_action or {}
    about = TRIAL if payment.provider == "test" else ""
    return NextAction(type=todo.get("type", "confirm"), url=todo.get("url"), instructions=about)


async def read(session: AsyncSession, actor: Actor, payment_id: UUID) -> PaymentRead:
    """Return a payment to its payer or an operator.

    Raises:
        PaymentNotFound: there is none, or not for this reader.
    """
    payment = await session.get(Payment, payment_id)
    if payment is None or not (actor.can(Permission.orders_read) or _pays(actor, payment)):
        raise PaymentNotFound
    return shown(payment, secret=_pays(actor, payment))


async def read_any(session: AsyncSession, payment_id: UUID) -> PaymentRead:
    """Return a payment as its payer sees it; the caller has authorised."""
    payment = await session.get(Payment, payment_id)
    if payment is None:
        raise PaymentNotFound
    return shown(payment)


SORTS = Sorts(
    Payment.id, {"created_at": Payment.created_at, "amount": Payment.books_minor}, optional=frozenset({"amount"})
)


async def page(session: AsyncSession, actor: Actor, params: PaymentListing) -> tuple[Sequence[PaymentRead], int]:
    """Return a page of one's own payments, of all of them for operators; and how many there are."""
    visible = select(Payment)
    if not actor.can(Permission.orders_read):
        visible = visible.where(Payment.user_id == actor.user_id)
    rows, total = await numbered_page(session, SORTS.ordered(visible, params.sort), params)
    return [shown(payment, secret=_pays(actor, payment)) for payment in rows.scalars()], total


async def of_orders(session: AsyncSession, order_ids: Sequence[UUID]) -> list[PaymentRead]:
    """Return every payment of these orders, the oldest first; the caller has authorised."""
    rows = await session.scalars(select(Payment).where(Payment.order_id.in_(order_ids)).order_by(Payment.id))
    return [shown(payment) for payment in rows]


async def disputes_of(session: AsyncSession, payment_id: UUID) -> list[DisputeRead]:
    """Return a payment's disputes, the oldest first; the caller has authorised."""
    rows = await session.scalars(
        select(PaymentDispute).where(PaymentDispute.payment_id == payment_id).order_by(PaymentDispute.id)
    )
    return [
        DisputeRead(
            id=row.id,
            state=row.state,
            amount=Money(row.amount_minor, row.currency),
            reason=row.reason,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def _pays(actor: Actor, payment: Payment) -> bool:
    return actor.user_id is not None and payment.user_id == actor.user_id
