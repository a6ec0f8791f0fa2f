from pathlib import Path
from random import getstate, seed

import content
from content import SHOPS, draw, logo, past_orders, products
from content.catalogue import WORKSHOPS
from content.manuscript import read


def test_reading_twice_gives_equal_products() -> None:
    again = tuple(product for workshop in WORKSHOPS for product in read(workshop))
    assert again == products()
    assert again is not products()


def test_drawing_twice_gives_the_same_bytes() -> None:
    for product in products():
        assert draw(product.picture) == draw(product.picture)
    assert [logo(shop) for shop in SHOPS] == [logo(shop) for shop in SHOPS]


def test_nothing_draws_from_or_disturbs_the_global_chance() -> None:
    seed(7)
    before = getstate()
    fresh = past_orders.__wrapped__()
    for workshop in WORKSHOPS:
        list(read(workshop))
    assert getstate() == before
    seed(8)
    assert past_orders.__wrapped__() == fresh


def test_the_content_asks_nothing_of_the_outside() -> None:
    sources = sorted(Path(content.__file__).parent.rglob("*.py"))
    assert len(sources) > 20
    for forbidden in ("open(", "datetime.now", "date.today", "time.time", "import os", "urlopen"):
        assert [path.name for path in sources if forbidden in path.read_text(encoding="utf-8")] == [], forbidden
