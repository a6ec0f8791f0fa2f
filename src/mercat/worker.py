"""Jobs, schedules, and who reacts to what."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import cache
from typing import Any

from mercat import (
    auth,
    cart,
    catalog,
    files,
    invoices,
    ledger,
    lists,
    live,
    notifications,
    orders,
    outbox,
    payouts,
    reviews,
    settlement,
)
from mercat.auth.events import (
    AccessChanged,
    EmailChanged,
    EmailClaimedAgain,
    EmailProofAsked,
    EmailVerified,
    PasswordChanged,
    PasswordResetAsked,
)
from mercat.catalog import shop_imports
from mercat.files.events import PictureReady
from mercat.inventory.events import BackInStock, StockLow
from mercat.invoices import commissions
from mercat.invoices.commissions.events import CommissionInvoiceDrawn
from mercat.invoices.events import InvoiceDrawn
from mercat.kit import redis
from mercat.kit.config import ProcessSettings
from mercat.kit.database import Database, DatabaseSettings
from mercat.kit.logs import configure, logger
from mercat.kit.startup import refuse_placeholders
from mercat.lists.events import AlertCameTrue
from mercat.notifications import reactions as mail
from mercat.orders import returns
from mercat.orders.events import (
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
    OrderShipped,
    PartCancelled,
    PartShipped,
)
from mercat.orders.returns.events import ReturnApproved, ReturnRejected, ReturnRequested
from mercat.payments import events as payments
from mercat.payouts.events import PayoutAccountChanged, PayoutFailed, PayoutPaid
from mercat.reviews.events import ReviewAnswered, ReviewPublished
from mercat.vendors.events import MemberInvited, VendorApproved, VendorReinstated, VendorRejected, VendorSuspended

REACTIONS: Mapping[type[outbox.DomainEvent], Sequence[outbox.Handler[Any]]] = {
    AccessChanged: (mail.tell_of_access,),
    AlertCameTrue: (mail.tell_of_alert,),
    BackInStock: (lists.look_at_variant,),
    payments.AccountChanged: (payouts.follow_account,),
    payments.ChargeAbandoned: (settlement.call_off,),
    CommissionInvoiceDrawn: (mail.send_commission_invoice,),
    payments.CustomerForgotten: (settlement.forget_cards,),
    EmailChanged: (mail.tell_former_address,),
    EmailClaimedAgain: (mail.tell_of_claim,),
    EmailProofAsked: (mail.send_proof_link,),
    EmailVerified: (orders.claim_of_guest, mail.welcome),
    InvoiceDrawn: (mail.send_paper,),
    MemberInvited: (mail.invite_member,),
    OrderCancelled: (mail.tell_of_cancelling,),
    OrderExpired: (mail.tell_of_expiry,),
    OrderPaid: (mail.tell_of_payment, mail.tell_shops_of_order, invoices.invoice_order),
    OrderPlaced: (mail.confirm_order,),
    OrderRefunded: (mail.tell_of_refund, invoices.credit_order, returns.finish_return, payouts.take_back),
    OrderShipped: (mail.tell_of_shipping,),
    PartCancelled: (mail.tell_of_part_cancelled,),
    PartShipped: (mail.tell_of_parcel,),
    PasswordChanged: (mail.tell_of_password,),
    PasswordResetAsked: (mail.send_reset_link,),
    payments.PaymentFailed: (mail.tell_of_failure,),
    PictureReady: (catalog.show_sizes,),
    PayoutAccountChanged: (mail.tell_of_payout_account,),
    PayoutFailed: (mail.tell_of_failed_payout,),
    PayoutPaid: (mail.tell_of_payout,),
    payments.RefundFailed: (mail.tell_of_failed_refund,),
    payments.RefundRequested: (settlement.give_back,),
    ReturnApproved: (mail.answer_return,),
    ReturnRequested: (mail.tell_shop_of_return,),
    ReturnRejected: (mail.answer_return,),
    ReviewAnswered: (mail.tell_author_of_reply,),
    ReviewPublished: (mail.tell_shop_of_review,),
    VendorApproved: (mail.tell_of_approval,),
    VendorReinstated: (catalog.follow_shop, mail.tell_of_reinstatement),
    VendorRejected: (mail.tell_of_rejection,),
    VendorSuspended: (catalog.follow_shop, mail.tell_of_suspension),
    StockLow: (mail.tell_of_low_stock,),
}
SCHEDULED = (
    auth.jobs, cart.jobs, catalog.jobs, shop_imports.jobs, files.jobs, orders.jobs, invoices.jobs, commissions.billing,
    commissions.jobs, ledger.jobs, lists.jobs, payouts.jobs, notifications.jobs, reviews.jobs, settlement.jobs,
)  # fmt: skip


async def run(*, wait: bool = True, forward: bool = False) -> None:
    """Work until told to stop, or until nothing is left to do; or `forward` jobs to the fleet instead."""
    database = Database(DatabaseSettings())
    context = outbox.JobContext(database, REACTIONS)
    logger.info("worker_started", forwards=forward)
    try:
        async with _speaking(database):
            await (outbox.forward(context) if forward else outbox.run_worker(context, wait=wait, due_schedules=True))
    finally:
        await database.close()


@asynccontextmanager
async def _speaking(database: Database) -> AsyncIterator[None]:
    """Tell open pages what jobs change."""
    async with aclosing(redis.connect(redis.RedisSettings())) as connection, live.speaking(database, connection):
        yield


def main(*, wait: bool = True, forward: bool = False) -> None:
    """Run a worker process."""
    refuse_placeholders()
    configure(ProcessSettings().log_level)
    asyncio.run(run(wait=wait, forward=forward))


@cache
def _fleet() -> object:
    return outbox.fleet(REACTIONS, _speaking)


def __getattr__(name: str) -> object:
    """Make the application that `celery -A mercat.worker` asks for; nobody else loads Celery."""
    if name != "celery":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _fleet()
