"""What a merchant's file puts on sale, seen through the shop."""

from pathlib import Path
from typing import Any

import pytest

from mercat import inventory
from mercat.auth import Actor
from mercat.catalog.feeds import ImportReport, export_file, import_file
from shopping import Shop

IMPORTER = Actor(name="import")
WOO = "Type,SKU,Name,Regular price"
TRACKER = (
    "Handle,Title,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price"
)


async def bring(shop: Shop, folder: Path, *lines: str, vendor: str = "clay", encoding: str = "utf-8") -> ImportReport:
    path = folder / "products.csv"
    path.write_text("\n".join([*lines, ""]), encoding=encoding)
    return await import_file(shop.database, path, vendor_slug=vendor, actor=IMPORTER)


async def pages(shop: Shop, query: str = "") -> dict[str, Any]:
    """Return the pages of what is listed, by name."""
    listed = (await shop.client.get(f"/products?size=100&{query}")).json()["items"]
    return {one["name"]: (await shop.client.get(f"/products/{one['slug']}")).json() for one in listed}


async def put_into_cart(shop: Shop, page: Any, quantity: int) -> int:
    line = {"variant_id": page["variants"][0]["id"], "quantity": quantity}
    return (await shop.client.post("/cart/add", json=line)).status_code


@pytest.mark.parametrize(
    ("lines", "sold"),
    [
        ([f"{WOO},In stock?", "simple,P,Pattern,6,1"], True),
        ([f"{WOO},In stock?,Stock", "simple,P,Pattern,6,1,"], True),
        ([f"{WOO},In stock?,Stock", "simple,P,Pattern,6,0,"], False),
        ([f"{WOO},In stock?,Stock", "simple,P,Pattern,6,1,0"], False),
        ([f"{WOO},Stock,Backorders allowed?", "simple,P,Pattern,6,,1"], True),
        ([f"{WOO},Stock,Backorders allowed?", "simple,P,Pattern,6,0,notify"], True),
        ([f"{WOO},In stock?", "simple,P,Pattern,6,backorder"], True),
        ([WOO, "simple,P,Pattern,6"], False),
        (["Handle,Title,Variant Price,Variant Inventory Policy", "p,Pattern,10.00,continue"], True),
        (["Handle,Title,Variant Price,Variant Inventory Policy", "p,Pattern,10.00,deny"], False),
        (["Handle,Title,Variant Price", "p,Pattern,10.00"], False),
        ([TRACKER, "p,Pattern,P,,0,deny,300.00"], True),
        ([TRACKER, "p,Pattern,P,,,,300.00"], True),
        ([TRACKER, "p,Pattern,P,,-3,deny,300.00"], True),
        ([TRACKER, "p,Pattern,P,shopify,0,deny,300.00"], False),
        ([TRACKER, "p,Pattern,P,shopify,0,continue,300.00"], True),
        ([TRACKER, "p,Pattern,P,shopify,,deny,300.00"], False),
        ([TRACKER, "p,Pattern,P,shopify,many,deny,300.00"], False),
    ],
)
async def test_what_is_not_counted_is_sold_as_its_file_says(
    shop: Shop, tmp_path: Path, lines: list[str], *, sold: bool
) -> None:
    await bring(shop, tmp_path, *lines)

    page = (await pages(shop))["Pattern"]
    assert page["in_stock"] is sold
    assert ("Pattern" in await pages(shop, "in_stock=true")) is sold
    assert (await put_into_cart(shop, page, 2)) == (200 if sold else 409)


