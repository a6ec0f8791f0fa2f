"""Files as other programs write them: separators, decimal commas, column names in another language."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.feeds.conftest import ReadFeed
from mercat.catalog.feeds import shopify, woocommerce_headers
from mercat.kit.settings_memory import read_anew

GERMAN = (
    "ID;Typ;Artikelnummer;GTIN, UPC, EAN oder ISBN;Name;Veröffentlicht;Ist hervorgehoben?;Sichtbarkeit im Katalog;"
    "Kurzbeschreibung;Beschreibung;Datum, an dem Angebotspreis beginnt;Datum, an dem Angebotspreis endet;Steuerstatus;"
    "Steuerklasse;Vorrätig?;Lager;Geringe Lagermenge;Lieferrückstande erlaubt?;Nur einzeln verkaufen?;Gewicht (g);"
    "Länge (cm);Breite (cm);Höhe (cm);Kundenrezensionen erlauben?;Hinweis zum Kauf;Angebotspreis;Regulärer Preis;"
    "Kategorien;Schlagwörter;Versandklasse;Bilder;Downloadlimit;Ablauftage des Downloads;Übergeordnet;"
    "Gruppierte Produkte;Zusatzverkäufe;Cross-Sells;Externe URL;Button-Text;Position;Marken;"
    "Attribut 1 Name;Attribut 1 Wert(e);"
    "Attribut 1 Sichtbar;Attribut 1 Global"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feed.csv"


@pytest.fixture
def decimal_comma(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MERCAT_IMPORT_DECIMAL_COMMA", "true")
    _read_anew()
    yield
    monkeypatch.undo()
    _read_anew()


def _read_anew() -> None:
    read_anew()
    shopify.price.cache_clear()
    shopify.compare_at.cache_clear()


def row(**cells: str) -> str:
    """A row of WooCommerce's export of all columns, separated by semicolons."""
    known = [*woocommerce_headers.ORDER, "brands", "attribute 1 name", "attribute 1 value(s)", "", ""]
    given = {name.replace("_", " "): value for name, value in cells.items()}
    return ";".join(given.get(name.replace("?", "").partition(" (")[0], "") for name in known)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("first", ["", "sep={}\n"])
def test_what_separates_cells_is_told_from_the_header(
    path: Path, read_feed: ReadFeed, separator: str, encoding: str, first: str
) -> None:
    lines = [["Handle", "Title", '"Variant SKU"', "Variant Price"], ["a", '"A, B; C"', "S", "1.50"]]
    text = first.format(separator) + "".join(separator.join(line) + "\r\n" for line in lines)
    path.write_bytes(text.encode(encoding))

    outcome = read_feed(path)

    assert outcome.errors == []
    assert (outcome.product.name, outcome.product.variants[0].sku) == ("A, B; C", "S")


@pytest.mark.parametrize(
    ("written", "minor"),
    [("6,90", 690), ("1.234,50", 123450), ("1 234,50", 123450), ("6.90", 690), ("12", 1200), ("6,9", 690)],
)
@pytest.mark.usefixtures("decimal_comma")
def test_a_decimal_comma_is_read_where_the_setting_says_so(
    path: Path, read_feed: ReadFeed, written: str, minor: int
) -> None:
    path.write_text(f"Handle;Title;Variant Price;Variant Grams\na;A;{written};1,4\n", encoding="utf-8")
    outcome = read_feed(path)
    assert outcome.errors == []
    [variant] = outcome.product.variants
    assert variant.price is not None
    assert (variant.price.minor, variant.grams) == (minor, 1)


@pytest.mark.parametrize("written", ["6,90", "1.234,50", "6,90 €", "1,2,3"])
def test_without_it_a_comma_is_no_price_and_the_report_says_what_to_do(
    path: Path, read_feed: ReadFeed, written: str
) -> None:
    path.write_text(f"Handle;Title;Variant Price\na;A;{written}\n", encoding="utf-8")
    outcome = read_feed(path)
    assert outcome.codes[0] == (2, "bad_price")
    assert "MERCAT_IMPORT_DECIMAL_COMMA" in outcome.errors[0].message


@pytest.mark.parametrize("gtin", [True, False])
def test_woocommerce_s_columns_are_known_by_their_places(path: Path, read_feed: ReadFeed, *, gtin: bool) -> None:
    lines = [
        GERMAN,
        row(id="7", type="variable", sku="T", name="Tee", published="1", in_stock="1", attribute_1_name="Größe"),
        row(id="8", type="variation", sku="T-S", name="Tee S", published="1", in_stock="1", stock="3", weight="180.4",
            regular_price="12.00", parent="id:7", attribute_1_name="Größe") .replace("Größe;", "Größe;S"),
    ]  # fmt: skip
    if not gtin:
        lines = [";".join(cell for at, cell in enumerate(line.split(";")) if at != 3) for line in lines]
    path.write_text("\n".join(lines), encoding="utf-8")

    outcome = read_feed(path)

    assert outcome.errors == []
    product = outcome.product
    assert (product.name, product.status, product.option_names) == ("Tee", "active", ("Größe",))
    [variant] = product.variants
    assert (variant.sku, variant.options, variant.quantity, variant.grams) == ("T-S", ("S",), 3, 180)


def test_fewer_columns_in_another_language_are_named_as_that(path: Path, read_feed: ReadFeed) -> None:
    path.write_text("ID;Typ;Artikelnummer;Name;Regulärer Preis\n7;simple;T;Tee;12.00\n", encoding="utf-8")
    assert read_feed(path).codes == [(1, "translated_header")]


def test_a_product_of_shopify_that_looks_like_it_is_none_of_woocommerce(path: Path, read_feed: ReadFeed) -> None:
    path.write_text("Handle,Title,Variant Price\n1,simple,2.00\n", encoding="utf-8")
    assert read_feed(path).product.name == "simple"
