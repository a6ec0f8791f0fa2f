"""What was sold in another currency than the books' is owed, stated and paid out in that of the books."""

from decimal import Decimal
from typing import Any

from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.pricing.arithmetic import Line, Taxes, Terms
from payment_processing.books import books_balance
from payouts.stories import DOLLARS, cleared, deliver, has_account, refund, run, sell, sold, swept
from shopping import Person, Shop

TAXES = Taxes({"standard": Decimal("0.19")}, included=True)


async def read(shop: Shop, person: Person, path: str) -> Any:
    answer = await shop.client.get(path, headers=person.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_vendor_sees_dollars_and_is_paid_euros(shop: Shop) -> None:
    owner, vendor_id = await shop.seller("north-kiln")
    await has_account(shop, vendor_id)
    lines = [Line(vendor_id, Money.of("119.00", "USD"), 1, new_id())]
    order_id = await sell(
        shop.database, lines, Terms("USD", taxes=TAXES), rates=["0.1"], tax_rate="0.19", exchange=DOLLARS
    )
    await deliver(shop, order_id)
    await sold(shop, vendor_id, "50.00", rate="0.1")
    await cleared(shop)

    in_euros, in_dollars = (await read(shop, owner, "/vendor/orders"))["items"]
    assert in_euros["exchange"] is None
    assert in_dollars["total"] == {"amount": "119.00", "currency": "USD"}
    assert in_dollars["commission"] == {"amount": "10.00", "currency": "USD"}
    assert in_dollars["earnings"] == {"amount": "107.10", "currency": "USD"}
    assert in_dollars["exchange"] == {
        "rate": "1.25", "dated": "2030-01-15", "source": "ecb", "total": {"amount": "95.20", "currency": "EUR"},
    }  # fmt: skip

    # 119.00 dollars are 95.20 euros, 11.90 dollars of commission and its tax are 9.52; 50.00 euros less 5.00
    (balance,) = (await read(shop, owner, "/vendor/balance"))["balances"]
    assert balance["payable"] == {"amount": "130.68", "currency": "EUR"}
    await refund(shop, order_id, "59.50", "USD")
    await swept(shop, order_id)
    await run(shop)
    assert await shop.rows("SELECT currency, amount_minor FROM payouts") == [("EUR", 13068 - 4760 + 476)]

    found = await read(shop, owner, "/vendor/statement")
    assert [(line["type"], str(line["amount"]["amount"])) for line in found["items"]] == [
        ("order", "95.20"), ("commission", "-9.52"), ("order", "50.00"), ("commission", "-5.00"),
        ("refund", "-47.60"), ("commission", "4.76"), ("payout", "-87.84"),
    ]  # fmt: skip
    assert {line["amount"]["currency"] for line in found["items"]} == {"EUR"}
    assert found["closing"] == {"amount": "0.00", "currency": "EUR"}
    table = (await shop.client.get("/vendor/statement/export", headers=owner.headers)).text.strip().split("\r\n")
    assert {line.split(",")[-1] for line in table[1:]} == {"EUR"}
    assert (await read(shop, owner, "/vendor/statement?currency=USD"))["items"] == []
    await books_balance(shop)
