"""A short beginning is completed by the words that lead it: chosen by jobs, and new words at once."""

from typing import Any

import pytest

from mercat import outbox
from mercat.search import jobs
from mercat.search.postgresql import vocabulary
from mercat.worker import REACTIONS
from shopping import Shop


async def typed(shop: Shop, beginning: str) -> list[str]:
    found: dict[str, Any] = (await shop.client.get("/products/suggest", params={"q": beginning})).json()
    return [word for word in found["queries"] if word.startswith(beginning)]


async def leading(shop: Shop) -> set[str]:
    rows = await shop.rows("SELECT lexeme FROM search_lexemes WHERE is_leading AND lexeme LIKE 'mu%%'")
    return {row[0] for row in rows}


async def test_the_most_frequent_lead_and_new_ones_are_there_at_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary, "LEADING", 2)
    context = outbox.JobContext(shop.database, REACTIONS)
    for name in ("Mug", "Mug mule", "Mug mule musk", "Mural"):
        await shop.item(name=name)
    await shop.handle_events()
    assert await leading(shop) == {"mug", "mule", "musk", "mural"}  # all are new

    await jobs.keep_counts(context)
    assert await leading(shop) == {"mug", "mule", "mural", "musk"}  # each leads a beginning of three
    assert await typed(shop, "mu") == ["mug", "mule"]

    for name in ("Mugs", "Mugshot", "Mugwort"):
        await shop.item(name=name)
    await shop.handle_events()
    assert "mugshot" in await leading(shop)
    await jobs.keep_counts(context)
    assert await leading(shop) == {"mug", "mule", "mugs", "mural", "musk"}
    assert await typed(shop, "mugw") == ["mugwort"]  # a longer beginning knows all

    for _ in range(3):
        await shop.item(name="Mugwort")
    await shop.handle_events()
    await jobs.count_lexemes(context)
    assert await typed(shop, "mu") == ["mugwort", "mug"]
    assert "mugs" not in await leading(shop)
