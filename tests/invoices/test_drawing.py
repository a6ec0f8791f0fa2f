"""What stands on a document can be read: in its language, with its currency, in any script."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from invoices.documents import a_document, a_source, line, on_document
from mercat.invoices.document import DocumentLine, Party, TaxSum
from mercat.invoices.exceptions import DocumentDoesNotAddUpError
from mercat.invoices.pdf import draw, pictures

MUG = line("Stoneware mug", 2, 1850, rate="0.19", discount=500)
BOOK = line("A book", 1, 2140, rate="0.07")
SHIPPING = line("", 1, 490, rate="0.19").model_copy(update={"role": "shipping"})


def test_a_german_invoice_says_everything() -> None:
    text = on_document(a_document(MUG, BOOK, shipping=SHIPPING, locale="de"))

    for said in (
        "Rechnung", "NORTH-KILN-2030-00017", "31. Januar 2030", "M-100042", "30. Januar 2030", "North Kiln",
        "Mercat GmbH", "DE123456789", "Ada Lovelace", "12 St James's Square", "Stoneware mug", "Rabatt: -5,00 €",
        "18,50 €", "32,00 €", "19 %", "7 %", "Versand", "4,90 €", "Nettobetrag", "Gesamtbetrag", "58,30 €",
        "Die Preise enthalten die Steuer.",
    ):  # fmt: skip
        assert said in text, said
    # 36.90 at 19 % and 21.40 at 7 %, both with the tax in them
    assert "Steuer 19 % (31,01 €)" in text
    assert "5,89 €" in text
    assert "Steuer 7 % (20,00 €)" in text
    assert "1,40 €" in text


def test_tax_on_top_is_added() -> None:
    lines = [line("Mug", 2, 1000, rate="0.2", included=False), line("Book", 1, 1000, rate="0.05", included=False)]
    text = on_document(a_document(*lines, prices_include_tax=False, locale="fr"))

    for said in ("Facture", "Montant hors taxe", "30,00 €", "TVA 20 % (20,00 €)", "4,00 €", "0,50 €", "34,50 €"):
        assert said in text, said


def test_without_tax_no_tax_is_spoken_of() -> None:
    text = on_document(a_document(line("Mug", 1, 1000)))

    assert "Tax" not in text.replace("Tax number", "")
    assert "Net amount" not in text


@pytest.mark.parametrize(
    ("currency", "locale", "minor", "said"),
    [
        ("JPY", "en", 12000, "¥12,000"),
        ("KWD", "de", 1234567, "1.234,567 KWD"),
        ("INR", "en", 123456, "₹1,234.56"),
        ("EUR", "fr", 123456, "1 234,56 €"),
        ("CHF", "de", 5, "0,05 CHF"),
    ],
)
def test_amounts_are_exact_in_every_currency(currency: str, locale: str, minor: int, said: str) -> None:
    assert said in on_document(a_document(line("Thing", 1, minor), currency=currency, locale=locale))


@pytest.mark.parametrize(
    "name",
    ["青花瓷茶杯", "抹茶茶碗", "한국어", "चाय", "กาแฟ", "Ελληνικός", "Кофе", "Đặng Thị", "ქართული", "Հայերեն"],
)
def test_any_script_is_drawn_and_can_be_read(name: str) -> None:
    document = a_document(line(name, 1, 100), buyer=Party(name=name))
    text = on_document(document)

    assert name.split(maxsplit=1)[0][:2] in text.replace(" ", "")
    (document,) = PdfReader(io.BytesIO(draw(document))).pages
    fonts = [str(font.get_object()["/BaseFont"]) for font in document["/Resources"]["/Font"].values()]
    assert all("Noto" in font for font in fonts)


def test_arabic_stands_from_right_to_left() -> None:
    arabic = "\u0639\u0628\u062f"
    picture = pictures(a_document(line(arabic, 1, 100), buyer=Party(name=arabic, lines=(arabic,))))
    turned = pictures(a_document(line(arabic[::-1], 1, 100), buyer=Party(name=arabic[::-1], lines=(arabic[::-1],))))

    assert picture[0].startswith(b"\x89PNG")
    assert picture != turned
    assert "North Kiln" in on_document(a_document(line(arabic, 1, 100)))


def test_what_no_font_has_is_a_box_and_no_failure() -> None:
    with_box = pictures(a_document(line("\U0001f381\u9f98", 1, 100)))
    without = pictures(a_document(line("  ", 1, 100)))

    assert with_box != without


def test_sixty_lines_go_over_pages_with_their_headings() -> None:
    pages = PdfReader(io.BytesIO(draw(a_document(*(line(f"Item no. {n}", n, 111) for n in range(1, 61)))))).pages

    assert len(pages) > 1
    texts = [page.extract_text() for page in pages]
    assert all("Quantity" in text and f"{n} / {len(pages)}" in text for n, text in enumerate(texts, 1))
    assert all(f"Item no. {n}" in "\n".join(texts) for n in range(1, 61))
    assert "Total" in texts[-1]


def test_long_words_break_and_stay_on_the_document() -> None:
    word = "Donaudampfschifffahrtsgesellschaft" * 8
    text = on_document(a_document(line(word, 1, 10**13), buyer=Party(name="W" * 300)))

    assert word in text.replace("\n", "")


def test_a_credit_note_names_what_it_corrects() -> None:
    more = {"refund_id": "0190a6f2-7c7e-7d3a-9c3b-3f1f0a1b2c3d", "refers_to": "NORTH-KILN-2030-00003"}
    text = on_document(a_document(BOOK, kind="credit_note", reason="One arrived broken.", **more))

    for said in ("Credit note", "Corrects invoice", "NORTH-KILN-2030-00003", "Amount returned", "One arrived broken."):
        assert said in text, said


def test_the_same_document_is_the_same_file() -> None:
    assert draw(a_document(MUG)) == draw(a_document(MUG))


def test_markup_is_text() -> None:
    nasty = "#include *bold* $x$ `raw` \\ @ref <label> = heading // no comment"
    assert nasty in on_document(a_document(line(nasty, 1, 100))).replace("\n", " ")


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=120), st.text(max_size=120))
def test_any_name_whatever_can_be_drawn(name: str, detail: str) -> None:
    written = DocumentLine(name=name, detail=detail, quantity=1, unit_price=1, amount=1)
    assert draw(a_document(written)).startswith(b"%PDF")


def test_rates_are_summed_however_they_are_written() -> None:
    source = a_source(line("a", 1, 119, rate="0.19"), line("b", 1, 119, rate="0.190"), line("c", 1, 50))

    assert source.taxes() == (TaxSum(rate="0.19", net=200, tax=38), TaxSum(rate=None, net=50, tax=0))
    with pytest.raises(DocumentDoesNotAddUpError):
        a_source(line("a", 1, 119), total=118).taxes()
