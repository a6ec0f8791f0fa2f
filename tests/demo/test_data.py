"""The data that the package ships is what `tools/demo` makes, and fits every day on which somebody tries it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

from PIL import Image

import build
from mercat.demo.content import DATA, PICTURES, UPLOADS, content

TODAY = datetime(2026, 5, 13, 9, 30, tzinfo=UTC)
WEEK = [TODAY + timedelta(days=n) for n in range(7)]


def test_the_texts_are_those_that_the_generator_writes() -> None:
    made = build.texts()
    shipped = {str(path.relative_to(DATA)) for path in DATA.rglob("*") if path.suffix in {".csv", ".json"}}
    assert shipped == set(made)
    stale = [name for name, text in made.items() if (DATA / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run tools/demo/build.py"


def test_the_pictures_are_those_that_the_generator_draws() -> None:
    made = build.pictures()
    with ZipFile(PICTURES) as archive:
        shipped = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".svg")}
    assert set(shipped) == set(made)
    assert [name for name, drawing in made.items() if shipped[name] != drawing] == [], "run tools/demo/build.py"


def test_the_uploads_are_made_of_what_the_generator_draws() -> None:
    made = build.uploaded()
    with ZipFile(UPLOADS) as archive:
        assert [*archive.namelist()] == [f"{handle}.webp" for handle in made]
        assert archive.comment == build.digest_of(made), "run tools/demo/build.py"
        for name in archive.namelist():
            with Image.open(archive.open(name)) as picture:
                assert (picture.format, picture.size) == ("WEBP", (build.PIXELS, build.PIXELS))
    assert len(made) == build.UPLOADED * len(content().vendors) >= 40


def test_what_was_bought_at_weekends_stays_so_whatever_day_it_is() -> None:
    for today in WEEK:
        days = Counter(order.placed_at(today).weekday() for order in content().orders)
        assert (days[5] + days[6]) / 2 > sum(days[day] for day in range(5)) / 5, today
        assert all(order.placed_at(today) < today for order in content().orders), today


def test_products_are_older_than_their_orders_and_reviews_younger() -> None:
    ages = {product.slug: product.created_days_ago for product in content().products}
    slugs = {variant.sku: one.handle for one in build.products() for variant in one.variants}
    for today in WEEK:
        early = [
            f"{sku} bought {order.age(today)} days ago"
            for order in content().orders
            for sku, _ in order.lines
            if ages[slugs[sku]] <= order.age(today)
        ]
        assert early == [], today
        unread = [
            f"{review.product} by {content().orders[review.order].buyer}"
            for review in content().reviews
            if review.product not in {slugs[sku] for sku, _ in content().orders[review.order].lines}
            or review.days_after < 1
        ]
        assert unread == [], today