@pytest.mark.parametrize(
    "lines",
    [
        [f"{WOO},In stock?", "simple,P,Pattern,6,1"],
        ["Handle,Title,Variant Price,Variant Inventory Policy", "p,Pattern,10.00,continue"],
        ["Handle,Title,Variant Price", "p,Pattern,10.00"],
    ],
)
async def test_the_same_again_does_not_touch_a_known_count(shop: Shop, tmp_path: Path, lines: list[str]) -> None:
    await bring(shop, tmp_path, *lines)
    page = (await pages(shop))["Pattern"]
    admin = await shop.admin()
    path = f"/products/{page['id']}/variants/{page['variants'][0]['id']}/stock"
    await shop.client.put(path, json={"available": 5}, headers=admin.headers)

    again = await bring(shop, tmp_path, *lines)

    page = (await pages(shop))["Pattern"]
    assert (page["stock_quantity"], page["in_stock"], again.created) == (5, True, 0)
    await shop.stock_is_explained()
    assert (await bring(shop, tmp_path, *lines)).unchanged == 1


async def test_what_is_not_tracked_can_be_sent_without_end(shop: Shop, tmp_path: Path) -> None:
    await bring(shop, tmp_path, TRACKER, "desk,Portal,MTO-1,,0,deny,300.00")
    variant = (await shop.rows("SELECT id FROM variants"))[0][0]
    order = variant  # any id will do
    async with shop.database.transaction() as session:
        await inventory.reserve(session, order, {variant: 3}, actor="test")
    async with shop.database.transaction() as session:
        await inventory.ship(session, order, actor="test", units={variant: 2})
    async with shop.database.transaction() as session:
        assert await inventory.ship(session, order, actor="test") == 1
        await inventory.take_back(session, order, {variant: 1}, actor="test")

    assert await shop.rows("SELECT on_hand, reserved, tracked FROM stock_levels") == [(0, 0, False)]
    assert await shop.rows("SELECT 1 FROM stock_backorders") == []
    await shop.stock_is_explained()
    assert (await pages(shop))["Portal"]["in_stock"] is True


async def test_an_untracked_variant_comes_out_untracked_and_in_again(shop: Shop, tmp_path: Path) -> None:
    await bring(
        shop,
        tmp_path,
        TRACKER,
        "desk,Portal,MTO-1,,7,deny,300.00",
        "gone,Gone,TRK-0,shopify,0,deny,10.00",
        "later,Later,TRK-1,shopify,0,continue,10.00",
        "never,Never,TRK-2,shopify,,deny,10.00",
    )
    out = tmp_path / "out.csv"
    await export_file(shop.database, out, vendor_slug="clay")
    again = await import_file(shop.database, out, vendor_slug="clay", actor=IMPORTER)
    elsewhere = await import_file(shop.database, out, vendor_slug="other", actor=IMPORTER)
    second = tmp_path / "second.csv"
    await export_file(shop.database, second, vendor_slug="other")

    rows = {line.split(",")[0]: line for line in out.read_text().splitlines()}
    assert ",,,continue,manual,300.00," in rows["desk"]
    assert ",shopify,0,deny,manual,10.00," in rows["gone"]
    assert (again.unchanged, again.error_count, elsewhere.created, elsewhere.error_count) == (4, 0, 4, 0)
    assert second.read_bytes() == out.read_bytes()
    assert {name: page["in_stock"] for name, page in (await pages(shop, "vendor=other")).items()} == {
        "Portal": True, "Gone": False, "Later": True, "Never": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("grams", "weight", "errors"),
    [
        ("453.59237", 454, []),
        ("0.5", 1, []),
        ("250.0", 250, []),
        (".4", 0, []),
        ("0", 0, []),
        ("", None, []),
        ("heavy", None, ["bad_weight"]),
        ("1,5", None, ["bad_weight"]),
        ("-3", None, ["bad_weight"]),
        ("1e9", None, ["bad_weight"]),
        ("99999999999", None, ["bad_weight"]),
    ],
)
async def test_a_weight_costs_no_variant(
    shop: Shop, tmp_path: Path, grams: str, weight: int | None, errors: list[str]
) -> None:
    report = await bring(shop, tmp_path, "Handle,Title,Variant Grams,Variant Price", f'c,Coffee,"{grams}",9.50')

    assert [error.code for error in report.errors] == errors
    assert (await pages(shop))["Coffee"]["variants"][0]["weight_grams"] == weight


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("Variant Barcode", "4" * 101, "too_long"),
        ("Variant Compare At Price", "dear", "bad_compare_at"),
        ("Variant Inventory Qty", "lots", "bad_quantity"),
        ("Variant Inventory Policy", "perhaps", "bad_policy"),
        ("Variant Image", "javascript:x", "bad_image"),
        ("Variant SKU", "S" * 101, "too_long"),
        ("Variant Grams", "1 kg", "bad_weight"),
        ("Image Src", "nowhere", "bad_image"),
        ("Tags", "t" * 256, "too_long"),
    ],
)
async def test_a_bad_cell_costs_itself_alone_and_nothing_that_is_known(
    shop: Shop, tmp_path: Path, column: str, cell: str, code: str
) -> None:
    good = {
        "Variant Barcode": "4001", "Variant Compare At Price": "12.00", "Variant Inventory Qty": "3",
        "Variant Inventory Policy": "continue", "Variant Image": "/media/v.jpg", "Variant SKU": "S-1",
        "Variant Grams": "200", "Image Src": "/media/p.jpg", "Tags": "blue",
    }  # fmt: skip
    header = f"Handle,Title,Variant Price,{column}"
    fresh = await bring(shop, tmp_path, header, f"c,Cup,9.50,{cell}")
    assert ([error.code for error in fresh.errors], fresh.created) == ([code], 1)
    await bring(shop, tmp_path, header, f"c,Cup,9.50,{good[column]}")
    before = (await pages(shop))["Cup"]

    report = await bring(shop, tmp_path, header, f"c,Cup,9.50,{cell}")

    after = (await pages(shop))["Cup"]
    assert [error.code for error in report.errors] == [code]
    assert {**after, "updated_at": 0, "version": 0} == {**before, "updated_at": 0, "version": 0}


