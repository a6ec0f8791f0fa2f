"""Documents of orders in another currency than the books': in the buyer's, with the tax and the total in the books'."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from invoices.documents import a_source, line, on_document, written
from mercat import invoices
from mercat.invoices.document import Document
from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.pricing.arithmetic import Line, Taxes, Terms
from payouts.stories import DINARS, DOLLARS, YEN, a_shop, refund, sell
from shopping import Shop

TAXES = Taxes({"standard": Decimal("0.19")}, included=True)


async def an_order(shop: Shop, amount: str, rate: FrozenRate | None, *, locale: str = "en") -> UUID:
    """Let somebody have bought something for so much, tax included, and got the invoice."""
    currency = rate.currency if rate else "EUR"
    bought = [Line(await a_shop(shop), Money.of(amount, currency), 1, new_id())]
    order_id = await sell(shop.database, bought, Terms(currency, taxes=TAXES), exchange=rate, locale=locale)
    async with shop.database.transaction() as session:
        await invoices.invoice_past(session, order_id)
    await shop.handle_events()
    return order_id


async def listed(shop: Shop, order_id: UUID) -> list[dict[str, Any]]:
    """Return the documents of an order as operators see them."""
    answer = await shop.client.get(f"/orders/{order_id}/invoices", headers=(await shop.admin()).headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def drawn(shop: Shop, document: dict[str, Any]) -> str:
    """Return what can be read on a document."""
    answer = await shop.client.get(document["url"].removeprefix("/api/v1"), headers=(await shop.admin()).headers)
    assert answer.status_code == 200, answer.text
    return written(answer.content)


async def test_an_invoice_in_dollars_states_tax_and_total_in_the_books(shop: Shop) -> None:
    (invoice,) = await listed(shop, await an_order(shop, "119.00", DOLLARS))

    assert invoice["total"] == {"amount": "119.00", "currency": "USD"}
    assert invoice["exchange"] == {
        "rate": "1.25",
        "dated": "2030-01-15",
        "source": "ecb",
        "tax": {"amount": "15.20", "currency": "EUR"},
        "total": {"amount": "95.20", "currency": "EUR"},
    }
    text = await drawn(shop, invoice)
    for said in (
        "$119.00", "Tax 19% ($100.00)", "$19.00", "Tax in EUR", "€15.20", "Total in EUR", "€95.20",
        "Exchange rate of the order: 1 EUR = 1.25 USD, as of January 15, 2030, source: European Central Bank.",
    ):  # fmt: skip
        assert said in text, said


async def test_credit_notes_use_the_rate_of_the_order(shop: Shop) -> None:
    order_id = await an_order(shop, "119.00", DOLLARS)

    await refund(shop, order_id, "23.80", "USD")
    await refund(shop, order_id, "95.20", "USD")
    await shop.handle_events()

    _, part, rest = await listed(shop, order_id)
    assert [one["total"] for one in (part, rest)] == [
        {"amount": "23.80", "currency": "USD"},
        {"amount": "95.20", "currency": "USD"},
    ]
    said = [(one["exchange"]["tax"]["amount"], one["exchange"]["total"]["amount"]) for one in (part, rest)]
    assert said == [("3.04", "19.04"), ("12.16", "76.16")]
    assert {one["exchange"]["rate"] for one in (part, rest)} == {"1.25"}
    text = await drawn(shop, part)
    for words in ("$23.80", "Amount returned in EUR", "€19.04", "Tax in EUR", "€3.04", "1 EUR = 1.25 USD"):
        assert words in text, words


@pytest.mark.parametrize(
    ("rate", "amount", "locale", "words"),
    [
        (
            YEN, "11900", "de",
            ("11.900 ¥", "Steuer in EUR", "11,88 €", "Gesamtbetrag in EUR", "74,38 €",
             "Wechselkurs der Bestellung: 1 EUR = 160 JPY, Stand 15. Januar 2030, Quelle: der Marktplatz."),
        ),
        (
            DINARS, "11.900", "fr",
            ("11,900 KWD", "TVA en EUR", "5,68 €", "Montant total en EUR", "35,58 €",
             "Taux de change de la commande : 1 EUR = 0,3345 KWD, au 15 janvier 2030"),
        ),
    ],
)  # fmt: skip
async def test_amounts_are_written_as_their_reader_does(
    shop: Shop, rate: FrozenRate, amount: str, locale: str, words: tuple[str, ...]
) -> None:
    (invoice,) = await listed(shop, await an_order(shop, amount, rate, locale=locale))

    text = " ".join((await drawn(shop, invoice)).split())
    for said in words:
        assert said in text, said


async def test_in_the_currency_of_the_books_nothing_is_said_of_it(shop: Shop) -> None:
    (invoice,) = await listed(shop, await an_order(shop, "119.00", None))

    assert invoice["exchange"] is None
    text = await drawn(shop, invoice)
    assert "Exchange rate" not in text
    assert "in EUR" not in text


def test_a_document_from_before_exchanges_were_kept_is_read_and_drawn() -> None:
    stored = Document(number="N-1", issued_on="2030-01-31", source=a_source(line("Mug", 1, 1190, rate="0.19")))
    before = stored.model_dump(mode="json")
    del before["source"]["exchange"]

    read = Document.model_validate(before)

    assert read == stored
    assert "€11.90" in on_document(read)


def test_without_tax_only_the_total_is_stated() -> None:
    source = a_source(line("Mug", 1, 1000), currency="USD").converted(DOLLARS)
    text = on_document(Document(number="N-1", issued_on="2030-01-31", source=source))

    assert "Total in EUR" in text
    assert "€8.00" in text
    assert "Tax in EUR" not in text


def test_amounts_have_the_decimals_in_which_they_are_paid() -> None:
    text = on_document(
        Document(number="N-1", issued_on="2030-01-31", source=a_source(line("Mug", 1, 1250), currency="IQD"))
    )

    assert "IQD 1.250" in text.replace("IQD1", "IQD 1")
