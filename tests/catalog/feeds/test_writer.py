"""Whatever a product says, its rows say the same when they are read back."""

import csv
import io
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mercat.catalog.feeds.reader import read
from mercat.catalog.feeds.shapes import FeedImage, FeedProduct, FeedVariant, RowError, Status
from mercat.catalog.feeds.writer import Layout, text_of
from mercat.kit.money import Money
from mercat.kit.spreadsheets import neutral, restored

# what PostgreSQL can hold, with what troubles CSV and spreadsheets more often than chance would bring it
CHARACTERS = st.one_of(st.sampled_from("'=+-@\t\r\n\",; ab1"), st.characters(codec="utf-8", exclude_characters="\0"))
TEXT = st.text(CHARACTERS, max_size=20)
WORD = TEXT.map(str.strip).filter(bool)


@given(TEXT)
def test_neutral_text_is_no_formula_and_can_be_restored(text: str) -> None:
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert restored(neutral(text)) == text


@st.composite
def variants(draw: st.DrawFn, options: int) -> tuple[FeedVariant, ...]:
    combinations = draw(st.lists(st.tuples(*[WORD] * options), min_size=1, max_size=4 if options else 1, unique=True))
    tracked = draw(st.booleans())
    return tuple(
        FeedVariant(
            line=0,
            sku=draw(st.none() | WORD),
            options=combination,
            price=Money(draw(st.integers(0, 10**9)), "EUR"),
            compare_at=draw(st.none() | st.integers(0, 10**9).map(lambda minor: Money(minor, "EUR"))),
            grams=draw(st.none() | st.integers(0, 10**6)),
            barcode=draw(st.none() | WORD),
            quantity=draw(st.none() | st.integers(-100, 10**6)) if tracked else None,
            allow_backorder=draw(st.booleans()) or not tracked,
            tracked=tracked,
            image_url=draw(st.none() | st.just("/media/v.jpg")),
        )
        for combination in combinations
    )


@st.composite
def products(draw: st.DrawFn) -> FeedProduct:
    names = tuple(draw(st.lists(WORD, max_size=4, unique=True)))
    urls = draw(st.lists(st.sampled_from(["/a", "/b", "https://c.example/d?e=1,2"]), unique=True))
    # drafts and archived products say nothing where they are listed
    said: dict[Status, list[bool | None]] = {"active": [True, False], "draft": [None, False], "archived": [None]}
    status = draw(st.sampled_from(sorted(said)))
    tags = draw(st.lists(WORD.filter(lambda tag: "," not in tag), max_size=3, unique_by=str.casefold))
    return FeedProduct(
        line=0,
        handle=draw(WORD),
        name=draw(WORD),
        description_html=draw(TEXT.filter(lambda text: not {"<", "&"} & set(text))),
        brand=draw(st.none() | WORD),
        category=draw(st.none() | WORD),
        tags=tuple(tags),
        option_names=names,
        variants=draw(variants(len(names))),
        images=tuple(FeedImage(url, draw(TEXT).strip(), n) for n, url in enumerate(urls, 1)),
        status=status,
        listed=draw(st.sampled_from(said[status])),
        seo_title=draw(TEXT).strip(),
        seo_description=draw(TEXT).strip(),
    )


def one_of_each_sku(product: FeedProduct) -> FeedProduct:
    seen: set[str | None] = set()
    kept = [v for v in product.variants if v.sku is None or not (v.sku in seen or seen.add(v.sku))]
    return replace(product, variants=tuple(kept))


@settings(deadline=None, max_examples=100)
@given(products().map(one_of_each_sku), products().map(one_of_each_sku))
def test_what_is_written_is_what_is_read(first: FeedProduct, second: FeedProduct) -> None:
    skus = {variant.sku for variant in first.variants} - {None}
    written = [first]
    if second.handle != first.handle and not skus & {variant.sku for variant in second.variants}:
        written.append(second)
    layout = Layout(options=4)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "feed.csv")
        path.write_text(text_of(written, layout, header=True), encoding="utf-8", newline="")
        errors: list[RowError] = []
        found = list(read(path, currency="EUR", on_error=errors.append))
    assert errors == []
    assert [without_lines(product) for product in found] == written


def without_lines(product: FeedProduct) -> FeedProduct:
    return replace(
        product, line=0, absent=frozenset(), variants=tuple(replace(variant, line=0) for variant in product.variants)
    )


def test_a_catalogue_with_more_options_than_shopify_knows_gets_more_columns() -> None:
    assert "Option4 Name" not in Layout.fitting(2, ["EUR"]).header
    header = next(csv.reader(io.StringIO(text_of((), Layout.fitting(5, ["USD"]), header=True))))
    assert {"Option5 Name", "Option5 Value", "Variant Currency"} <= set(header)