WOO_FAMILY = "ID,Type,SKU,Name,Published,Stock,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)"


@pytest.mark.parametrize(
    ("published", "status", "shown"),
    [
        (("1", "1", "1"), "active", {"Oil", "Wax"}),
        (("1", "1", "0"), "active", {"Oil"}),
        (("1", "1", "-1"), "active", {"Oil"}),
        (("1", "", "0"), "active", {"Oil"}),
        (("1", "0", "0"), "draft", {"Oil", "Wax"}),
        (("-1", "-1", "-1"), "draft", {"Oil", "Wax"}),
        (("-1", "1", "1"), "draft", {"Oil", "Wax"}),
        (("-1", "-1", "0"), "draft", {"Oil"}),
        (("0", "1", "1"), "draft", {"Oil", "Wax"}),
        (("0", "0", "0"), "draft", {"Oil", "Wax"}),
    ],
)
async def test_disabled_variations_are_not_for_sale(
    shop: Shop, tmp_path: Path, published: tuple[str, str, str], status: str, shown: set[str]
) -> None:
    whole, oil, wax = published
    lines = [
        WOO_FAMILY,
        f'1,variable,T,Table,{whole},,,,Finish,"Oil, Wax"',
        f"2,variation,TO,Table Oil,{oil},7,400,id:1,Finish,Oil",
        f"3,variation,TW,Table Wax,{wax},0,450,id:1,Finish,Wax",
    ]
    report = await bring(shop, tmp_path, *lines)

    assert report.errors == []
    found = await shop.rows("SELECT options[1] FROM variants WHERE deleted_at IS NULL")
    assert {row[0] for row in found} == shown
    assert await shop.rows("SELECT status FROM products") == [(status,)]
    reasons = {one.reason: one.variants for one in report.not_for_sale}
    assert reasons.get("disabled_variation", 0) == 2 - len(shown)
    assert (await bring(shop, tmp_path, *lines)).unchanged == 1


