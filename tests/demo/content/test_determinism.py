import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from random import getstate, seed

import pytest

import mercat
from mercat.demo.content import SHOPS, draw, logo, past_orders, products
from mercat.demo.content.authoring import read
from mercat.demo.content.catalogue import WORKSHOPS

FINGERPRINT = """
from hashlib import sha256
from mercat.demo.content import ACCOUNTS, CATEGORIES, OWNERS, PEOPLE, SHOPS, draw, logo, past_orders, products, reviews
everything = [repr(part) for part in (ACCOUNTS, CATEGORIES, OWNERS, PEOPLE, SHOPS, products(), past_orders())]
everything += [repr(reviews())]
everything += [draw(product.picture) for product in products()] + [logo(shop) for shop in SHOPS]
print(sha256("".join(everything).encode()).hexdigest())
"""


def fingerprint(hash_seed: str) -> str:
    source = Path(mercat.__file__).parents[1]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(source)}
    command = [sys.executable, "-c", FINGERPRINT]
    return subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout


def test_every_process_makes_the_same_marketplace() -> None:
    first, second = fingerprint("1"), fingerprint("4242")
    assert len(first.strip()) == sha256().digest_size * 2
    assert first == second


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


@pytest.mark.parametrize("forbidden", ["open(", "datetime.now", "date.today", "time.time", "import os", "urlopen"])
def test_the_content_asks_nothing_of_the_outside(forbidden: str) -> None:
    package = Path(mercat.__file__).parent / "demo" / "content"
    sources = sorted(package.rglob("*.py"))
    assert len(sources) > 20
    assert [path.name for path in sources if forbidden in path.read_text(encoding="utf-8")] == []
