"""What people type and what they mean, against products of which some must be found and the others must not."""

from typing import Any

import pytest

from shopping import Shop

pytestmark = pytest.mark.usefixtures("each_engine")

PRODUCTS: dict[str, dict[str, Any]] = {
    "mug": {"name": "Half-dipped mug", "options": [{"name": "Glaze"}], "variants": [
        {"options": {"Glaze": "Tide blue"}, "price": "12", "sku": "MUG-BLU-07", "barcode": "4006381333931"},
        {"options": {"Glaze": "Poppy red"}, "price": "12", "sku": "MUG-RED-07"}]},
    "cups": {"name": "Set of cups", "tags": ["Mugs & cups"], "description": "Six cups for an espresso.",
             "sku": "CUP-6"},
    "seconds": {"name": "Potter's seconds", "description": "<p>Small flaws, full of tea.</p>"},
    "teapot": {"name": "Teapot", "description": "Brews tea for four.", "attributes": {"Material": "Stoneware"}},
    "dish": {"name": "Crème brûlée dish", "brand": "Émaillerie d'Orange"},
    "cup": {"name": "Grüne Tasse", "description": "Für den Kaffee im Büro."},
    "beanie": {"name": "Merino beanie", "description": "Knitted hats keep warm."},
    "couch": {"name": "T-Shirt couch cover", "sku": "CC 1/20"},
    "japan": {"name": "日本の湯呑み"},
    "street": {"name": "Straße", "description": "A poster of a street."},
}  # fmt: skip
FINDS = {
    # endings
    "mugs": {"mug", "cups"}, "mug": {"mug", "cups"}, "teapots": {"teapot"}, "hat": {"beanie"}, "brew": {"teapot"},
    "knitting": {"beanie"},
    # words of the description, attributes, options; several words in any order
    "espresso": {"cups"}, "stoneware": {"teapot"}, "tide blue mug": {"mug"}, "red mug": {"mug"}, "mug tide": {"mug"},
    "green mug": set(), "tea": {"teapot", "seconds"}, "tea for four": {"teapot"},
    # codes and parts of them
    "MUG-BLU-07": {"mug"}, "mugblu07": {"mug"}, "blu-07": {"mug"}, "mug-blu": {"mug"}, "4006381333931": {"mug"},
    "400638": {"mug"}, "CC 1/20": {"couch"}, "cc120": {"couch"},
    # accents and umlauts either way
    "creme brulee": {"dish"}, "CRÈME BRÛLÉE": {"dish"}, "gruene tasse": {"cup"}, "grune tasse": {"cup"},
    "grüne tasse": {"cup"}, "buero": {"cup"}, "strasse": {"street"}, "emaillerie": {"dish"}, "orange": {"dish"},
    # apostrophes, hyphens, ampersands, words that say nothing
    "potters seconds": {"seconds"}, "potter's seconds": {"seconds"}, "potter\u2019s": {"seconds"},
    "half dipped": {"mug"},
    "halfdipped": {"mug"}, "half-dipped": {"mug"}, "mugs and cups": {"cups"}, "mugs & cups": {"cups"},
    "tshirt": {"couch"}, "t-shirt": {"couch"}, "t shirt": {"couch"}, "the teapot": {"teapot"},
    # scripts without spaces
    "日本": {"japan"}, "湯呑み": {"japan"}, "本の": {"japan"}, "日本茶": set(),
    # operators
    "mug -red": {"cups"}, "mug -potter": {"mug", "cups"}, '"set of cups"': {"cups"}, '"cups of set"': set(),
    '"half-dipped mug"': {"mug"}, "teapot or beanie": {"teapot", "beanie"}, 'tea -"brews tea"': {"seconds"},
    "-07": set(), "-mug": set(), '-"half dipped"': set(), '"tea': {"teapot", "seconds"},
}  # fmt: skip
MEANT = {
    "teapott": ("teapot", {"teapot"}), "mgu": ("mug", {"mug", "cups"}), "beanei": ("beanie", {"beanie"}),
    "teapo": ("teapot", {"teapot"}), "stonwear": ("stoneware", {"teapot"}), "brulle": ("brulee", {"dish"}),
    "blue teapto": None, "xqzzyk": None, "ab": None, "tide bleu mug": ("tide blue mug", {"mug"}),
}  # fmt: skip


@pytest.fixture
async def kept(shop: Shop) -> dict[str, str]:
    """The ids of products, by what they are called here."""
    admin = await shop.admin()
    ids = {}
    for key, fields in PRODUCTS.items():
        priced = fields if "variants" in fields else {"price": "1", **fields}
        answer = await shop.client.post("/products", json=priced, headers=admin.headers)
        assert answer.status_code == 201, answer.text
        ids[answer.json()["id"]] = key
    await shop.handle_events()
    return ids


async def found(shop: Shop, kept: dict[str, str], typed: str) -> tuple[set[str], dict[str, Any]]:
    answer = await shop.client.get("/products/search", params={"q": typed})
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    assert len(page["items"]) == page["total"]
    return {kept[item["id"]] for item in page["items"]}, page


async def test_what_was_typed_is_found_and_nothing_else(shop: Shop, kept: dict[str, str]) -> None:
    results = {typed: await found(shop, kept, typed) for typed in FINDS}

    assert {typed: ids for typed, (ids, _) in results.items()} == FINDS
    lists = {typed: (await shop.client.get("/products", params={"q": typed})).json() for typed in FINDS}
    assert {typed: {kept[item["id"]] for item in page["items"]} for typed, page in lists.items()} == FINDS


async def test_slips_are_corrected_and_said(shop: Shop, kept: dict[str, str]) -> None:
    for typed, meant in MEANT.items():
        ids, page = await found(shop, kept, typed)
        assert (page["did_you_mean"], ids) == (meant or (None, set())), typed
        assert page["corrected"] is (meant is not None)
    for typed in ("mug", "teapot", "green mug", "espresso"):
        assert (await found(shop, kept, typed))[1]["did_you_mean"] is None
