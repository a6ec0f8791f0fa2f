"""A batch of a feed in the shop: what changes, and above all what does not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import inventory, vendors
from mercat.auth import Actor
from mercat.catalog.feeds.merge import MergeCounts, merge
from mercat.catalog.feeds.shapes import FeedImage, FeedProduct, FeedVariant, RowError
from mercat.inventory import StockCount, StockedVariant
from mercat.kit.money import Money

Merge = Callable[..., Any]


def variant(*options: str, sku: str | None = None, price: int = 1000, quantity: int | None = 3) -> FeedVariant:
    return FeedVariant(
        9, sku, options, Money(price, "EUR"), None, 100, None, quantity, allow_backorder=False, image_url=None
    )


SMALL, LARGE = variant("S", sku="SH-S"), variant("L", sku="SH-L")
SHIRT = FeedProduct(
    line=2,
    handle="shirt",
    name="Shirt",
    description_html="<p>Cotton</p>",
    brand="Acme",
    category="Shirts",
    tags=("Men", "Blue"),
    option_names=("Size",),
    variants=(SMALL, LARGE),
    images=(FeedImage("https://a.example/1.jpg", "One", 1), FeedImage("https://a.example/2.jpg", "Two", 2)),
    status="active",
    seo_title="Shirts",
    seo_description="All",
)
CUP = replace(SHIRT, handle="cup", name="Cup", option_names=(), variants=(variant(sku="CUP"),), images=())


class Shop:
    """A shop in a transaction of the test's own."""

    def __init__(self, session: AsyncSession, vendor_id: UUID) -> None:
        self.session = session
        self.vendor_id = vendor_id
        self.errors: list[RowError] = []

    async def merge(self, *products: FeedProduct) -> MergeCounts:
        return await merge(self.session, self.vendor_id, products, actor="test", on_error=self.errors.append)

    async def rows(self, statement: str, **parameters: object) -> Sequence[Any]:
        return (await self.session.execute(text(statement), parameters)).all()

    async def variants(self) -> dict[str, UUID]:
        """Ids of living variants by handle and options."""
        rows = await self.rows(
            "SELECT p.handle || ':' || array_to_string(v.options, '/'), v.id FROM variants v "
            "JOIN products p ON p.id = v.product_id WHERE v.deleted_at IS NULL AND p.vendor_id = :v", v=self.vendor_id
        )  # fmt: skip
        return {row[0]: row[1] for row in rows}

    async def skus(self) -> dict[str, str | None]:
        rows = await self.rows("SELECT id, sku FROM variants")
        by_id = {row.id: row.sku for row in rows}
        return {key: by_id[variant_id] for key, variant_id in (await self.variants()).items()}

    async def versions(self) -> dict[str, int]:
        return {row.handle: row.version for row in await self.rows("SELECT handle, version FROM products")}

    async def everything(self) -> dict[str, Sequence[Any]]:
        """All rows with their times and versions, to see that nothing at all was written."""
        tables = ("brands", "categories", "tags", "products", "product_slugs", "product_tags", "product_images",
                  "variants", "stock_levels", "stock_movements", "product_projections")  # fmt: skip
        return {t: await self.rows(f"SELECT ctid::text, t::text FROM {t} t ORDER BY 1") for t in tables}


@pytest.fixture
async def shop(session: AsyncSession) -> Shop:
    return Shop(session, await vendors.ensure(session, Actor.system(), "acme", "Acme"))


async def test_a_new_product_has_everything_the_feed_says(shop: Shop) -> None:
    assert await shop.merge(SHIRT, CUP) == MergeCounts(created=2)
    (row,) = await shop.rows(
        "SELECT p.*, b.name AS brand, c.name AS category, c.path = ARRAY[c.id] AND c.parent_id IS NULL AS on_top "
        "FROM products p JOIN brands b ON b.id = p.brand_id JOIN categories c ON c.id = p.category_id "
        "WHERE handle = 'shirt'"
    )
    assert (row.slug, row.name, row.description_html, row.status) == ("shirt", "Shirt", "<p>Cotton</p>", "active")
    assert (row.brand, row.category, row.on_top, row.option_names, row.version) == ("Acme", "Shirts", True, ["Size"], 1)
    assert (row.seo_title, row.seo_description) == ("Shirts", "All")
    tags = await shop.rows(
        "SELECT t.slug FROM product_tags pt JOIN tags t ON t.id = tag_id WHERE product_id = :p ORDER BY position",
        p=row.id,
    )
    assert [tag.slug for tag in tags] == ["men", "blue"]
    images = await shop.rows("SELECT url, alt FROM product_images WHERE product_id = :p ORDER BY position", p=row.id)
    assert [tuple(image) for image in images] == [
        ("https://a.example/1.jpg", "One"),
        ("https://a.example/2.jpg", "Two"),
    ]
    ids = await shop.variants()
    assert set(ids) == {"shirt:S", "shirt:L", "cup:"}
    stock = await inventory.availability(shop.session, list(ids.values()))
    assert [stock[i].available for i in ids.values()] == [3, 3, 3]
    assert len(await shop.rows("SELECT FROM product_projections")) == 2