async def test_a_variation_that_is_switched_off_and_on_is_the_same_one(shop: Shop, tmp_path: Path) -> None:
    def lines(wax: str) -> list[str]:
        return [
            WOO_FAMILY,
            '1,variable,T,Table,1,,,,Finish,"Oil, Wax"',
            "2,variation,TO,Table Oil,1,7,400,id:1,Finish,Oil",
            f"3,variation,TW,Table Wax,{wax},2,450,id:1,Finish,Wax",
        ]

    await bring(shop, tmp_path, *lines("1"))
    known = {one["title"]: one["id"] for one in (await pages(shop))["Table"]["variants"]}
    await bring(shop, tmp_path, *lines("0"))
    assert [one["title"] for one in (await pages(shop))["Table"]["variants"]] == ["Oil"]
    await bring(shop, tmp_path, *lines("1"))
    assert {one["title"]: one["id"] for one in (await pages(shop))["Table"]["variants"]} == known


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Salt &amp; pepper mill", "Salt & pepper mill"),
        ("Salt & pepper mill", "Salt & pepper mill"),
        ("Salt &#38; pepper mill", "Salt & pepper mill"),
        ("Salt &#x26; pepper&nbsp;mill", "Salt & pepper mill"),
        ("Chef&#8217;s knife", "Chef\u2019s knife"),
        ("5 &lt; 6", "5 < 6"),
        ("R&D kit", "R&D kit"),
        ("Fish &chips", "Fish &chips"),
        ("Caf&eacute; table", "Café table"),
        ("A &amp;amp; B", "A &amp; B"),
        ("&unknown; thing", "&unknown; thing"),
    ],
)
async def test_entities_are_shown_as_what_they_stand_for(shop: Shop, tmp_path: Path, written: str, name: str) -> None:
    await bring(shop, tmp_path, f"{WOO},Stock", f"simple,P,{written},6,1")

    assert list(await pages(shop)) == [name]


async def test_an_entity_in_a_category_makes_no_other_category(shop: Shop, tmp_path: Path) -> None:
    report = await bring(
        shop,
        tmp_path,
        f"{WOO},Stock,Categories,Tags,Brands,Attribute 1 name,Attribute 1 value(s)",
        "simple,A,One,6,1,Home &amp; Garden > Kitchen &amp; Table,Black &amp; white,Salt &amp; Sons,,",
        "simple,B,Two,6,1,Home & Garden > Kitchen & Table,Black & white,Salt & Sons,,",
        "simple,C,Three,6,1,Sizes &gt; all,,,,",
    )

    assert report.errors == []
    found = await pages(shop)
    assert found["One"]["category"] == found["Two"]["category"]
    assert found["One"]["category"]["name"] == "Kitchen & Table"
    assert found["One"]["tags"] == found["Two"]["tags"] == ["Black & white"]
    assert found["One"]["brand"] == found["Two"]["brand"]
    assert found["Three"]["category"]["name"] == "Sizes > all"


PRESENT = (
    "Title,URL handle,Description,Vendor,Type,Tags,Published on online store,Status,SKU,Barcode,"
    "Option1 name,Option1 value,Price,Compare-at price,Inventory tracker,Inventory quantity,"
    "Continue selling when out of stock,Weight value (grams),"
    "Product image URL,Image position,Image alt text,Variant image URL"
)
FORMER = (
    "Title,Handle,Body (HTML),Vendor,Type,Tags,Published,Status,Variant SKU,Variant Barcode,Option1 Name,Option1 Value,"
    "Variant Price,Variant Compare At Price,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,"
    "Variant Grams,Image Src,Image Position,Image Alt Text,Variant Image"
)


