"""Issuance of a month's documents: one for each vendor and currency, over all entries that are on no document yet.

A month is closed first, so that nothing can be booked in it any more. Two concurrent runs wait for each other at the
counter; the later one finds the document there and returns its number. Which entries are on a document is written down
with it, and an index lets none of them be on two.
"""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, i18n, ledger, outbox, vendors
from mercat.auth import Actor
from mercat.i18n import DEFAULT_LOCALE
from mercat.invoices import numbers
from mercat.invoices.commissions import jobs, reverse_charge, unbilled
from mercat.invoices.commissions.document import ChargedLine, CommissionDocument, CommissionSource
from mercat.invoices.commissions.exceptions import MonthNotOver
from mercat.invoices.commissions.models import CommissionInvoice
from mercat.invoices.commissions.months import Month
from mercat.invoices.commissions.unbilled import Charge
from mercat.invoices.document import Kind
from mercat.invoices.parties import marketplace_party, party_of
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.money import Money

MOST_LINES = 600
"""Orders that a document lists one by one, which is some fifteen pages. Beyond, its lines are days."""
SERIES: dict[Kind, str] = {"invoice": "F", "credit_note": "FC"}
"""The prefix before the year: the marketplace's own vendor has series of its own for what it sells."""

# one statement however many there are: others wait at the counter meanwhile
NAME_ENTRIES = text("""
INSERT INTO commission_invoice_entries (entry_id, vendor_id, commission_invoice_id)
SELECT unnest(CAST(:entries AS uuid[])), :vendor_id, :document
""")


async def issue(session: AsyncSession, actor: Actor, vendor_id: UUID, month: Month, currency: str) -> UUID | None:
    """Issue a vendor's document for a month that the caller has closed, and queue its drawing.

    Locks the marketplace's counter. An existing document is returned; None if there is nothing to bill.

    Raises:
        MonthNotOver: it cannot be closed yet.
        CommissionDoesNotAddUpError: a defect; no number is taken.
    """
    if clock.now() < month.end + ledger.CERTAIN_AFTER:
        raise MonthNotOver
    there = await _issued(session, vendor_id, month, currency)
    if there is not None:
        return there
    charges = await unbilled.of_month(session, vendor_id, month, currency)
    if not charges:
        return None
    source = await _source(session, vendor_id, month, currency, charges)
    source.taxes()
    house = await vendors.ensure(session, Actor.system(), vendors.HOUSE, "Marketplace")
    series = f"{SERIES[source.kind]}{clock.now().year}"
    await numbers.open_series(session, house, series)
    try:
        async with session.begin_nested():
            document = _document(source, month, charges, await numbers.take(session, house, series))
            session.add(document)
            await session.flush()
            entries = [charge.entry_id for charge in charges]
            await session.execute(NAME_ENTRIES, {"entries": entries, "vendor_id": vendor_id, "document": document.id})
    except IntegrityError:
        # another transaction issued it while this one waited for the counter; the savepoint returned the number
        there = await _issued(session, vendor_id, month, currency)
        if there is None:
            raise
        return there
    said = {"number": document.number, "vendor_id": vendor_id, "month": source.month}
    amounts = {"commission": Money(document.commission_minor, currency), "tax": Money(document.tax_minor, currency)}
    await audit.record(
        session, actor, "commission_invoice.issued", document.id, changes=audit.difference({}, {**said, **amounts})
    )
    await outbox.defer(session, jobs.draw_commission_invoice, commission_invoice_id=str(document.id))
    return document.id


async def _issued(session: AsyncSession, vendor_id: UUID, month: Month, currency: str) -> UUID | None:
    mine = (CommissionInvoice.vendor_id == vendor_id, CommissionInvoice.month == month.first)
    return await session.scalar(select(CommissionInvoice.id).where(*mine, CommissionInvoice.currency == currency))


async def _source(
    session: AsyncSession, vendor_id: UUID, month: Month, currency: str, charges: Sequence[Charge]
) -> CommissionSource:
    total = sum(charge.commission + charge.tax for charge in charges)
    kind: Kind = "credit_note" if total < 0 else "invoice"
    sign = -1 if total < 0 else 1
    locale = await _locale(session, vendor_id)
    supplier = marketplace_party()
    buyer = party_of(await vendors.onboarding.record_of(session, vendor_id), locale)
    untaxed = any(charge.commission and not charge.tax and not charge.rate for charge in charges)
    by_day = len(charges) > MOST_LINES
    return CommissionSource(
        kind=kind,
        vendor_id=vendor_id,
        month=str(month),
        locale=locale,
        currency=currency,
        supplier=supplier,
        buyer=buyer,
        lines=_days(charges, sign) if by_day else tuple(_line(charge, sign) for charge in charges),
        by_day=by_day,
        refers_to=await unbilled.corrected(session, vendor_id, charges),
        reverse_charge=untaxed and reverse_charge.applies(supplier.tax_id, buyer.tax_id),
        total=sign * total,
    )


async def _locale(session: AsyncSession, vendor_id: UUID) -> str:
    """Return the language of the vendor's first owner."""
    owners = await vendors.members.owners_of(session, vendor_id)
    accounts = await auth.user_references(session, owners)
    return i18n.written(next((accounts[owner].locale for owner in owners if owner in accounts), DEFAULT_LOCALE))


def _line(charge: Charge, sign: int) -> ChargedLine:
    return ChargedLine(
        day=charge.at.date().isoformat(),
        what=charge.what,
        order_number=charge.order_number,
        base=sign * charge.base,
        commission=sign * charge.commission,
        tax=sign * charge.tax,
        rate=_rate(charge.rate),
    )


def _days(charges: Sequence[Charge], sign: int) -> tuple[ChargedLine, ...]:
    """Return a line for what was sold on each day, and one for what was refunded, at each rate of tax."""
    days: dict[tuple[str, str, str | None], ChargedLine] = {}
    for charge in charges:
        line = _line(charge, sign)
        so_far = days.get((line.day, line.what, line.rate))
        added = {} if so_far is None else {
            "count": so_far.count + 1,
            "base": so_far.base + line.base,
            "commission": so_far.commission + line.commission,
            "tax": so_far.tax + line.tax,
        }  # fmt: skip
        days[line.day, line.what, line.rate] = line.model_copy(update={"order_number": "", **added})
    return tuple(days.values())


def _rate(rate: Decimal | None) -> str | None:
    return f"{rate.normalize():f}" if rate else None


def _document(
    source: CommissionSource, month: Month, charges: Sequence[Charge], number: numbers.Number
) -> CommissionInvoice:
    today = clock.now().date()
    document = CommissionDocument(number=number.written, issued_on=today.isoformat(), source=source)
    return CommissionInvoice(
        id=new_id(),
        kind=source.kind,
        vendor_id=source.vendor_id,
        month=month.first,
        currency=source.currency,
        series=number.series,
        position=number.position,
        number=number.written,
        locale=source.locale,
        commission_minor=sum(charge.commission for charge in charges),
        tax_minor=sum(charge.tax for charge in charges),
        document=document.model_dump(mode="json"),
        issued_at=clock.now(),
        keep_until=numbers.kept_until(today),
    )