async def test_the_same_feed_again_writes_nothing(shop: Shop) -> None:
    await shop.merge(SHIRT, CUP)
    before = await shop.everything()
    assert await shop.merge(SHIRT, CUP) == MergeCounts(unchanged=2)
    assert await shop.everything() == before


@pytest.mark.parametrize(
    "changed",
    [
        replace(SHIRT, name="Blouse"),
        replace(SHIRT, brand=None),
        replace(SHIRT, category="Blouses"),
        replace(SHIRT, tags=("Blue", "Men")),
        replace(SHIRT, tags=()),
        replace(SHIRT, status="draft"),
        replace(SHIRT, seo_description="Some"),
        replace(SHIRT, images=SHIRT.images[1:]),
        replace(SHIRT, images=(replace(SHIRT.images[0], alt="Uno"), SHIRT.images[1])),
        replace(SHIRT, variants=(SMALL, replace(LARGE, price=Money(999, "EUR")))),
        replace(SHIRT, variants=(SMALL, replace(LARGE, compare_at=Money(2000, "EUR")))),
        replace(SHIRT, variants=(LARGE, SMALL)),
        replace(SHIRT, variants=(SMALL,)),
        replace(SHIRT, variants=(SMALL, LARGE, variant("M", sku="SH-M"))),
    ],
)
async def test_what_changes_counts_one_version_and_only_there(shop: Shop, changed: FeedProduct) -> None:
    await shop.merge(SHIRT, CUP)
    ids = await shop.variants()
    assert await shop.merge(changed, CUP) == MergeCounts(updated=1, unchanged=1)
    assert await shop.versions() == {"shirt": 2, "cup": 1}
    after = await shop.variants()
    assert {key: ids[key] for key in after if key in ids} == {key: after[key] for key in after if key in ids}
    assert await shop.merge(changed, CUP) == MergeCounts(unchanged=2)
    assert shop.errors == []


async def test_the_card_follows(shop: Shop) -> None:
    await shop.merge(SHIRT)
    await shop.merge(replace(SHIRT, name="Blouse"))
    (card,) = await shop.rows("SELECT name_key, version FROM product_projections")
    assert tuple(card) == ("blouse", 2)
    await shop.merge(replace(SHIRT, status="archived"))
    assert await shop.rows("SELECT FROM product_projections") == []


async def test_stock_alone_changes_no_version(shop: Shop) -> None:
    await shop.merge(SHIRT, CUP)
    more_of_it = replace(SHIRT, variants=(replace(SMALL, quantity=8), LARGE))
    assert await shop.merge(more_of_it, CUP) == MergeCounts(updated=1, unchanged=1)
    assert await shop.versions() == {"shirt": 1, "cup": 1}
    small = (await shop.variants())["shirt:S"]
    assert (await inventory.availability(shop.session, [small]))[small].available == 8


async def test_a_feed_without_quantity_leaves_stock_alone(shop: Shop) -> None:
    await shop.merge(CUP)
    (cup,) = (await shop.variants()).values()
    [(product_id, vendor_id)] = await shop.session.execute(text("SELECT product_id, vendor_id FROM variants"))
    counted = StockCount(StockedVariant(cup, product_id, vendor_id), 42)
    await inventory.receive_counts(shop.session, [counted], actor="test", note="")
    silent = replace(CUP, variants=(variant(sku="CUP", quantity=None),))
    oversold = replace(CUP, variants=(variant(sku="CUP", quantity=-2),))
    assert await shop.merge(silent) == MergeCounts(unchanged=1)
    assert await shop.merge(oversold) == MergeCounts(unchanged=1)
    assert (await inventory.availability(shop.session, [cup]))[cup].available == 42


