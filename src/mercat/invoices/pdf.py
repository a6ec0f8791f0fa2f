"""Documents of orders as PDF: everything is put into words here."""

from mercat.invoices import labels
from mercat.invoices.document import Document, DocumentExchange, DocumentLine, DocumentSource, Party, TaxSum
from mercat.invoices.typesetting import Row, Sheet, as_pdf, as_pictures


def draw(document: Document) -> bytes:
    """Return the PDF of a document; the same document is the same bytes."""
    return as_pdf(_sheet(document))


def pictures(document: Document, *, pixels_per_inch: float = 90) -> list[bytes]:
    """Return the pages of a document as PNG, to look at."""
    return as_pictures(_sheet(document), pixels_per_inch=pixels_per_inch)


def sums_of(taxes: tuple[TaxSum, ...], currency: str, locale: str) -> list[tuple[str, str]]:
    """Return net, and the amounts of each rate, in words; nothing where there is no tax at all."""
    word = labels.words(locale)
    if not any(one.tax for one in taxes):
        return []

    def written(minor: int) -> str:
        return labels.money(minor, currency, locale)

    def named(one: TaxSum) -> str:
        if one.rate is None:
            return word["tax"] if one.tax else word["untaxed"]
        return f"{word['tax']} {labels.percent(one.rate, locale)} ({written(one.net)})"

    net = (word["net"], written(sum(one.net for one in taxes)))
    return [net, *((named(one), written(one.tax if one.tax or one.rate else one.net)) for one in taxes)]


def _sheet(document: Document) -> Sheet:
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
    columns = ["item", "quantity", "unit_price", "rate", "amount"]
    if all(line.rate is None for line in source.charged()):
        columns.remove("rate")
    return Sheet(
        locale=source.locale,
        issued_on=document.issued_on,
        title=word[source.kind],
        number=document.number,
        fields=fields,
        supplier=source.supplier,
        buyer=source.buyer,
        buyer_label=word["buyer"],
        tax_id_label=word["tax_id"],
        columns=[word[name] for name in columns],
        rows=[_row(line, document, columns[1:]) for line in source.charged()],
        sums=sums_of(source.taxes(), source.currency, source.locale),
        total=(
            word["returned" if source.kind == "credit_note" else "total"],
            labels.money(source.total, source.currency, source.locale),
        ),
        below=_in_books(source, source.exchange, word) if source.exchange else [],
        notes=_notes(document, word),
    )


def _in_books(source: DocumentSource, worth: DocumentExchange, word: dict[str, str]) -> list[tuple[str, str]]:
    """Say what tax and total are in the currency of the books: taxes are stated in it, whatever was charged."""
    total = word["returned_in_books" if source.kind == "credit_note" else "total_in_books"]
    said = [(word["tax_in_books"], worth.tax)] if any(one.tax for one in source.taxes()) else []
    return [
        (label.format(currency=worth.currency), labels.money(minor, worth.currency, source.locale))
        for label, minor in (*said, (total, worth.total))
    ]


def _exchange(source: DocumentSource, worth: DocumentExchange, word: dict[str, str]) -> str:
    return word["exchange"].format(
        books=worth.currency,
        rate=labels.exchange_rate(worth.rate, source.locale),
        currency=source.currency,
        day=labels.day(worth.dated, source.locale),
        source=word["ecb" if worth.source == "ecb" else "marketplace"],
    )


def _row(line: DocumentLine, document: Document, columns: list[str]) -> Row:
    source = document.source
    word = labels.words(source.locale)
    cells = {
        "quantity": labels.count(line.quantity, source.locale),
        "unit_price": labels.money(line.unit_price, source.currency, source.locale),
        "rate": "" if line.rate is None else labels.percent(line.rate, source.locale),
        "amount": labels.money(line.amount, source.currency, source.locale),
    }
    discount = f"{word['discount']}: {labels.money(-line.discount, source.currency, source.locale)}"
    details = [line.detail] if line.detail else []
    return Row(
        name=line.name if line.role == "item" else word[line.role],
        details=[*details, discount] if line.discount else details,
        cells=[cells[name] for name in columns],
    )


def _issued(issuer: Party, supplier: Party, word: dict[str, str]) -> tuple[str, str]:
    """Name the issuer, with their address and tax id: the law requires to say that it is not the supplier."""
    tax_id = (f"{word['tax_id']}: {issuer.tax_id}",) if issuer.tax_id else ()
    return word["issuer"].format(issuer=issuer.name, supplier=supplier.name), " · ".join((*issuer.lines, *tax_id))


def _notes(document: Document, word: dict[str, str]) -> list[str]:
    source = document.source
    taxed = any(one.tax for one in source.taxes())
    notes = [word["includes_tax" if source.prices_include_tax else "excludes_tax"]] if taxed else []
    if source.exchange:
        notes.append(_exchange(source, source.exchange, word))
    if source.issuer:
        notes += _issued(source.issuer, source.supplier, word)
    return [*notes, f"{word['reason']}: {source.reason}"] if source.reason else notes
