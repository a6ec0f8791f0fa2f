"""Immediate payment of a new order. The order exists by then, whatever becomes of the payment."""

from fastapi import Response

from mercat import orders, payment_processing, payments
from mercat.checkout.schemas import PlacedOrder
from mercat.kit.database import Database
from mercat.kit.idempotency import answer_anew
from mercat.payment_processing import Choice


async def pay(database: Database, choice: Choice, answer: Response) -> Response:
    """Return the answer to a checkout or an order with both as they are after the provider was asked.

    Where nothing is due no provider is called.
    """
    placed = PlacedOrder.model_validate_json(bytes(answer.body))
    if placed.payment is None:
        return answer
    order, payment = await _pay(database, choice, placed.payment)
    return answer_anew(answer, PlacedOrder.of(order, payment, guest_token=placed.guest_token))


async def _pay(
    database: Database, choice: Choice, payment: payments.PaymentRead
) -> tuple[orders.OrderRead, payments.PaymentRead]:
    try:
        now = await payment_processing.begin(database, payment.id, choice)
    except (payments.PaymentRefused, payments.ProviderUnavailable):  # it can be confirmed later
        now = await payment_processing.shown(database, payment.id)
    async with database.transaction() as session:
        return await orders.read(session, payment.order_id), now
