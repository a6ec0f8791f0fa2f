"""Whatever is sold, refunded, cleared and paid, in whatever order: every minor unit of each shop is accounted for."""

import random
from contextlib import suppress
from decimal import Decimal
from uuid import UUID

import pytest

from mercat import ledger, orders
from mercat.auth import Actor
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.kit.problems import Problem
from mercat.payouts import payout_runs
from mercat.payouts.adjustments import adjust
from mercat.payouts.lifecycle import Status
from mercat.payouts.outcomes import move
from mercat.pricing.arithmetic import EVERYTHING, Band, Basis, Discount, Kind, Line, Method, Tariff, Taxes, Terms
from payment_processing.books import books_balance
from payouts.stories import a_run, a_shop, cleared, deliver, sell, swept
from shopping import Shop

EXPECTED = """
SELECT v.vendor_id, (sum(v.total_minor - v.commission_minor - v.commission_tax_minor)
    - coalesce((SELECT sum(l.amount_minor - l.commission_minor - l.commission_tax_minor) FROM refund_lines l
        JOIN refunds r ON r.id = l.refund_id AND r.status = 'succeeded'
        JOIN vendor_orders w ON w.id = l.vendor_order_id WHERE w.vendor_id = v.vendor_id), 0)
    + coalesce((SELECT sum(amount_minor) FROM adjustments a WHERE a.vendor_id = v.vendor_id), 0))::int
FROM vendor_orders v JOIN orders o ON o.id = v.order_id AND o.paid_at IS NOT NULL GROUP BY v.vendor_id
"""
FOUND = """
SELECT v.id, coalesce((SELECT -sum(amount_minor) FROM ledger_postings WHERE party = v.id::text
        AND account IN ('sales', 'shipping', 'tax', 'commission', 'payable', 'payouts')), 0)::int
    + coalesce((SELECT sum(amount_minor) FROM payouts p WHERE p.vendor_id = v.id AND p.status = 'paid'), 0)::int
FROM vendors v WHERE v.id = ANY(%s)
"""
ON_THE_WAY = """
SELECT v.id FROM vendors v WHERE
    coalesce((SELECT -sum(amount_minor) FROM ledger_postings WHERE party = v.id::text AND account = 'payouts'), 0)
    <> coalesce((SELECT sum(amount_minor) FROM payouts p
        WHERE p.vendor_id = v.id AND p.status IN ('requested', 'sent')), 0)
"""
SYSTEM = Actor.system()


class Story:
    """A marketplace whose days are drawn by lot."""

    def __init__(self, shop: Shop, chance: random.Random, shops: list[UUID]) -> None:
        self.shop, self.chance, self.shops = shop, chance, shops
        self.orders: list[UUID] = []

    async def sale(self) -> None:
        """Sell something of some shops, with discounts, taxes and a cut."""
        pick = self.chance
        lines = [
            Line(pick.choice(self.shops), Money(pick.randint(1, 20_000), "EUR"), pick.randint(1, 4), new_id())
            for _ in range(pick.randint(1, 5))
        ]
        fee = Tariff(Basis.weight, (Band(None, Money(pick.choice((0, 490)), "EUR")),), None, None)
        sale = Discount(
            UUID(int=0), Kind.percent, pick.choice((True, False)), pick.randint(1, 4000), Money(0, "EUR"), EVERYTHING
        )
        taxes = Taxes({"standard": Decimal("0.19")}, included=pick.choice((True, False)))
        terms = Terms(
            "EUR", shipping=Method("standard", "Standard", fee, {}), coupon=pick.choice((sale, None)), taxes=taxes
        )
        rates = [pick.choice(("0", "0.1", "0.125", "0.0333")) for _ in lines]
        self.orders.append(
            await sell(self.shop.database, lines, terms, rates=rates, tax_rate=pick.choice(("0", "0.19")))
        )

    async def delivery(self) -> None:
        await deliver(self.shop, self.chance.choice(self.orders), days=self.chance.choice((1, 20)))

    async def clearance(self) -> None:
        await cleared(self.shop)

    async def refund(self) -> None:
        """Give something back, or as often as not more than there is, which is refused."""
        order_id = self.chance.choice(self.orders)
        ((payment_id, left),) = await self.shop.rows(
            "SELECT id, (captured_minor - refunded_minor)::int FROM payments WHERE order_id = %s", order_id
        )
        items = await self.shop.rows("SELECT id, quantity FROM order_items WHERE order_id = %s", order_id)
        item_id, quantity = self.chance.choice(items)
        wanted = self.chance.choice(
            (
                orders.Wanted("", amount=Money(self.chance.randint(1, max(1, left)), "EUR")),
                orders.Wanted("", units={item_id: self.chance.randint(1, quantity)}),
                orders.Wanted(""),
            )
        )
        with suppress(Problem):
            async with self.shop.database.transaction() as session:
                await orders.refund(session, SYSTEM, order_id, payment_id, wanted)
        if self.chance.random() < 0.5:
            await swept(self.shop, order_id)

    async def payout(self) -> None:
        await payout_runs.carry_out(self.shop.database, await a_run(self.shop))

    async def answer(self) -> None:
        """Let one payout arrive or come back."""
        target = self.chance.choice((Status.paid, Status.failed))
        for (payout_id,) in await self.shop.rows("SELECT id FROM payouts WHERE status = 'requested' LIMIT 1"):
            async with self.shop.database.transaction() as session:
                await move(session, SYSTEM, payout_id, target)

    async def adjustment(self) -> None:
        amount = Money(self.chance.choice((-1, 1)) * self.chance.randint(1, 900), "EUR")
        async with self.shop.database.transaction() as session:
            await adjust(session, SYSTEM, self.chance.choice(self.shops), amount, "Because")

    async def folding(self) -> None:
        async with self.shop.database.transaction() as session:
            await ledger.fold(session)


@pytest.mark.parametrize("seed", range(4))
async def test_every_minor_unit_is_accounted_for(shop: Shop, seed: int) -> None:
    chance = random.Random(seed)
    shops = [await a_shop(shop, f"shop-{n}") for n in range(3)]
    story = Story(shop, chance, shops)
    for _ in range(4):
        await story.sale()
    steps = (
        story.sale, story.delivery, story.delivery, story.clearance, story.refund, story.refund, story.payout,
        story.answer, story.adjustment, story.folding,
    )  # fmt: skip

    for _ in range(15):
        for _ in range(4):
            await chance.choice(steps)()
        expected = dict.fromkeys(shops, 0) | dict(await shop.rows(EXPECTED))
        assert dict(await shop.rows(FOUND, shops)) == expected
        assert await shop.rows(ON_THE_WAY) == []

    assert await shop.rows("SELECT count(*) > 0 FROM payouts") == [(True,)]
    await books_balance(shop)
