"""Papers to test with, and what can be read on them."""

import io
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from pypdf import PdfReader

from mercat.invoices.document import Document, DocumentLine, DocumentSource, Party
from mercat.invoices.pdf import draw
from shopping import Shop

ADA = Party(name="Ada Lovelace", lines=("12 St James's Square", "SW1Y 4JH London", "United Kingdom"))
KILN = Party(name="North Kiln", lines=("Mercat GmbH", "Beispielweg 7"), tax_id="DE123456789")


def line(
    name: str, quantity: int, price: int, *, rate: str | None = None, included: bool = True, discount: int = 0
) -> DocumentLine:
    """Return a line with its tax, rounded as a shop rounds it."""
    amount = quantity * price - discount
    share = Decimal(rate or 0)
    tax = round(amount * share / (1 + share) if included else amount * share)
    return DocumentLine(
        name=name, quantity=quantity, unit_price=price, discount=discount, amount=amount, tax=tax, rate=rate
    )


def a_source(*lines: DocumentLine, **more: Any) -> DocumentSource:
    """Return what a document is made from."""
    included = more.get("prices_include_tax", True)
    shipping = more.get("shipping")
    charged = [*lines, shipping] if shipping else lines
    values = {
        "kind": "invoice",
        "vendor_id": uuid4(),
        "order_id": uuid4(),
        "vendor_order_id": uuid4(),
        "order_number": "M-100042",
        "ordered_on": "2030-01-30",
        "locale": "en",
        "currency": "EUR",
        "supplier": KILN,
        "buyer": ADA,
        "lines": lines,
        "prices_include_tax": included,
        "total": sum(one.amount + (0 if included else one.tax) for one in charged),
    }
    return DocumentSource.model_validate(values | more)


def a_document(*lines: DocumentLine, **more: Any) -> Document:
    """Return a document as it is frozen."""
    return Document(number="NORTH-KILN-2030-00017", issued_on="2030-01-31", source=a_source(*lines, **more))


def written(content: bytes) -> str:
    """Return what can be read on a PDF, blanks made plain."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u200b", "")


def on_document(document: Document) -> str:
    """Draw a document and return what can be read on it."""
    return written(draw(document))


async def an_order(shop: Shop, *items: Any, **more: Any) -> dict[str, Any]:
    """Place an order and let the money come; returns the order."""
    order: dict[str, Any] = (await shop.order(*(items or [await shop.item()]), **more)).json()
    assert (await shop.move(order["id"], "paid")).status_code == 200
    return order


async def vendor_orders_of(shop: Shop, order_id: str) -> list[tuple[UUID, UUID]]:
    """Return (part, shop) of an order."""
    found = await shop.rows("SELECT id, vendor_id FROM vendor_orders WHERE order_id = %s ORDER BY vendor_id", order_id)
    return [(vendor_order, vendor) for vendor_order, vendor in found]
