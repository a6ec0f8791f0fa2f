"""Drawing a paper as PDF: everything is put into words here, the template only places it.

The fonts come along; what is on the machine is not looked at. A character that none of them has is drawn as a box.
"""

import json
from datetime import UTC, datetime, time
from datetime import date as calendar_date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst
from babel import Locale

from mercat.invoices import labels
from mercat.invoices.paper import Document, PaperLine, TaxSum

ROOM = Path(str(files("mercat.invoices")))
UNDRAWABLE = dict.fromkeys((*range(32), 127, *range(0x2028, 0x202F), *range(0x2066, 0x206A)), " ")
"""Control characters, and marks that would turn what stands around them."""
ONE_AT_A_TIME = Lock()


def draw(document: Document) -> bytes:
    """Return the PDF of a paper; the same paper is the same bytes."""
    return _compiled(document, "pdf")[0]


def pictures(document: Document, *, pixels_per_inch: float = 90) -> list[bytes]:
    """Return the pages of a paper as PNG, to look at."""
    return _compiled(document, "png", pixels_per_inch)


def _compiled(document: Document, form: Literal["pdf", "png"], pixels_per_inch: float | None = None) -> list[bytes]:
    day = calendar_date.fromisoformat(document.issued_on)
    with ONE_AT_A_TIME:  # the compiler keeps its fonts from one paper to the next
        made = _compiler().compile(
            format=form,
            ppi=pixels_per_inch,
            sys_inputs={"paper": json.dumps(_said(document), ensure_ascii=False)},
            timestamp=datetime.combine(day, time(), UTC),
        )
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page is not None]


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(ROOM / "fonts")])
    return typst.Compiler(str(ROOM / "templates" / "invoice.typ"), root=str(ROOM / "templates"), font_paths=fonts)


def _said(document: Document) -> dict[str, Any]:
    """Return everything that the template places, in words."""
    source = document.source
    word = labels.words(source.locale)
    fields = [
        (word["number"], document.number),
        (word["issued_on"], labels.day(document.issued_on, source.locale)),
        (word["order"], source.order_number),
        (word["ordered_on"], labels.day(source.ordered_on, source.locale)),
    ]
    if source.refers_to:
        fields.insert(1, (word["refers_to"], source.refers_to))
    said = {
        "lang": source.locale,
        "direction": "rtl" if Locale.parse(source.locale).text_direction == "rtl" else "ltr",
        "title": word[source.kind],
        "fields": fields,
        "parties": [
            {"label": word["seller"], **source.seller.model_dump(exclude={"tax_id"})},
            {"label": word["buyer"], **source.buyer.model_dump(exclude={"tax_id"})},
        ],
        "tax_id": f"{word['tax_id']}: {source.seller.tax_id}" if source.seller.tax_id else "",
        "columns": [word[name] for name in ("item", "quantity", "unit_price", "rate", "amount")],
        "rows": [_row(line, document, word) for line in source.charged()],
        "sums": _sums(document, word),
        "total": {
            "label": word["returned" if source.kind == "credit_note" else "total"],
            "amount": labels.money(source.total, source.currency, source.locale),
        },
        "notes": _notes(document, word),
        "number": document.number,
    }
    return {name: _drawable(value) for name, value in said.items()}


def _row(line: PaperLine, document: Document, word: dict[str, str]) -> dict[str, str]:
    source = document.source
    written = [labels.money(amount, source.currency, source.locale) for amount in (line.unit_price, line.amount)]
    discount = f"{word['discount']}: {labels.money(-line.discount, source.currency, source.locale)}"
    return {
        "name": line.name if line.role == "item" else word[line.role],
        "detail": line.detail,
        "discount": discount if line.discount else "",
        "quantity": labels.count(line.quantity, source.locale),
        "unit_price": written[0],
        "rate": "" if line.rate is None else labels.percent(line.rate, source.locale),
        "amount": written[1],
    }


def _sums(document: Document, word: dict[str, str]) -> list[tuple[str, str]]:
    """Return net, and what each rate makes; nothing where there is no tax at all."""
    source = document.source
    taxes = source.taxes()
    if not any(one.tax for one in taxes):
        return []

    def written(minor: int) -> str:
        return labels.money(minor, source.currency, source.locale)

    def named(one: TaxSum) -> str:
        if one.rate is None:
            return word["tax"] if one.tax else word["untaxed"]
        return f"{word['tax']} {labels.percent(one.rate, source.locale)} ({written(one.net)})"

    net = (word["net"], written(sum(one.net for one in taxes)))
    return [net, *((named(one), written(one.tax if one.tax or one.rate else one.net)) for one in taxes)]


def _notes(document: Document, word: dict[str, str]) -> list[str]:
    source = document.source
    taxed = any(one.tax for one in source.taxes())
    notes = [word["includes_tax" if source.prices_include_tax else "excludes_tax"]] if taxed else []
    return [*notes, f"{word['reason']}: {source.reason}"] if source.reason else notes


def _drawable(value: Any) -> Any:  # noqa: ANN401 - whatever JSON is
    if isinstance(value, str):
        return value.translate(UNDRAWABLE)
    if isinstance(value, dict):
        return {key: _drawable(one) for key, one in value.items()}
    return [_drawable(one) for one in value] if isinstance(value, list | tuple) else value