@pytest.mark.parametrize(("published", "policy"), [("TRUE", "DENY"), ("true", "FALSE"), ("yes", "deny"), ("1", "0")])
async def test_shopify_s_present_template_is_the_same_product(
    shop: Shop, tmp_path: Path, published: str, policy: str
) -> None:
    rows = [
        (
            f'Tee,tee,<p>Soft</p>,Loom,Shirts,"a, b",{published},Active,T-S,401,Size,S,20.00,25.00,shopify,4,{policy},'
            "180.5,https://pictures.example/t.jpg,1,A tee,https://pictures.example/s.jpg"
        ),
        f",tee,,,,,,,T-M,402,,M,21.00,,shopify,0,{policy},190,,,,",
    ]
    for vendor, header in (("present", PRESENT), ("former", FORMER)):
        report = await bring(shop, tmp_path, header, *rows, vendor=vendor)
        assert (report.created, report.errors) == (1, []), vendor

    found = [next(iter((await pages(shop, f"vendor={vendor}")).values())) for vendor in ("present", "former")]
    for page in found:
        for part in (page, *page["variants"], *page["images"], page["image"]):
            for name in ("id", "slug", "vendor", "created_at", "updated_at"):
                part.pop(name, None)
    assert found[0] == found[1]
    assert [one["title"] for one in found[0]["variants"]] == ["S", "M"]
    assert (found[0]["variants"][0]["sku"], found[0]["variants"][0]["weight_grams"]) == ("T-S", 181)


async def test_errors_name_the_columns_of_the_file(shop: Shop, tmp_path: Path) -> None:
    report = await bring(shop, tmp_path, "Title,URL handle,Price,Barcode", f"Tee,tee,20.00,{'4' * 101}")
    assert [(error.field, error.code) for error in report.errors] == [("Barcode", "too_long")]


async def test_a_repeated_sku_is_reported_and_costs_no_product(shop: Shop, tmp_path: Path) -> None:
    header = "Handle,Title,Variant SKU,Variant Inventory Qty,Variant Price"
    lines = [header, "a,One,X,1,5.00", "b,Two,X,2,6.00", "c,Three,Y,3,7.00"]
    report = await bring(shop, tmp_path, *lines)
    assert [(error.line, error.code) for error in report.errors] == [(3, "duplicate_sku")]
    found = {name: page["variants"][0]["sku"] for name, page in (await pages(shop)).items()}
    assert found == {"One": "X", "Two": None, "Three": "Y"}
    assert (await bring(shop, tmp_path, *lines)).unchanged == 3

    taken = await bring(shop, tmp_path, header, "d,Four,Y,3,7.00")
    assert ([(error.line, error.code) for error in taken.errors], taken.created) == ([(2, "sku_taken")], 1)
    woo = await bring(shop, tmp_path, f"ID,{WOO},Stock", "1,simple,M,Mug,3,1", "2,simple,M,Jug,4,1", vendor="woo")
    assert ([error.code for error in woo.errors], woo.created) == (["duplicate_sku"], 2)


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        ("Handle,Image Src", ["tee,/media/new.jpg"], {"image": "/media/new.jpg"}),
        ("Handle,Tags", ['tee,"new, fresh"'], {"tags": ["new", "fresh"]}),
        ("Handle,Status", ["tee,archived"], {"gone": True}),
        ("Handle,Body (HTML)", ["tee,Softer"], {"description": "Softer"}),
        ("Handle,Variant SKU,Variant Inventory Qty", ["tee,T-M,9"], {"stock": {"T-S": 4, "T-M": 9}}),
        (
            "Handle,Variant SKU,Variant Price",
            ["tee,T-M,30.00", "tee,T-S,29"],
            {"prices": {"T-S": "29.00", "T-M": "30.00"}},
        ),
        (
            "Handle,Option1 Name,Option1 Value,Variant Price",
            ["tee,Size,M,30"],
            {"prices": {"T-S": "20.00", "T-M": "30.00"}},
        ),
        ("Handle,Variant Inventory Qty", ["cup,8"], {"cup": 8}),
        ("URL handle,Product image URL", ["tee,/media/new.jpg"], {"image": "/media/new.jpg"}),
        ("Handle,Title,Image Src", ["tee,Tee,/media/new.jpg"], {"image": "/media/new.jpg"}),
    ],
)
async def test_a_file_of_a_few_columns_updates_those(
    shop: Shop, tmp_path: Path, header: str, rows: list[str], expected: dict[str, Any]
) -> None:
    await bring(
        shop, tmp_path, FORMER,
        'Tee,tee,Soft,Loom,Shirts,"a, b",true,active,T-S,401,Size,S,20.00,25.00,shopify,4,deny,180,/media/t.jpg,1,Tee,',
        ",tee,,,,,,,T-M,402,,M,21.00,,shopify,2,deny,190,,,,",
        "Cup,cup,,,,,true,active,CUP,,,,5.00,,shopify,1,deny,,,,,",
    )  # fmt: skip
    before = await pages(shop)

    report = await bring(shop, tmp_path, header, *rows)

    assert (report.errors, report.updated, report.created) == ([], 1, 0)
    after = await pages(shop)
    if expected.get("gone"):
        assert "Tee" not in after
        return
    tee = after["Tee"]
    variants = {one["sku"]: one for one in tee["variants"]}
    seen = {
        "image": tee["image"]["url"], "tags": tee["tags"], "description": tee["description"],
        "stock": {sku: one["available"] for sku, one in variants.items()},
        "prices": {sku: one["price"]["amount"] for sku, one in variants.items()},
        "cup": after["Cup"]["stock_quantity"],
    }  # fmt: skip
    former = {one["sku"]: one for one in before["Tee"]["variants"]}
    unchanged = {
        "image": before["Tee"]["image"]["url"], "tags": before["Tee"]["tags"],
        "description": before["Tee"]["description"], "cup": 1,
        "stock": {"T-S": 4, "T-M": 2}, "prices": {sku: one["price"]["amount"] for sku, one in former.items()},
    }  # fmt: skip
    assert seen == {**unchanged, **expected}
    assert {one["id"] for one in tee["variants"]} == {one["id"] for one in before["Tee"]["variants"]}


