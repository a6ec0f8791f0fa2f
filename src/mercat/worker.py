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
    content,
    exchange,
    files,
    invoices,
    ledger,
    notifications,
    orders,
    outbox,
    payment_processing,
    payouts,
    realtime,
    recommendations,
    reviews,
    saved_items,
    search,
)
from mercat.auth.events import (
    EmailVerified,
)
from mercat.catalog import vendor_imports
from mercat.catalog.events import ProductsChanged
from mercat.exchange.events import ConversionsChanged
from mercat.files.events import PictureReady
from mercat.inventory.events import BackInStock, SoldOut
from mercat.invoices import commissions
from mercat.kit import redis
from mercat.kit.config import ProcessSettings
from mercat.kit.database import Database, DatabaseSettings
from mercat.kit.logs import configure, logger
from mercat.kit.memory import bound_arenas, keep_imported
from mercat.kit.startup import refuse_placeholders
from mercat.orders import returns
from mercat.orders.events import (
    OrderCancelled,
    OrderPaid,
    OrderRefunded,
    VendorOrderCancelled,
)
from mercat.payments.events import AccountChanged, ChargeAbandoned, CustomerForgotten, RefundRequested
from mercat.search import curation, log
from mercat.translations import translator_files
from mercat.translations.events import TranslationsChanged
from mercat.users.events import PersonalizationDeclined
from mercat.vendors.events import VendorReinstated, VendorSuspended

MAIL = notifications.handlers()
BUSINESS: Mapping[type[outbox.DomainEvent], Sequence[outbox.Handler[Any]]] = {
    BackInStock: (saved_items.look_at_variant, search.index_stock),
    AccountChanged: (payouts.follow_account,),
    ChargeAbandoned: (payment_processing.call_off,),
    ConversionsChanged: (catalog.handlers.follow_conversions,),
    CustomerForgotten: (payment_processing.delete_saved_cards,),
    EmailVerified: (orders.claim_of_guest,),
    OrderCancelled: (recommendations.count_order,),
    OrderPaid: (invoices.invoice_order, recommendations.count_order),
    OrderRefunded: (
        invoices.credit_order,
        returns.finish_return,
        payouts.take_back,
        recommendations.count_order,
    ),
    PersonalizationDeclined: (saved_items.forget_views,),
    PictureReady: (catalog.show_sizes, content.posts.show_sizes),
    ProductsChanged: (search.index_changed, recommendations.index_changed),
    RefundRequested: (payment_processing.give_back,),
    SoldOut: (search.index_stock,),
    TranslationsChanged: (catalog.handlers.follow_translations, content.posts.index_translated),
    VendorOrderCancelled: (recommendations.count_order,),
    VendorReinstated: (catalog.handlers.follow_vendor,),
    VendorSuspended: (catalog.handlers.follow_vendor,),
}
"""What rooms do about events, besides mail."""
REACTIONS: Mapping[type[outbox.DomainEvent], Sequence[outbox.Handler[Any]]] = {
    event: (*BUSINESS.get(event, ()), *MAIL.get(event, ())) for event in {**BUSINESS, **MAIL}
}

SCHEDULED = (
    auth.jobs, cart.jobs, catalog.jobs, vendor_imports.jobs, exchange.jobs, files.jobs, orders.jobs, invoices.jobs,
    commissions.billing, commissions.jobs, ledger.jobs, saved_items.jobs, payouts.jobs, notifications.jobs,
    reviews.jobs, content.posts.jobs, payment_processing.jobs, search.jobs, curation.jobs, log.jobs,
    recommendations.jobs, translator_files.jobs,
)  # fmt: skip


async def run(*, wait: bool = True, forward: bool = False) -> None:
    """Work until told to stop, or until nothing is left to do; or `forward` jobs to the fleet instead."""
    database = Database(DatabaseSettings())
    context = outbox.JobContext(database, REACTIONS)
    logger.info("worker_started", forwards=forward)
    try:
        async with _publishing(database):
            await (outbox.forward(context) if forward else outbox.run_worker(context, wait=wait, due_schedules=True))
    finally:
        await search.close()
        await database.close()


@asynccontextmanager
async def _publishing(database: Database) -> AsyncIterator[None]:
    """Tell open pages what jobs change."""
    async with aclosing(redis.connect(redis.RedisSettings())) as connection, realtime.publishing(database, connection):
        yield


def main(*, wait: bool = True, forward: bool = False) -> None:
    """Run a worker process."""
    bound_arenas()
    keep_imported()
    refuse_placeholders()
    configure(ProcessSettings().log_level)
    asyncio.run(run(wait=wait, forward=forward))


@cache
def _fleet() -> object:
    return outbox.fleet(REACTIONS, _publishing)


def __getattr__(name: str) -> object:
    """Make the application that `celery -A mercat.worker` asks for; nobody else loads Celery."""
    if name != "celery":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _fleet()
