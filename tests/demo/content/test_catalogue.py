import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from mercat.demo.content import ACCOUNTS, CATEGORIES, OWNERS, SHOPS, CategoryNode, ProductContent, products

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HEX = re.compile(r"#[0-9a-f]{6}")


def nodes(level: tuple[CategoryNode, ...] = CATEGORIES, depth: int = 1) -> Iterator[tuple[CategoryNode, int]]:
    for node in level:
        yield node, depth
        yield from nodes(node.children, depth + 1)


def test_there_are_eight_shops_of_about_twenty_five_products() -> None:
    sizes = Counter(product.shop for product in products())
    assert set(sizes) == {shop.slug for shop in SHOPS}
    assert len(sizes) == 8
    assert all(24 <= size <= 27 for size in sizes.values())
    assert 195 <= len(products()) <= 216


def test_there_are_enough_variants_some_sold_out_and_some_on_sale() -> None:
    variants = [variant for product in products() for variant in product.variants]
    assert 450 <= len(variants) <= 650
    assert 10 <= sum(variant.stock == 0 for variant in variants) <= 60
    assert 20 <= sum(variant.compare_at is not None for variant in variants) <= 150


def test_no_product_is_sold_out_altogether() -> None:
    assert [product.name for product in products() if not any(variant.stock for variant in product.variants)] == []


def test_the_category_tree_is_two_or_three_levels_deep_and_names_each_slug_once() -> None:
    slugs = [node.slug for node, _ in nodes()]
    assert 25 <= len(slugs) <= 35
    assert len(set(slugs)) == len(slugs)
    assert max(depth for _, depth in nodes()) == 3
    assert all(SLUG.fullmatch(slug) for slug in slugs)


def test_products_stand_in_leaves_that_their_shop_names_and_no_leaf_is_empty() -> None:
    leaves = {node.slug for node, _ in nodes() if not node.children}
    assert {product.category for product in products()} == leaves
    for shop in SHOPS:
        assert {product.category for product in products() if product.shop == shop.slug} == set(shop.category_slugs)


@pytest.mark.parametrize("unique", ["handle", "name", "description_html"])
def test_no_two_products_share(unique: str) -> None:
    repeated = [
        value for value, count in Counter(getattr(product, unique) for product in products()).items() if count > 1
    ]
    assert repeated == []


def test_no_two_pictures_or_skus_or_barcodes_are_the_same() -> None:
    variants = [variant for product in products() for variant in product.variants]
    for values in (
        [product.picture for product in products()],
        [variant.sku for variant in variants],
        [variant.barcode for variant in variants],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []


@pytest.mark.parametrize("product", products(), ids=lambda product: product.handle)
def test_a_product_is_complete(product: ProductContent) -> None:
    assert SLUG.fullmatch(product.handle)
    assert 0 <= len(product.option_names) <= 2
    assert product.variants
    assert len({variant.options for variant in product.variants}) == len(product.variants)
    assert product.created_days_ago >= 1
    assert product.weight > 0
    assert product.tags
    assert len(set(product.tags)) == len(product.tags)
    assert all(product.tags)
    assert all(key and value for key, value in product.attributes.items())
    for variant in product.variants:
        assert len(variant.options) == len(product.option_names)
        assert variant.price.currency == "EUR"
        assert variant.price.minor > 0
        assert variant.price.minor % 10 == 0
        assert variant.compare_at is None or variant.price < variant.compare_at
        assert variant.stock >= 0
        assert variant.grams > 0
        assert re.fullmatch(r"[A-Z]{3}-\d{3}(-[A-Z0-9]+){0,2}", variant.sku)


@pytest.mark.parametrize("product", products(), ids=lambda product: product.handle)
def test_a_description_is_well_formed_prose(product: ProductContent) -> None:
    root = ET.fromstring(f"<div>{product.description_html}</div>")  # noqa: S314 - our own words
    assert {element.tag for element in root.iter()} <= {"div", "p", "ul", "li"}
    prose = root.findtext("p", "")
    assert 90 <= len(prose) <= 600
    assert 2 <= len(re.findall(r"[.!?](?= |$)", prose)) <= 5
    assert prose.endswith((".", "!", "?"))
    assert not re.search(r"[|*@#~]|  ", prose)


@pytest.mark.parametrize("product", products(), ids=lambda product: product.handle)
def test_a_barcode_is_an_ean_for_use_inside_a_shop(product: ProductContent) -> None:
    for variant in product.variants:
        assert variant.barcode is not None
        assert re.fullmatch(r"2\d{12}", variant.barcode)
        weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(variant.barcode))
        assert weighed % 10 == 0


def test_popularity_has_a_long_tail() -> None:
    weights = sorted((product.weight for product in products()), reverse=True)
    assert sum(weights[:40]) > 0.4 * sum(weights)
    assert sum(weights[100:]) > 0.05 * sum(weights)


def test_shops_are_introduced_in_their_colours() -> None:
    for shop in SHOPS:
        assert SLUG.fullmatch(shop.slug)
        assert len(shop.description) > 100
        assert len(set(shop.palette.grounds)) >= 3
        assert all(HEX.fullmatch(tone) for tone in (*shop.palette.grounds, shop.palette.ink, shop.palette.accent))


def test_the_logins_are_distinct_and_every_shop_has_an_owner() -> None:
    assert set(ACCOUNTS) == {"admin", "vendor", "buyer"}
    assert [owner.shop for owner in OWNERS] == [shop.slug for shop in SHOPS]
    assert ACCOUNTS["vendor"] in OWNERS
    assert ACCOUNTS["admin"].shop is None
    assert ACCOUNTS["buyer"].shop is None
    everyone = {*ACCOUNTS.values(), *OWNERS}
    assert len({account.email for account in everyone}) == len(everyone) == 10
    for account in everyone:
        assert account.email.endswith("@example.com")
        assert len(account.password) >= 12