async def test_an_update_of_what_there_is_not_is_reported(shop: Shop, tmp_path: Path) -> None:
    await bring(shop, tmp_path, "Handle,Title,Variant SKU,Variant Price", "cup,Cup,CUP,5.00")
    report = await bring(shop, tmp_path, "Handle,Variant SKU,Variant Price", "cup,OTHER,6.00", "pot,POT,7.00")

    assert [(error.line, error.code) for error in report.errors] == [(2, "unknown_variant"), (3, "unknown_product")]
    assert await shop.rows("SELECT count(*) FROM products") == [(1,)]
    assert [page["price"]["amount"] for page in (await pages(shop)).values()] == ["5.00"]


async def test_the_report_says_what_is_not_for_sale_and_why(shop: Shop, tmp_path: Path) -> None:
    report = await bring(
        shop,
        tmp_path,
        "Handle,Title,Status,Variant Inventory Tracker,Variant Inventory Qty,Variant Price",
        "a,Sold,active,shopify,3,5.00",
        "b,Draft,draft,shopify,3,5.00",
        "c,Old,archived,shopify,3,5.00",
        "d,Uncounted,active,shopify,,5.00",
        "e,Empty,active,shopify,0,5.00",
        "f,Priceless,active,shopify,3,",
        "g,Made to order,active,,,5.00",
    )

    told = [(one.reason, one.products, one.variants, one.example) for one in report.not_for_sale]
    assert told == [
        ("draft", 1, 1, "Draft"),
        ("archived", 1, 1, "Old"),
        ("missing_price", 0, 1, ""),
        ("not_counted", 1, 1, "Uncounted"),
        ("out_of_stock", 1, 1, "Empty"),
    ]
    assert all(one.explanation for one in report.not_for_sale)
    assert set(await pages(shop, "in_stock=true")) == {"Sold", "Made to order"}


async def test_gift_cards_are_not_put_on_sale(shop: Shop, tmp_path: Path) -> None:
    header = "Handle,Title,Status,Gift Card,Variant Price"
    report = await bring(shop, tmp_path, header, "g,Card,active,TRUE,25.00", "m,Mug,active,FALSE,5.00")
    assert [(error.line, error.code) for error in report.errors] == [(2, "gift_card")]
    assert list(await pages(shop)) == ["Mug"]
