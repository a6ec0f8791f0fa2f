"""Reactions to what happened to shops' money: mail to those of their people whom it concerns."""

from uuid import UUID

from babel.dates import format_skeleton
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, outbox, payouts, vendors
from mercat.invoices import commissions
from mercat.invoices.commissions.events import CommissionInvoiceDrawn
from mercat.notifications.writing import Draft, write
from mercat.payouts.events import PayoutAccountChanged, PayoutFailed, PayoutPaid
from mercat.vendors import Duty


@outbox.handler("notifications.notify_payout_paid")
async def tell_of_payout(session: AsyncSession, event_id: UUID, event: PayoutPaid) -> None:
    """Tell the people who look after a shop's money that some has left for it."""
    await _about(session, event_id, event.payout_id, "payout_paid")


@outbox.handler("notifications.notify_payout_failed")
async def tell_of_failed_payout(session: AsyncSession, event_id: UUID, event: PayoutFailed) -> None:
    """Tell them that it came back, and why."""
    await _about(session, event_id, event.payout_id, "payout_failed")


@outbox.handler("notifications.notify_payout_account_changed")
async def tell_of_payout_account(session: AsyncSession, event_id: UUID, event: PayoutAccountChanged) -> None:
    """Tell a shop's owners that its money goes elsewhere now, in case it was none of them."""
    seller = (await vendors.cards(session, [event.vendor_id]))[event.vendor_id].name
    for user_id in await vendors.people_on_duty(session, event.vendor_id, Duty.payouts):
        await _to_person(session, event_id, user_id, "payout_account_changed", {"seller": seller})


@outbox.handler("notifications.send_commission_invoice")
async def send_commission_invoice(session: AsyncSession, event_id: UUID, event: CommissionInvoiceDrawn) -> None:
    """Send those who look after a shop's money what the marketplace has billed it, as soon as the file is there."""
    paper = await commissions.paper_of(session, event.commission_invoice_id)
    seller = (await vendors.cards(session, [paper.vendor_id]))[paper.vendor_id].name
    for user_id in await vendors.people_on_duty(session, paper.vendor_id, Duty.finances):
        card = await auth.hold(session, user_id)
        if card is None:
            continue
        month = format_skeleton("yMMMM", paper.month.first, locale=card.locale)
        draft = Draft(
            kind=f"commission_{paper.kind}",
            recipient=card.email,
            locale=card.locale,
            values={"seller": seller, "amount": paper.total, "month": month},
            subject={"paper": paper.number},
            user_id=user_id,
            commission_invoice_id=event.commission_invoice_id,
        )
        await write(session, event_id, draft)


async def _about(session: AsyncSession, event_id: UUID, payout_id: UUID, kind: str) -> None:
    payout = await payouts.read(session, payout_id)
    seller = (await vendors.cards(session, [payout.vendor_id]))[payout.vendor_id].name
    values = {"seller": seller, "amount": payout.amount, "account": payout.account, "reason": payout.failure}
    for user_id in await vendors.people_on_duty(session, payout.vendor_id, Duty.finances):
        await _to_person(session, event_id, user_id, kind, values)


async def _to_person(
    session: AsyncSession, event_id: UUID, user_id: UUID, kind: str, values: dict[str, object]
) -> None:
    """Write to somebody who works for a shop; who was erased meanwhile gets nothing."""
    card = await auth.hold(session, user_id)
    if card is None:
        return
    named = {"name": card.name if card.email_verified else "", **values}
    subject = {"seller": str(values["seller"])}
    await write(session, event_id, Draft(kind, card.email, card.locale, named, subject, user_id=user_id))
