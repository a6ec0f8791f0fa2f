"""What waits for somebody in the demo: an order to pack, returns to decide, mail that failed, a job that was parked."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, catalog, checkout, i18n, invoices, notifications, orders, outbox
from mercat.addresses import Address
from mercat.demo.content import Content
from mercat.demo.past import Past
from mercat.kit import clock
from mercat.orders import returns
from mercat.outbox import JobSettings
from mercat.payments import gift_cards

OPERATOR = auth.Actor.system()


async def load_backlog(session: AsyncSession, content: Content, past: Past, buyer: UUID) -> None:
    """Leave work for the vendor's, the support's and the operator's logins."""
    await _order(session, content, buyer)
    for wanted in content.backlog.returns:
        await _return(session, past.placed[wanted.order], wanted.sku, wanted.reason, wanted.note)
    await _failed_mail(session, content)
    await _parked_job(session, content, past)


async def _order(session: AsyncSession, content: Content, buyer: UUID) -> None:
    """Let the buyer order something that is to be packed, and pay it with a gift card of the marketplace."""
    card = await gift_cards.issue(session, OPERATOR, content.backlog.gift_card)
    person = content.people[0]
    ids = await catalog.variants_by_sku(session, list(content.backlog.bought))
    purchase = checkout.Purchase(
        actor=auth.Actor(buyer, person.name, frozenset({auth.Role.buyer})),
        locale=i18n.DEFAULT_LOCALE,
        request=checkout.CheckoutRequest(shipping_address=Address(**person.address), gift_card=card.code),
        quantities={ids[sku]: quantity for sku, quantity in content.backlog.bought.items()},
    )
    await checkout.place(session, purchase, await checkout.variants_on_sale(session, purchase))


async def _return(session: AsyncSession, order_id: UUID, sku: str, reason: returns.Reason, note: str) -> None:
    order = await orders.read(session, order_id)
    line = next(item for item in order.items if item.sku == sku)
    asked = returns.ReturnCreate(
        items=[orders.LineUnits(item_id=line.id, quantity=1)], exchanges=[], reason=reason, note=note
    )
    await returns.ask(session, OPERATOR, order_id, asked)


async def _failed_mail(session: AsyncSession, content: Content) -> None:
    mail = content.backlog.mail
    at = clock.now() - timedelta(hours=5)
    refused = notifications.RefusedMail(mail.kind, mail.recipient, mail.subject, mail.text, mail.reason, at)
    await notifications.record_refused(session, refused)


async def _parked_job(session: AsyncSession, content: Content, past: Past) -> None:
    """Park the drawing of the newest invoice; run again, it finds that nothing is left to do."""
    newest = await invoices.newest(session, past.placed.values())
    await outbox.record_parked(
        session,
        invoices.jobs.draw_past_invoice,
        {"invoice_id": str(newest)},
        attempts=JobSettings.read().job_max_attempts,
        failure=content.backlog.job_failure,
    )
