"""Slips are corrected, and it is said what was meant. What is found at all is judged in test_relevance.py."""

import json
from pathlib import Path
from typing import Any

import pytest

from shopping import Shop

PRODUCTS = json.loads(Path(__file__).with_name("relevance").joinpath("made.json").read_text(encoding="utf-8"))
pytestmark = pytest.mark.usefixtures("each_engine")

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


async def test_slips_are_corrected_and_said(shop: Shop, kept: dict[str, str]) -> None:
    for typed, meant in MEANT.items():
        ids, page = await found(shop, kept, typed)
        assert (page["did_you_mean"], ids) == (meant or (None, set())), typed
        assert page["corrected"] is (meant is not None)
    for typed in ("mug", "teapot", "green mug", "espresso"):
        assert (await found(shop, kept, typed))[1]["did_you_mean"] is None
