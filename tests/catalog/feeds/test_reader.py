"""What a file says, cell by cell."""

import gzip
from pathlib import Path

import pytest

from catalog.feeds.conftest import COLUMNS, SHIRT, ReadFeed, WriteFeed, more, plain, text_of
from mercat.catalog.feeds.reader import read
from mercat.catalog.feeds.shapes import FeedImage, FeedVariant
from mercat.kit.money import Money


def test_every_column_reaches_its_field(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    outcome = read_feed(write_feed(SHIRT))
    product = outcome.product
    assert outcome.errors == []
    assert (product.handle, product.name, product.description_html) == ("shirt", "Shirt", "<p>Cotton</p>")
    assert (product.brand, product.category, product.tags) == ("Acme", "Shirts", ("men", "blue"))
    assert (product.seo_title, product.seo_description, product.status) == ("Shirts", "All shirts", "active")
    assert product.images == (FeedImage("https://pictures.example/shirt.jpg", "A shirt", 1),)
    assert product.option_names == ("Size",)
    assert product.variants == (
        FeedVariant(
            2, "SH-S", ("S",), Money(1990, "EUR"), Money(2500, "EUR"), 200, "400123", 5, False, None  # noqa: FBT003 - the field's own place
        ),
    )  # fmt: skip


def test_rows_of_a_handle_are_one_product(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    outcome = read_feed(
        write_feed(
            SHIRT,
            more(
                "shirt", Option1_Value="M", Variant_SKU="SH-M", Variant_Price="21", Variant_Inventory_Policy="continue"
            ),
            plain("cup"),
        )
    )
    shirt, cup = outcome.products
    assert [(v.options, v.line, v.allow_backorder) for v in shirt.variants] == [(("S",), 2, False), (("M",), 3, True)]
    assert (cup.handle, cup.line, outcome.errors) == ("cup", 4, [])


def test_a_row_with_only_a_picture_is_no_variant(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    product = read_feed(
        write_feed(
            SHIRT,
            more("shirt", Image_Src="/media/c.jpg", Image_Position="3"),
            more("shirt", Image_Src="http://pictures.example/b.jpg", Image_Position="2", Image_Alt_Text="Back"),
        )
    ).product
    assert len(product.variants) == 1
    assert [(image.url, image.position) for image in product.images] == [
        ("https://pictures.example/shirt.jpg", 1),
        ("http://pictures.example/b.jpg", 2),
        ("/media/c.jpg", 3),
    ]


def test_default_title_means_no_options(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    row = {**SHIRT, "Option1 Name": "Title", "Option1 Value": "Default Title"}
    product = read_feed(write_feed(row)).product
    assert (product.option_names, product.variants[0].options) == ((), ())


def test_an_option_that_is_called_title_stays_one(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    product = read_feed(write_feed({**SHIRT, "Option1 Name": "Title", "Option1 Value": "Dr"})).product
    assert (product.option_names, product.variants[0].options) == (("Title",), ("Dr",))


@pytest.mark.parametrize(
    ("published", "status", "expected"),
    [
        ("true", "active", "active"),
        ("", "", "active"),
        ("true", "", "active"),
        ("FALSE", "", "draft"),
        ("false", "active", "draft"),
        ("true", "draft", "draft"),
        ("true", "archived", "archived"),
    ],
)
def test_status(write_feed: WriteFeed, read_feed: ReadFeed, published: str, status: str, expected: str) -> None:
    outcome = read_feed(write_feed({**SHIRT, "Published": published, "Status": status}))
    assert (outcome.product.status, outcome.errors) == (expected, [])


def test_a_status_that_nobody_knows_is_reported_and_not_shown(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    outcome = read_feed(write_feed({**SHIRT, "Status": "secret"}))
    assert (outcome.product.status, outcome.codes) == ("draft", [(2, "bad_status")])


def test_descriptions_are_made_safe(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    html = "<p onclick='x()'>Hi<script>steal()</script> <a href='javascript:x()'>there</a></p>"
    product = read_feed(write_feed({**SHIRT, "Body (HTML)": html})).product
    assert product.description_html.startswith("<p>Hi")
    for bad in ("script", "onclick", "steal"):
        assert bad not in product.description_html


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example/a.jpg", "/\\elsewhere.example", "ftp://a.example/x",
     "https:", " JavaScript:alert(1)", 'https://a.example/"><script>', "pictures/a.jpg",
     "https://a.example/" + "x" * 3000],
)  # fmt: skip
def test_a_picture_from_a_dangerous_place_is_left_out(write_feed: WriteFeed, read_feed: ReadFeed, url: str) -> None:
    outcome = read_feed(write_feed({**SHIRT, "Image Src": url, "Variant Image": url}))
    assert outcome.product.images == ()
    assert outcome.product.variants[0].image_url is None
    assert outcome.codes == [(2, "bad_image"), (2, "bad_image")]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("Variant Price", "-1", "bad_price"),
        ("Variant Price", "NaN", "bad_price"),
        ("Variant Price", "Infinity", "bad_price"),
        ("Variant Price", "ten", "bad_price"),
        ("Variant Price", "1.999", "bad_price"),
        ("Variant Price", "", "missing_price"),
        ("Variant Price", "9" * 30, "bad_price"),
        ("Option1 Value", "", "missing_option"),
        ("Option1 Value", "x" * 256, "too_long"),
    ],
)
def test_a_bad_cell_costs_its_row_and_nothing_else(
    write_feed: WriteFeed, read_feed: ReadFeed, column: str, value: str, code: str
) -> None:
    good = more("shirt", Option1_Value="M", Variant_SKU="SH-M", Variant_Price="21")
    bad = {**more("shirt", Option1_Value="L", Variant_SKU="SH-L", Variant_Price="21"), column: value}
    outcome = read_feed(write_feed(SHIRT, bad, good, plain("cup")))
    assert outcome.codes == [(3, code)]
    assert outcome.errors[0].field == column
    shirt, cup = outcome.products
    assert [v.options for v in shirt.variants] == [("S",), ("M",)]
    assert (shirt.partial, cup.partial) == (True, False)


@pytest.mark.parametrize(
    ("column", "value", "code", "field"),
    [
        ("Variant Compare At Price", "-5", "bad_compare_at", "compare_at"),
        ("Variant Compare At Price", "x", "bad_compare_at", "compare_at"),
        ("Variant Inventory Qty", "1.5", "bad_quantity", "quantity"),
        ("Variant Inventory Qty", "many", "bad_quantity", "quantity"),
        ("Variant Inventory Qty", "99999999999", "bad_quantity", "quantity"),
        ("Variant Inventory Policy", "perhaps", "bad_policy", "policy"),
        ("Variant Grams", "-3", "bad_weight", "grams"),
        ("Variant SKU", "x" * 101, "too_long", "sku"),
    ],
)
def test_a_bad_cell_that_nobody_needs_costs_no_variant(
    write_feed: WriteFeed, read_feed: ReadFeed, column: str, value: str, code: str, field: str
) -> None:
    bad = {**more("shirt", Option1_Value="L", Variant_SKU="SH-L", Variant_Price="21"), column: value}
    outcome = read_feed(write_feed(SHIRT, bad))
    assert [(error.line, error.field, error.code) for error in outcome.errors] == [(3, column, code)]
    assert [(v.options, v.unknown) for v in outcome.product.variants] == [(("S",), frozenset()), (("L",), {field})]
    assert not outcome.product.partial


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("Title", "x" * 256, "too_long"),
        ("Title", "", "missing_title"),
        ("Handle", "x" * 256, "too_long"),
        ("Handle", "", "missing_handle"),
        ("Variant Price", "-1", "bad_price"),
    ],
)
def test_a_product_that_cannot_be_is_reported_and_left_out(
    write_feed: WriteFeed, read_feed: ReadFeed, column: str, value: str, code: str
) -> None:
    outcome = read_feed(write_feed({**SHIRT, column: value}, plain("cup")))
    assert outcome.handles == ["cup"]
    assert outcome.codes[0] == (2, code)
    assert outcome.codes[1:] == ([(2, "no_variants")] if code == "bad_price" else [])


def test_names_of_255_characters_are_not_too_long(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    row = {**SHIRT, "Title": "ä" * 255, "Handle": "h" * 255, "Variant SKU": "s" * 100}
    assert read_feed(write_feed(row)).errors == []


def test_a_sku_counts_once_in_a_file(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    outcome = read_feed(
        write_feed(
            SHIRT,
            plain("cup", Variant_SKU="SH-S"),
            plain("mug", price="x", Variant_SKU="M"),
            plain("pot", Variant_SKU="M"),
        )
    )
    assert outcome.codes == [(3, "duplicate_sku"), (4, "bad_price"), (4, "no_variants")]
    assert "line 2" in outcome.errors[0].message
    skus = {product.handle: product.variants[0].sku for product in outcome.products}
    assert skus == {"shirt": "SH-S", "cup": None, "pot": "M"}, "a row that was refused does not use up its SKU"


def test_options_count_once_in_a_product(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    outcome = read_feed(write_feed(SHIRT, more("shirt", Option1_Value=" S ", Variant_SKU="SH-X", Variant_Price="1")))
    assert outcome.codes == [(3, "duplicate_options")]
    assert [v.sku for v in outcome.product.variants] == ["SH-S"]


def test_a_handle_that_comes_again_is_reported_with_its_first_line(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    again = more("shirt", Option1_Value="M", Variant_Price="1")
    outcome = read_feed(write_feed(SHIRT, plain("cup"), again, again, plain("mug"), again))
    assert outcome.handles == ["shirt", "cup", "mug"]
    assert outcome.codes == [(4, "duplicate_handle"), (7, "duplicate_handle")]
    assert "line 2" in outcome.errors[0].message
    assert len(outcome.products[0].variants) == 1


def test_cells_that_our_own_export_neutralised_are_restored(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    row = {**SHIRT, "Title": "'=1+1", "Option1 Value": "'+XL", "Variant SKU": "'-7", "Vendor": "''@me", "Tags": "'tis"}
    product = read_feed(write_feed(row)).product
    assert (product.name, product.brand, product.tags) == ("=1+1", "'@me", ("'tis",))
    assert (product.variants[0].options, product.variants[0].sku) == (("+XL",), "-7")


def test_quantity_says_nothing_when_it_is_empty_and_may_be_oversold(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    first, second = read_feed(
        write_feed(plain("a", Variant_Inventory_Qty=""), plain("b", Variant_Inventory_Qty="-3"))
    ).products
    assert (first.variants[0].quantity, second.variants[0].quantity) == (None, -3)


def test_columns_that_the_file_lacks_are_known(write_feed: WriteFeed, read_feed: ReadFeed) -> None:
    product = read_feed(write_feed(plain("cup"), columns=("Handle", "Title", "Variant Price"))).product
    assert product.absent >= {"description_html", "brand", "category", "tags", "images", "status", "sku", "quantity"}
    assert "price" not in product.absent
    assert "status" not in read_feed(write_feed(SHIRT)).product.absent


def test_headers_are_found_whatever_their_case_and_order(tmp_path: Path, read_feed: ReadFeed) -> None:
    path = tmp_path / "feed.csv"
    path.write_text("VARIANT PRICE, title ,handle\n9,Cup,cup\n", encoding="utf-8")
    product = read_feed(path).product
    assert (product.name, product.variants[0].price.minor) == ("Cup", 900)


def test_gzip_is_recognised_by_its_content_and_progress_counts_its_bytes(tmp_path: Path) -> None:
    rows = text_of([plain(f"p{n}") for n in range(5_000)], COLUMNS).encode()
    packed = gzip.compress(rows[:9_000]) + gzip.compress(rows[9_000:])
    path = tmp_path / "no-suffix"
    path.write_bytes(packed + b"\0" * 100)
    counts: list[int] = []
    products = list(read(path, currency="EUR", on_error=lambda error: pytest.fail(str(error)), on_bytes=counts.append))
    assert len(products) == 5_000
    assert sum(counts) == len(packed) + 100
