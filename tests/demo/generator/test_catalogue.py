import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from content import (
    ACCOUNTS,
    APPLICANT,
    BAKER,
    CATEGORIES,
    CLERK,
    SHOPS,
    CategoryNode,
    ProductContent,
    VariantContent,
    products,
)
from mercat.auth import Role

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


def test_no_two_products_share_a_handle_a_name_or_a_description() -> None:
    for unique in ("handle", "name", "description_html"):
        counts = Counter(getattr(product, unique) for product in products())
        assert [value for value, count in counts.items() if count > 1] == [], unique


def test_no_two_pictures_or_skus_or_barcodes_are_the_same() -> None:
    variants = [variant for product in products() for variant in product.variants]
    for values in (
        [product.picture for product in products()],
        [variant.sku for variant in variants],
        [variant.barcode for variant in variants],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def faults(product: ProductContent) -> Iterator[str]:
    """Say what is wrong with a product."""
    prose = ET.fromstring(f"<div>{product.description_html}</div>")  # noqa: S314 - our own words
    first = prose.findtext("p", "")
    checks = {
        "handle": SLUG.fullmatch(product.handle),
        "options": len(product.option_names) <= 2,
        "variants": product.variants and len({v.options for v in product.variants}) == len(product.variants),
        "age and weight": product.created_days_ago >= 1 and product.weight > 0,
        "tags": product.tags and all(product.tags) and len(set(product.tags)) == len(product.tags),
        "attributes": all(key and value for key, value in product.attributes.items()),
        "markup": {element.tag for element in prose.iter()} <= {"div", "p", "ul", "li"},
        "length of the prose": 90 <= len(first) <= 600,
        "number of sentences": 2 <= len(re.findall(r"[.!?](?= |$)", first)) <= 5,
        "end of the prose": first.endswith((".", "!", "?")),
        "signs of the manuscript in the prose": not re.search(r"[|*@#~]|  ", first),
    }
    yield from (f"{product.handle}: {what}" for what, right in checks.items() if not right)
    for variant in product.variants:
        yield from (f"{variant.sku}: {what}" for what in faults_of(variant, product))


def faults_of(variant: VariantContent, product: ProductContent) -> Iterator[str]:
    """Say what is wrong with a variant; its barcode is an EAN for use inside a shop."""
    barcode = variant.barcode or ""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(barcode))
    checks = {
        "options": len(variant.options) == len(product.option_names),
        "price": variant.price.currency == "EUR" and variant.price.minor > 0 and variant.price.minor % 10 == 0,
        "compared price": variant.compare_at is None or variant.price < variant.compare_at,
        "stock and weight": variant.stock >= 0 and variant.grams > 0,
        "SKU": re.fullmatch(r"[A-Z]{3}-\d{3}(-[A-Z0-9]+){0,2}", variant.sku),
        "barcode": re.fullmatch(r"2\d{12}", barcode) and weighed % 10 == 0,
    }
    yield from (what for what, right in checks.items() if not right)


def test_some_products_speak_german_or_french() -> None:
    accented = [product for product in products() if not product.name.isascii()]
    assert len(accented) >= 10
    assert all(product.handle.isascii() for product in accented)
    assert any("ß" in product.description_html for product in accented)
    assert any("é" in product.description_html for product in accented)


def test_every_product_is_complete_and_its_description_is_prose() -> None:
    assert [fault for product in products() for fault in faults(product)] == []


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


def test_the_logins_are_distinct() -> None:
    assert set(ACCOUNTS) == set(Role)
    assert ACCOUNTS["admin"].shop is None
    assert ACCOUNTS["buyer"].shop is None
    assert ACCOUNTS["vendor"].shop in {shop.slug for shop in SHOPS}
    everyone = {*ACCOUNTS.values(), CLERK, APPLICANT, BAKER}
    assert len({account.email for account in everyone}) == len(everyone) == len(Role) + 3
    for account in everyone:
        assert account.email.endswith("@example.com")
        assert len(account.password) >= 12
