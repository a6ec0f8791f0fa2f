"""What the demo's vendors sold long ago, and how they were paid for it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, cart, catalog, exchange, i18n, invoices, ledger, orders, payments, payouts, pricing, vendors
from mercat.demo.content import Content, Order, Person
from mercat.demo.currencies import frozen_at
from mercat.invoices import commissions
from mercat.kit import clock

# hours from being placed to each later status; an order's story ends at its outcome
STEPS = (
    (orders.Status.paid, 3),
    (orders.Status.processing, 20),
    (orders.Status.shipped, 30),
    (orders.Status.delivered, 90),
    (orders.Status.completed, 420),
)
LOCALES = {"AT": "de", "CH": "de", "DE": "de", "FR": "fr"}
"""What buyers read, by their country."""
OPERATOR = auth.Actor.system()
IBAN = "DE02120300000000202051"
"""An account number that banks give as an example."""
RUNS_AGO = (timedelta(days=42), timedelta(days=14))
"""When vendors were paid; what has cleared since the last time waits for the next."""


@dataclass(frozen=True, slots=True)
class Selling:
    """Who bought in the past, from whom, when today is, and what other currencies are converted by."""

    buyer: UUID
    vendors: Mapping[str, UUID]
    today: datetime
    conversions: Mapping[str, exchange.Conversion]


@dataclass(slots=True)
class Past:
    """What was written: orders by their place in the content, how many payouts, and which months are to be billed."""

    placed: dict[int, UUID] = field(default_factory=dict)
    payouts: int = 0
    months: list[commissions.Month] = field(default_factory=list)

    async def add(
        self,
        session: AsyncSession,
        number: int,
        draft: orders.Draft,
        story: list[orders.PastMove],
        *,
        invoiced: bool,
    ) -> None:
        """Write an order and, if it was paid and is `invoiced`, its invoices."""
        self.placed[number] = await orders.record_past(session, draft, story)
        if invoiced and story[0].status is orders.Status.paid:
            with clock.standing_at(story[0].at):
                await invoices.invoice_past(session, self.placed[number])

    async def pay_vendors(self, session: AsyncSession, content: Content, selling: Selling, at: datetime) -> None:
        """Pay every vendor what has cleared."""
        accounts = [payouts.PastAccount(selling.vendors[one.slug], one.name, IBAN) for one in content.vendors]
        self.payouts += await payouts.record_past(session, accounts, at)


async def load_past(session: AsyncSession, content: Content, selling: Selling) -> Past:
    """Write past orders and payouts as they followed each other: the books go forward only."""
    skus = {sku for order in content.orders for sku, _ in order.lines}
    ids = await catalog.variants_by_sku(session, sorted(skus))
    variants = await catalog.variants(session, list(ids.values()))
    sold = [(variant.vendor_id, variant.category_path) for variant in variants.values()]
    agreed = await (await vendors.ask_rates(session, sold, selling.today)).known()
    rates = dict(zip(variants, agreed.rates, strict=True))
    happened: list[tuple[datetime, Callable[[], Awaitable[object]]]] = []
    past = Past()
    for number, order in enumerate(content.orders):
        conversion, person = selling.conversions.get(order.currency), content.people[order.buyer]
        locale = i18n.other_locale(_spoken_by(person))
        priced = variants
        if conversion is not None or locale is not None:
            wanted = [ids[sku] for sku, _ in order.lines]
            priced = await catalog.variants(session, wanted, conversion, locale=locale)
        lines = [(priced[ids[sku]], quantity) for sku, quantity in order.lines]
        kept = orders.CommissionTerms(tuple(rates[variant.id] for variant, _ in lines), vendors.commission_tax_rate())
        draft = replace(await _draft(session, person, order, lines, selling), commission=kept)
        story = _story(order, draft.placed_at, selling.today)
        happened.append((story[0].at, partial(past.add, session, number, draft, story, invoiced=order.invoiced)))
    runs = [selling.today - ago for ago in RUNS_AGO]
    happened += [(run, partial(past.pay_vendors, session, content, selling, run)) for run in runs]
    for _, happen in sorted(happened, key=itemgetter(0)):
        await happen()
    await payouts.clear_past(session, selling.today)
    past.months = _months_over(min(when for when, _ in happened), selling.today)
    for month in past.months:
        await commissions.billing.ask(session, OPERATOR, month)
    return past


def _months_over(begin: datetime, today: datetime) -> list[commissions.Month]:
    months = []
    month = commissions.Month.of(today - ledger.CERTAIN_AFTER).before()
    while month.end > begin:
        months.append(month)
        month = month.before()
    return months[::-1]


async def _draft(
    session: AsyncSession,
    person: Person,
    order: Order,
    lines: list[tuple[catalog.VariantProjection, int]],
    selling: Selling,
) -> orders.Draft:
    address, conversion, spoken = person.address, selling.conversions.get(order.currency), _spoken_by(person)
    locale = i18n.other_locale(spoken)
    placed_at = order.placed_at(selling.today)
    priced = pricing.Basket(
        [cart.priced(*line) for line in lines], pricing.Destination.of(address), conversion=conversion, locale=locale
    )
    quote = (await pricing.offer(session, priced)).usual()
    return orders.Draft(
        user_id=selling.buyer if not order.buyer else None,
        cart_id=None,
        email=person.email,
        locale=spoken,
        lines=tuple(orders.DraftLine.of(variant, quantity) for variant, quantity in lines),
        totals=quote.totals,
        shipping_method="standard",
        shipping_method_name=quote.method.name if quote.method else "standard",
        translated_shipping_method_name=quote.method.translated_name if quote.method else None,
        payment_method=_paid_by(order),
        shipping_address=address,
        billing_address=address,
        placed_at=placed_at,
        expires_at=None,
        rate=frozen_at(conversion, placed_at) if conversion else None,
        text_locale=locale,
    )


def _spoken_by(person: Person) -> str:
    return LOCALES.get(person.country, i18n.DEFAULT_LOCALE)


def _paid_by(order: Order) -> str:
    """Return how an order was paid: by a card of the test provider only where the marketplace takes those."""
    try:
        payments.terms_of(order.paid_by)
    except payments.UnknownMethod:
        return "manual"
    return order.paid_by


def _story(order: Order, placed_at: datetime, today: datetime) -> list[orders.PastMove]:
    """Return what happened to a past order after it was placed, never later than today."""
    if order.outcome in {"cancelled", "expired"}:
        end = orders.Status(order.outcome)
        return [orders.PastMove(end, min(placed_at + timedelta(hours=8), today), order.note)]
    moves: list[orders.PastMove] = []
    for status, hours in STEPS:
        moves.append(orders.PastMove(status, min(placed_at + timedelta(hours=hours), today), ""))
        if status == order.outcome:
            break
    return moves