async def test_a_missing_variant_goes_and_comes_back_as_itself(shop: Shop) -> None:
    await shop.merge(SHIRT)
    before = await shop.variants()
    await shop.merge(replace(SHIRT, variants=(SMALL,)))
    assert set(await shop.variants()) == {"shirt:S"}
    await shop.merge(SHIRT)
    assert await shop.variants() == before


async def test_a_variant_is_known_by_its_sku_when_its_options_change(shop: Shop) -> None:
    await shop.merge(SHIRT)
    before = await shop.variants()
    await shop.merge(replace(SHIRT, variants=(variant("Small", sku="SH-S"), LARGE)))
    after = await shop.variants()
    assert after == {"shirt:Small": before["shirt:S"], "shirt:L": before["shirt:L"]}


async def test_skus_can_change_places(shop: Shop) -> None:
    await shop.merge(SHIRT, CUP)
    before = await shop.variants()
    swapped = replace(SHIRT, variants=(replace(SMALL, sku="CUP"), replace(LARGE, sku="SH-S")))
    counts = await shop.merge(swapped, replace(CUP, variants=(variant(sku="SH-L"),)))
    assert (counts, shop.errors) == (MergeCounts(updated=2), [])
    assert await shop.variants() == before
    assert await shop.skus() == {"shirt:S": "CUP", "shirt:L": "SH-S", "cup:": "SH-L"}


async def test_a_sku_of_another_product_is_left_out_and_the_rest_kept(shop: Shop) -> None:
    await shop.merge(SHIRT)
    greedy = replace(CUP, option_names=("Size",), variants=(replace(SMALL, line=7), variant("XL", sku="CUP-XL")))
    other = replace(CUP, handle="mug", line=11, option_names=("Size",), variants=(replace(LARGE, line=12),))
    assert await shop.merge(greedy, other) == MergeCounts(created=2)
    assert [(e.line, e.field, e.code) for e in shop.errors] == [
        (7, "Variant SKU", "sku_taken"),
        (12, "Variant SKU", "sku_taken"),
    ]
    assert await shop.skus() == {
        "shirt:S": "SH-S", "shirt:L": "SH-L", "cup:S": None, "cup:XL": "CUP-XL", "mug:L": None,
    }  # fmt: skip
    assert await shop.merge(greedy, other) == MergeCounts(unchanged=2)


async def test_a_refused_variant_stays_what_it_was_and_keeps_its_sku_from_others(shop: Shop) -> None:
    pot = replace(CUP, handle="pot", variants=(variant(sku="POT"),))
    await shop.merge(SHIRT, CUP, pot)
    # the cup wants the shirt's SKU and cannot have it, so that the pot cannot have the cup's: both keep their own
    wishes = (replace(CUP, variants=(variant(sku="SH-S"),)), replace(pot, variants=(variant(sku="CUP"),)))
    assert await shop.merge(*wishes) == MergeCounts(unchanged=2)
    assert [e.code for e in shop.errors] == ["sku_taken", "sku_taken"]
    assert await shop.skus() == {"shirt:S": "SH-S", "shirt:L": "SH-L", "cup:": "CUP", "pot:": "POT"}


async def test_another_shop_may_use_the_same_skus_and_gets_its_own_addresses(shop: Shop) -> None:
    await shop.merge(SHIRT, CUP)
    for number in (2, 3):
        other = Shop(shop.session, await vendors.ensure(shop.session, Actor.system(), f"shop-{number}", "Other"))
        assert await other.merge(SHIRT, CUP) == MergeCounts(created=2)
        assert other.errors == []
    slugs = {row.slug for row in await shop.rows("SELECT slug FROM product_slugs")}
    assert slugs == {"shirt", "shirt-2", "shirt-3", "cup", "cup-2", "cup-3"}


async def test_handles_that_make_the_same_address_get_different_ones(shop: Shop) -> None:
    capital = replace(CUP, handle="Cup", variants=(variant(sku="C2"),))
    assert await shop.merge(CUP, capital) == MergeCounts(created=2)
    assert {row.handle: row.slug for row in await shop.rows("SELECT handle, slug FROM products")} == {
        "cup": "cup",
        "Cup": "cup-2",
    }


