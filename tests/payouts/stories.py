"""What stories about shops' money begin with: sales that were delivered long ago, and accounts to which it goes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from mercat import orders, vendors
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.orders import clearing
from mercat.orders.arithmetic.commissions import Terms as Rates
from mercat.orders.placement import Draft, DraftLine
from mercat.payouts import books, numbers, payout_runs
from mercat.payouts.clearing import clear_due
from mercat.pricing.arithmetic import Line, Terms, price
from shopping import ADDRESS, Shop

SYSTEM = Actor.system()
IBAN = "DE89370400440532013000"
DOLLARS = FrozenRate("EUR", "USD", Decimal("1.25"), date(2030, 1, 15), "ecb")
YEN = FrozenRate("EUR", "JPY", Decimal(160), date(2030, 1, 15), "settings")
DINARS = FrozenRate("EUR", "KWD", Decimal("0.3345"), date(2030, 1, 15), "operator")


async def a_shop(
    shop: Shop, slug: str = "north-kiln", *, method: str | None = "manual", ref: str | None = None
) -> UUID:
    """Make a shop, and an account to which its money goes unless `method` is None."""
    async with shop.database.transaction() as session:
        vendor_id = await vendors.ensure(session, SYSTEM, slug, slug.title())
    if method is not None:
        await has_account(shop, vendor_id, method=method, ref=ref)
    return vendor_id


async def has_account(
    shop: Shop, vendor_id: UUID, *, method: str = "manual", holder: str = "North Kiln Ltd", ref: str | None = None
) -> None:
    """Let a shop have said long ago where its money goes."""
    number = numbers.sealed(vendor_id, IBAN if method == "manual" else None)
    await shop.rows(
        "INSERT INTO payout_accounts (vendor_id, method, holder, sealed_iban, iban_ends, provider_ref, ready) "
        "VALUES (%s, %s, %s, %s, %s, %s, true) RETURNING vendor_id",
        vendor_id, method, holder, number["sealed_iban"], number["iban_ends"], ref,
    )  # fmt: skip


async def sell(
    database: Database,
    lines: Sequence[Line],
    terms: Terms,
    *,
    rates: Sequence[str] = (),
    tax_rate: str = "0",
    exchange: FrozenRate | None = None,
    **more: Any,
) -> UUID:
    """Let somebody have bought and paid these lines, in another currency by this rate; returns the order.

    `more` is what else its draft says.
    """
    totals = price(list(lines), terms)
    sold = tuple(
        DraftLine(
            line.product_id, new_id(), line.vendor_id, None, "Mug", "Default", None, line.quantity, line.unit_price
        )
        for line in lines
    )
    now = clock.now()
    draft = Draft(
        user_id=None,
        cart_id=None,
        email="ada@example.com",
        locale="en",
        lines=sold,
        totals=totals,
        shipping_method="standard",
        shipping_method_name="Standard delivery",
        payment_method="manual",
        shipping_address=ADDRESS,
        billing_address=ADDRESS,
        placed_at=now - timedelta(days=60),
        expires_at=None,
        commission=Rates(tuple(Decimal(rate) for rate in rates), Decimal(tax_rate)),
        rate=exchange,
    )
    moves = [orders.PastMove(status, now, "") for status in (orders.Status.paid, orders.Status.shipped)]
    async with database.transaction() as session:
        return await orders.record_past(session, replace(draft, **more), moves)


async def sold(shop: Shop, vendor_id: UUID, amount: str = "100.00", *, rate: str = "0.1", days: int = 20) -> UUID:
    """Let a shop have sold something for so much, delivered so many days ago; returns the order."""
    line = Line(vendor_id, Money.of(amount, "EUR"), 1, new_id())
    order_id = await sell(shop.database, [line], Terms("EUR"), rates=[rate])
    await deliver(shop, order_id, days=days)
    return order_id


async def deliver(shop: Shop, order_id: UUID, *, days: int = 20) -> None:
    """Let the parts of an order have been delivered so many days ago."""
    await shop.rows(
        "UPDATE vendor_orders SET status = 'delivered', delivered_at = now() - make_interval(days => %s) "
        "WHERE order_id = %s AND delivered_at IS NULL RETURNING id",
        days, order_id,
    )  # fmt: skip


async def refund(shop: Shop, order_id: UUID, amount: str, currency: str = "EUR") -> None:
    """Give money of an order back; nobody reacts to it yet."""
    (payment,) = await shop.rows("SELECT id FROM payments WHERE order_id = %s", order_id)
    async with shop.database.transaction() as session:
        await orders.refund(session, SYSTEM, order_id, payment[0], orders.Wanted("Broken", Money.of(amount, currency)))


async def swept(shop: Shop, order_id: UUID) -> None:
    """Do what a refund's event does."""
    async with shop.database.transaction() as session:
        await clearing.sweep(session, order_id)


async def cleared(shop: Shop) -> int:
    """Let everything clear whose time has come."""
    return await clear_due(shop.database)


async def a_run(shop: Shop) -> UUID:
    """Write down a run; nobody has carried it out yet."""
    async with shop.database.transaction() as session:
        run_id = await payout_runs.start(session, SYSTEM)
    assert run_id is not None
    return run_id


async def run(shop: Shop) -> UUID:
    """Pay every shop what it can be paid."""
    run_id = await a_run(shop)
    await payout_runs.carry_out(shop.database, run_id)
    return run_id


async def payable(shop: Shop, vendor_id: UUID) -> list[str]:
    """Return what can be paid out."""
    async with shop.database.transaction() as session:
        return [str(amount) for amount in await books.payable(session, vendor_id)]


async def standing(shop: Shop, vendor_id: UUID, *accounts: str) -> int:
    """Return what is owed to a shop on these accounts by the plain sum of its postings."""
    rows = await shop.rows(
        "SELECT coalesce(-sum(amount_minor), 0)::int FROM ledger_postings WHERE party = %s AND account = ANY(%s)",
        str(vendor_id), list(accounts),
    )  # fmt: skip
    return int(rows[0][0])
