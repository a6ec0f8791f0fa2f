"""Jobs, schedules, and who reacts to what."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from mercat import auth, catalog, invoices, ledger, notifications, orders, outbox, payouts, settlement
from mercat.auth.events import (
    AccessChanged,
    EmailChanged,
    EmailClaimedAgain,
    EmailProofAsked,
    EmailVerified,
    PasswordChanged,
    PasswordResetAsked,
)
from mercat.invoices.events import InvoiceDrawn
from mercat.kit.config import ProcessSettings
from mercat.kit.database import Database, DatabaseSettings
from mercat.kit.logs import configure, logger
from mercat.kit.startup import refuse_placeholders
from mercat.orders import returns
from mercat.orders.events import OrderCancelled, OrderExpired, OrderPaid, OrderPlaced, OrderRefunded, OrderShipped
from mercat.payments.events import AccountChanged, ChargeAbandoned, CustomerForgotten, PaymentFailed, RefundRequested
from mercat.payouts.events import PayoutAccountChanged, PayoutFailed, PayoutPaid

REACTIONS: Mapping[type[outbox.DomainEvent], Sequence[outbox.Handler[Any]]] = {
    AccessChanged: (notifications.tell_of_access,),
    AccountChanged: (payouts.follow_account,),
    ChargeAbandoned: (settlement.call_off,),
    CustomerForgotten: (settlement.forget_cards,),
    EmailChanged: (notifications.tell_former_address,),
    EmailClaimedAgain: (notifications.tell_of_claim,),
    EmailProofAsked: (notifications.send_proof_link,),
    EmailVerified: (orders.claim_of_guest, notifications.welcome),
    InvoiceDrawn: (notifications.send_paper,),
    OrderCancelled: (notifications.tell_of_cancelling,),
    OrderExpired: (notifications.tell_of_expiry,),
    OrderPaid: (notifications.tell_of_payment, invoices.invoice_order),
    OrderPlaced: (notifications.confirm_order,),
    OrderRefunded: (notifications.tell_of_refund, invoices.credit_order, returns.finish_return, payouts.take_back),
    OrderShipped: (notifications.tell_of_shipping,),
    PasswordChanged: (notifications.tell_of_password,),
    PasswordResetAsked: (notifications.send_reset_link,),
    PaymentFailed: (notifications.tell_of_failure,),
    PayoutAccountChanged: (notifications.tell_of_payout_account,),
    PayoutFailed: (notifications.tell_of_failed_payout,),
    PayoutPaid: (notifications.tell_of_payout,),
    RefundRequested: (settlement.give_back,),
}
SCHEDULED = (
    auth.jobs,
    catalog.jobs,
    orders.jobs,
    invoices.jobs,
    ledger.jobs,
    payouts.jobs,
    notifications.jobs,
    settlement.jobs,
)


async def run(*, wait: bool = True, forward: bool = False) -> None:
    """Work until told to stop, or until nothing is left to do; or `forward` jobs to the fleet instead."""
    database = Database(DatabaseSettings())
    context = outbox.JobContext(database, REACTIONS)
    logger.info("worker_started", forwards=forward)
    try:
        await (outbox.forward(context) if forward else outbox.run_worker(context, wait=wait))
    finally:
        await database.close()


def main(*, wait: bool = True, forward: bool = False) -> None:
    """Run a worker process."""
    refuse_placeholders()
    configure(ProcessSettings().log_level)
    asyncio.run(run(wait=wait, forward=forward))


@cache
def _fleet() -> object:
    return outbox.fleet(REACTIONS)


def __getattr__(name: str) -> object:
    """Make the application that `celery -A mercat.worker` asks for; nobody else loads Celery."""
    if name != "celery":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _fleet()
