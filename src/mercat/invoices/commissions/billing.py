"""Monthly billing: every vendor gets its documents, each in a transaction of its own, however often it is begun."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, ledger, outbox, vendors
from mercat.auth import Actor
from mercat.invoices.commissions import unbilled
from mercat.invoices.commissions.comparison import compare
from mercat.invoices.commissions.exceptions import MonthNotOver
from mercat.invoices.commissions.issuance import issue
from mercat.invoices.commissions.month_end import close
from mercat.invoices.commissions.months import Month
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.logs import logger


class SomeVendorsWithoutDocument(RuntimeError):
    """Some vendors did not get theirs; the others did. The reason was logged."""


async def ask(session: AsyncSession, actor: Actor, month: Month, vendor_id: UUID | None = None) -> None:
    """Queue the billing of a month, of all vendors or of one.

    Raises:
        MonthNotOver: it is not.
        VendorNotFound: no such vendor.
    """
    if clock.now() < month.end + ledger.CERTAIN_AFTER:
        raise MonthNotOver
    if vendor_id is not None:
        await vendors.find(session, str(vendor_id))
    told = audit.difference({}, {"month": str(month), "vendor_id": vendor_id})
    house = await vendors.ensure(session, Actor.system(), vendors.HOUSE, "Marketplace")
    await audit.record(session, actor, "commission_invoices.requested", vendor_id or house, changes=told)
    await outbox.defer(session, bill_month, month=str(month), vendor_id=str(vendor_id) if vendor_id else None)


async def bill(database: Database, month: Month, *, vendor_id: UUID | None = None) -> Sequence[UUID]:
    """Issue the missing documents of a month; returns them. One vendor that fails does not affect the others.

    Raises:
        MonthNotOver: something may still be booked in it.
        SomeVendorsWithoutDocument: some failed.
    """
    await close(database, month)
    async with database.transaction() as session:
        await session.execute(text("SET LOCAL statement_timeout TO '5min'"))  # all that a month has booked
        wanting = await unbilled.wanting(session, month, vendor_id)
    issued, failed = [], []
    for vendor, currency in wanting:
        try:
            async with database.transaction() as session:
                document = await issue(session, Actor.system(), vendor, month, currency)
        except Exception as error:  # noqa: BLE001 - told below, when the other vendors have theirs
            logger.error("commission_invoice_failed", vendor=str(vendor), month=str(month), exc_info=error)
            failed.append(str(vendor))
        else:
            issued += [document] if document else []
    if failed:
        raise SomeVendorsWithoutDocument(f"{month}: {', '.join(failed)}")
    return issued


@outbox.job("invoices.bill_month", lane=outbox.Lane.bulk)
async def bill_month(context: outbox.JobContext, month: str, vendor_id: str | None = None) -> None:
    """Bill a month; after a failure it continues with the vendors that have no document yet."""
    issued = await bill(context.database, Month.parse(month), vendor_id=UUID(vendor_id) if vendor_id else None)
    logger.info("commissions_billed", month=month, documents=len(issued))


@outbox.every(outbox.daily(6, 17), "invoices.bill_last_month", lane=outbox.Lane.bulk)
async def bill_last_month(context: outbox.JobContext) -> None:
    """Bill the last month, some hours after its end and on every day that something of it has no document yet.

    What remains of the months before it is logged for a person.
    """
    month = Month.of(clock.now()).before()
    async with context.database.transaction() as session:
        await session.execute(text("SET LOCAL statement_timeout TO '5min'"))
        if await unbilled.wanting(session, month):
            await outbox.defer(session, bill_month, month=str(month), vendor_id=None)
    for difference in (await compare(context.database, before=month)).open:
        logger.error("commissions_differ", **asdict(difference))
