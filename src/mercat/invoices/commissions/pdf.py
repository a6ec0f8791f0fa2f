"""Commission invoices as PDF: everything is put into words here."""

from mercat.invoices import labels
from mercat.invoices.commissions.document import ChargedLine, CommissionDocument, CommissionSource
from mercat.invoices.pdf import sums_of
from mercat.invoices.typesetting import Row, Sheet, as_pdf, as_pictures


def draw(document: CommissionDocument) -> bytes:
    """Return the PDF of a document; the same document is the same bytes."""
    return as_pdf(_sheet(document))


def pictures(document: CommissionDocument, *, pixels_per_inch: float = 90) -> list[bytes]:
    """Return the pages of a document as PNG, to look at."""
    return as_pictures(_sheet(document), pixels_per_inch=pixels_per_inch)


def _sheet(document: CommissionDocument) -> Sheet:
    source = document.source
    word = labels.words(source.locale)
    columns = ["day", "base", "commission", "rate", "tax"]
    if source.by_day:
        columns.remove("day")
    if not any(line.tax for line in source.lines):
        columns = [name for name in columns if name not in {"rate", "tax"}]
    return Sheet(
        locale=source.locale,
        issued_on=document.issued_on,
        title=word[source.kind],
        number=document.number,
        fields=[
            (word["number"], document.number),
            (word["issued_on"], labels.day(document.issued_on, source.locale)),
            (word["service"], word["commission_on_sales"]),
            (word["period"], labels.month(source.month, source.locale)),
        ],
        supplier=source.supplier,
        buyer=source.buyer,
        buyer_label=word["buyer"],
        tax_id_label=word["tax_id"],
        columns=[word["day" if source.by_day else "order"], *(word[name] for name in columns)],
        rows=[_row(line, source, columns) for line in source.lines],
        sums=sums_of(source.taxes(), source.currency, source.locale),
        total=(
            word["returned" if source.kind == "credit_note" else "total"],
            labels.money(source.total, source.currency, source.locale),
        ),
        notes=_notes(source, word),
    )


def _row(line: ChargedLine, source: CommissionSource, columns: list[str]) -> Row:
    word = labels.words(source.locale)
    cells = {
        "day": labels.short_day(line.day, source.locale),
        "base": labels.money(line.base, source.currency, source.locale),
        "commission": labels.money(line.commission, source.currency, source.locale),
        "rate": "" if line.rate is None else labels.percent(line.rate, source.locale),
        "tax": labels.money(line.tax, source.currency, source.locale),
    }
    if source.by_day:
        details = [f"{word[f'{line.what}s']}: {labels.count(line.count, source.locale)}"]
    else:
        usual = line.what == "sale" and source.kind == "invoice"
        details = [] if usual else [word[line.what]]
    return Row(
        name=cells["day"] if source.by_day else line.order_number,
        details=details,
        cells=[cells[name] for name in columns],
    )


def _notes(source: CommissionSource, word: dict[str, str]) -> list[str]:
    notes = [word["given" if source.kind == "credit_note" else "taken"]]
    if source.reverse_charge:
        notes.insert(0, word["reverse_charge"])
    if source.refers_to:
        notes.append(f"{word['corrects']}: {', '.join(source.refers_to)}")
    return [*notes, word["by_day"]] if source.by_day else notes