async def test_no_product_is_called_like_a_route_or_an_id(shop: Shop) -> None:
    by_id = "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"
    others = [replace(CUP, handle=handle, variants=(variant(sku=handle),)) for handle in ("search", "Export", by_id)]
    assert await shop.merge(*others) == MergeCounts(created=3)
    assert {row.handle: row.slug for row in await shop.rows("SELECT handle, slug FROM products")} == {
        "search": "search-2",
        "Export": "export-2",
        by_id: f"{by_id}-2",
    }


async def test_a_slug_that_a_product_once_had_is_never_given_away(shop: Shop) -> None:
    await shop.merge(CUP)
    await shop.session.execute(text("UPDATE products SET slug = 'mug'"))
    await shop.session.execute(text("INSERT INTO product_slugs SELECT 'mug', id FROM products"))
    other = Shop(shop.session, await vendors.ensure(shop.session, Actor.system(), "other", "Other"))
    await other.merge(CUP)
    await shop.merge(replace(CUP, name="New cup"))
    rows = await shop.rows("SELECT slug FROM products ORDER BY id")
    assert [row.slug for row in rows] == ["mug", "cup-2"]
    assert {row.slug for row in await shop.rows("SELECT slug FROM product_slugs")} == {"cup", "mug", "cup-2"}


async def test_names_that_differ_only_in_writing_are_one(shop: Shop) -> None:
    await shop.merge(SHIRT)
    assert await shop.merge(replace(SHIRT, brand="ACME", category="shirts", tags=("men", "BLUE"))) == MergeCounts(
        unchanged=1
    )
    assert [row.name for row in await shop.rows("SELECT name FROM brands")] == ["Acme"]


async def test_names_without_letters_stay_apart(shop: Shop) -> None:
    await shop.merge(replace(SHIRT, tags=("★", "☂", "日本")))
    assert {row.name for row in await shop.rows("SELECT name FROM tags")} == {"★", "☂", "日本"}


async def test_a_partly_read_product_loses_nothing(shop: Shop) -> None:
    await shop.merge(SHIRT)
    before = await shop.variants()
    new = FeedImage("https://a.example/3.jpg", "Three", 1)
    await shop.merge(replace(SHIRT, variants=(replace(SMALL, price=Money(5, "EUR")),), images=(new,), partial=True))
    assert await shop.variants() == before
    assert {row.alt for row in await shop.rows("SELECT alt FROM product_images")} == {"One", "Two", "Three"}
    prices = await shop.rows("SELECT price_minor FROM variants ORDER BY 1")
    assert [row.price_minor for row in prices] == [5, 1000]


async def test_what_the_file_has_no_column_for_stays(shop: Shop) -> None:
    await shop.merge(replace(SHIRT, status="draft"))
    before = await shop.everything()
    absent = frozenset(
        ("description_html", "brand", "category", "tags", "status", "seo_title", "seo_description", "images",
         "sku", "grams", "barcode", "compare_at", "image", "quantity", "policy")
    )  # fmt: skip
    bare = replace(
        SHIRT, description_html="", brand=None, category=None, tags=(), images=(), seo_title="", seo_description="",
        absent=absent, variants=tuple(replace(v, sku=None, grams=None, quantity=None) for v in SHIRT.variants),
    )  # fmt: skip
    assert await shop.merge(bare) == MergeCounts(unchanged=1)
    assert await shop.everything() == before


async def test_a_deleted_product_comes_back_as_itself(shop: Shop) -> None:
    await shop.merge(SHIRT)
    before = await shop.variants()
    for table in ("products", "variants"):
        await shop.session.execute(text(f"UPDATE {table} SET deleted_at = now()"))
    assert await shop.merge(SHIRT) == MergeCounts(updated=1)
    assert await shop.variants() == before
    assert [row.slug for row in await shop.rows("SELECT slug FROM product_slugs")] == ["shirt"]


async def test_text_arrives_as_it_is(shop: Shop) -> None:
    odd = 'tab\there "quoted" back\\slash {brace}, NULL \\N\r\nnew line'
    await shop.merge(
        replace(
            SHIRT,
            name=odd,
            option_names=(odd,),
            variants=(replace(SMALL, options=(odd,)), replace(LARGE, options=("NULL",))),
        )
    )
    (row,) = await shop.rows("SELECT name, option_names FROM products")
    assert (row.name, row.option_names) == (odd, [odd])
    options = await shop.rows("SELECT options FROM variants ORDER BY position")
    assert [row.options for row in options] == [[odd], ["NULL"]]


async def test_nothing_is_nothing(shop: Shop) -> None:
    assert await shop.merge() == MergeCounts()
