"""Payment and refunds over HTTP. Providers are called between two transactions, see `provider_calls`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from mercat import cart, orders, outbox, payments
from mercat.auth import REFUSED, Actor, OptionalActor, OptionalOr, Permission, Public, Requires
from mercat.kit.bulkhead import IN_TURN
from mercat.kit.database import Connections, Database, PrimarySession
from mercat.kit.idempotency import (
    Claim,
    Claimed,
    InProgress,
    Key,
    KeyMissing,
    KeyReused,
    answer_anew,
    once,
    once_outside,
    read_key,
    read_optional_key,
)
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Forbidden, Invalid
from mercat.payment_processing import provider_calls, refund_carrier, refund_service, timeline, webhooks
from mercat.payment_processing.exceptions import NotAuthorized, PaidByHand, WebhookRefused
from mercat.payment_processing.method_choice import Choice, choose
from mercat.payment_processing.schemas import PaymentConfirm, PaymentCreate, PaymentMoment, RefundCreate, RefundResult
from mercat.payments import PaymentRead, RefundExceedsCaptured
from mercat.payments.refunds import RefundNotChargeable

router = APIRouter(prefix="/payments", tags=["payments"])
staff_router = APIRouter(prefix="/payments", tags=["payments"])
IdempotencyKey = Annotated[Key, Depends(read_key)]
OptionalKey = Annotated[Key | None, Depends(read_optional_key)]
OrderPayment = Annotated[Actor, Depends(OptionalOr(Permission.orders_manage))]
Refunder = Annotated[Actor, Depends(Requires(Permission.orders_refund))]
Staff = Annotated[Actor, Depends(Requires(Permission.orders_manage))]
ONCE = refusals(KeyMissing, KeyReused, InProgress, *REFUSED, Invalid)
ASKED = refusals(
    payments.PaymentNotFound, orders.NotPayable, payments.PaymentRefused, payments.ProviderUnavailable, Invalid
)


@router.post(
    "/create",
    status_code=201,
    dependencies=[IN_TURN],
    response_model=PaymentRead,
    responses={
        **ONCE,
        **ASKED,
        **refusals(
            orders.OrderNotFound,
            payments.AlreadyPaying,
            orders.NotPayable,
            payments.UnknownMethod,
            payments.AmountNotChargeable,
        ),
    },
)
async def create_payment(
    new: PaymentCreate, key: IdempotencyKey, actor: OrderPayment, token: cart.GuestToken, database: Connections
) -> Response:
    """Open a payment for an order that awaits payment, or return the one under way; with a card, pay at once.

    Guests show the `X-Cart-Token` of the cart that they ordered. The same key and body open no second payment.
    """
    async with database.transaction() as session:
        cart_id = await cart.ordered(session, token)

        async def open_payment() -> Claimed:
            opened = await orders.pay_again(session, actor, new.order_id, new.provider, cart_id=cart_id)
            return Claimed(id=opened.id)

        answer = await once(session, key, str(actor.user_id or f"cart {cart_id}"), open_payment)
    choice = await _chosen(database, actor, new)
    payment_id = Claimed.model_validate_json(bytes(answer.body)).id
    return answer_anew(answer, await provider_calls.begin(database, payment_id, choice))


@router.post(
    "/confirm",
    dependencies=[IN_TURN],
    response_model=PaymentRead,
    responses={**ASKED, **ONCE, **refusals(*REFUSED, payments.PaymentNotFound, PaidByHand, orders.NotPayable)},
)
async def confirm_payment(
    wanted: PaymentConfirm, key: OptionalKey, actor: OptionalActor, token: cart.GuestToken, database: Connections
) -> PaymentRead | Response:
    """Continue one's own payment: with a card, or after the browser has done its part. Idempotent.

    A declined card is no error: the payment is `failed`, says why, and may be confirmed with another one. The
    same `Idempotency-Key` and body try no card twice.
    """
    async with database.transaction() as session:
        about = await payments.snapshot(session, wanted.payment_id)
        try:
            cart_id = await cart.ordered(session, token)
            await orders.require_own(session, actor, about.order_id, cart_id)
        except orders.OrderNotFound:
            raise payments.PaymentNotFound from None
    payment_id, choice = wanted.payment_id, await _chosen(database, actor, wanted)
    if key is None:
        return await provider_calls.confirm(database, payment_id, choice)

    async def allowed() -> Claimed:
        return Claimed(id=payment_id)

    return await once_outside(
        database,
        Claim(key, str(actor.user_id or f"cart {cart_id}"), allowed),
        lambda: provider_calls.confirm(database, payment_id, choice),
        lambda: provider_calls.shown(database, payment_id),
    )


@staff_router.post(
    "/refund",
    status_code=201,
    dependencies=[IN_TURN],
    response_model=RefundResult,
    responses={
        **ONCE,
        **refusals(
            KeyMissing, *REFUSED, Forbidden, payments.PaymentNotFound, RefundExceedsCaptured, orders.TooManyUnits,
            orders.IllegalTransition, InProgress, KeyReused, orders.OrderItemNotFound, Invalid, RefundNotChargeable,
        ),
    },
)  # fmt: skip
async def refund_payment(new: RefundCreate, key: IdempotencyKey, actor: Refunder, database: Connections) -> Response:
    """Refund a payment: an amount, units of lines, or all that is refundable; never more than was captured.

    If a provider does not answer, the refund stays `pending`; it is retried until it has succeeded, once.
    """
    claims: list[outbox.Claim | None] = []
    async with database.transaction() as session:

        async def request() -> Claimed:
            about = await payments.snapshot(session, new.payment_id)
            wanted = orders.Wanted(new.reason or "", new.amount, new.units)
            refund_id = await orders.refund(session, actor, about.order_id, new.payment_id, wanted)
            claims.append(await refund_carrier.claim(session, refund_id))
            return Claimed(id=refund_id)

        answer = await once(session, key, str(actor.user_id), request)
    for claim in claims:
        await refund_carrier.carry(database, claim)
    now = await refund_service.shown(database, Claimed.model_validate_json(bytes(answer.body)).id)
    payment = await provider_calls.shown(database, now.payment_id)
    return answer_anew(answer, RefundResult(**dict(now), payment=payment))


@staff_router.post(
    "/{payment_id}/capture",
    response_model=PaymentRead,
    responses={**ASKED, **ONCE, **refusals(*REFUSED, Forbidden, payments.PaymentNotFound, NotAuthorized)},
)
async def capture_payment(
    payment_id: UUID, key: OptionalKey, actor: Staff, database: Connections
) -> PaymentRead | Response:
    """Capture money that is only authorized, where `MERCAT_PAYMENT_CAPTURE` is `manual`. It is captured once."""
    if key is None:
        return await provider_calls.capture(database, payment_id, actor)

    async def allowed() -> Claimed:
        return Claimed(id=await provider_calls.require_authorized(database, payment_id))

    return await once_outside(
        database,
        Claim(key, str(actor.user_id), allowed),
        lambda: provider_calls.capture(database, payment_id, actor),
        lambda: provider_calls.shown(database, payment_id),
    )


@staff_router.post(
    "/{payment_id}/refresh", responses={**ASKED, **refusals(*REFUSED, Forbidden, payments.PaymentNotFound)}
)
async def refresh_payment(payment_id: UUID, actor: Staff, database: Connections) -> PaymentRead:
    """Query a payment at its provider, and update it and its order: what a webhook would do."""
    return await provider_calls.refresh(database, payment_id, actor)


@staff_router.get(
    "/{payment_id}/history",
    dependencies=[Depends(Requires(Permission.orders_read))],
    responses=refusals(*REFUSED, Forbidden, payments.PaymentNotFound, Invalid),
)
async def read_history(payment_id: UUID, session: PrimarySession) -> Page[PaymentMoment]:
    """Return the timeline of a payment, the oldest first: webhooks, changes, refunds, disputes, bookings."""
    return complete(await timeline.of_payment(session, payment_id))


@router.post(
    "/webhooks/{provider}", status_code=204, dependencies=[Public], responses=refusals(WebhookRefused, Invalid)
)
async def receive_webhook(provider: str, request: Request, database: Connections) -> None:
    """Receive a provider's webhook. It is stored once, however often it is sent, and processed in the background."""
    await webhooks.receive(database, provider, await request.body(), request.headers)


async def _chosen(database: Database, actor: Actor, wanted: PaymentCreate | PaymentConfirm) -> Choice:
    save, page = wanted.save_payment_method, wanted.return_url
    return await choose(database, actor, card=wanted.payment_method_id, save=save, return_url=page)
