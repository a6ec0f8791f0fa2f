"""Search is measured by judged queries over two catalogues, on every engine: see relevance/README.md."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mercat import auth, outbox
from mercat.demo import catalogue, content
from mercat.kit import clock
from mercat.search import jobs
from mercat.search.curation.synonyms import file, service
from mercat.worker import REACTIONS
from shopping import Shop
from translating import translate

FOLDER = Path(__file__).with_name("relevance")
FIRST, SOON = 3, 10
FLOORS = {"mrr": 0.97, "recall": 0.97, "clean": 1.0}
"""What every engine has to reach over all queries that are no known misses."""


@dataclass(frozen=True)
class Judged:
    """A query, and what it has to find."""

    query: str
    first: frozenset[str]
    found: frozenset[str]
    never: frozenset[str]
    miss: str

    def wrong(self, results: Sequence[str]) -> str:
        """Return what is wrong with the results, or nothing."""
        top = results[: min(FIRST, len(self.first))]
        if len(top) < min(FIRST, len(self.first)) or not self.first.issuperset(top):
            return f"first are {list(top)}"
        if missing := self.found.difference(results[:SOON]):
            return f"not among the first ten: {sorted(missing)}"
        if self.never == {"*"}:
            return f"finds {results[:3]}" if results else ""
        return f"finds {sorted(self.never.intersection(results))}" if self.never.intersection(results) else ""


def read(name: str) -> list[Judged]:
    def these(cell: str) -> frozenset[str]:
        return frozenset(slug.strip() for slug in cell.split("|") if slug.strip())

    with (FOLDER / name).open(encoding="utf-8", newline="") as opened:
        return [
            Judged(row["query"], *(these(row[column]) for column in ("first", "found", "never")), row["miss"])
            for row in csv.DictReader(opened)
        ]


def measured(judged: Sequence[Judged], answers: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the mean reciprocal rank of what comes first, the recall among ten, and how much is free of wrong."""
    ranks, recalls, clean = [], [], []
    for one, results in zip(judged, answers, strict=True):
        if one.first:
            ranks.append(next((1 / place for place, slug in enumerate(results, 1) if slug in one.first), 0.0))
        if right := one.first | one.found:
            recalls.append(len(right.intersection(results[:SOON])) / min(SOON, len(right)))
        if one.never:
            clean.append(float(not (results if one.never == {"*"} else one.never.intersection(results))))
    return {name: sum(all_of) / len(all_of) for name, all_of in (("mrr", ranks), ("recall", recalls), ("clean", clean))}


async def ask(shop: Shop, path: str, query: str, locale: str) -> list[str]:
    answer = await shop.client.get(path, params={"q": query, "size": 100, "locale": locale})
    assert answer.status_code == 200, (query, answer.text)
    return [item["slug"] for item in answer.json()["items"]]


async def hold(shop: Shop, name: str, keys: dict[str, str], engine: str, record: Any, locale: str = "en") -> None:
    """Ask all queries of a file, and hold each and the figures to what is expected."""
    judged = read(name)
    asked = [await ask(shop, "/products/search", one.query, locale) for one in judged]
    answers = [[keys.get(slug, slug) for slug in slugs] for slugs in asked]
    figures = measured(judged, answers)
    record(
        "relevance",
        f"{engine}, {name}: {len(judged)} queries, MRR {figures['mrr']:.3f}, "
        f"recall@10 {figures['recall']:.3f}, free of what must not be found {figures['clean']:.3f}",
    )

    wrong = [(one, one.wrong(results)) for one, results in zip(judged, answers, strict=True)]
    told = [f"{one.query}: {what}" for one, what in wrong if what and not one.miss]
    if keys:  # all that is right is named there
        everything = [set(results) == one.first | one.found for one, results in zip(judged, answers, strict=True)]
        told += [f"{one.query}: finds more" for one, fits in zip(judged, everything, strict=True) if not fits]
        for one, results in zip(judged, answers, strict=True):
            assert [keys[slug] for slug in await ask(shop, "/products", one.query, locale)] == results
    told += [f"{one.query}: no miss any more, take the reason out" for one, what in wrong if one.miss and not what]
    assert not told, "\n" + "\n".join(told)
    assert all(figures[figure] >= floor for figure, floor in FLOORS.items()), figures


async def test_the_demos_catalogue(shop: Shop, each_engine: str, record_property: Any) -> None:
    all_of_it = content.content()
    async with shop.database.transaction() as session:
        vendor_ids = await catalogue.load_vendors(session, all_of_it.vendors)
        await catalogue.load_catalogue(session, all_of_it, vendor_ids, clock.now())
        rows, errors = file.read((FOLDER / "demo_synonyms.csv").read_bytes())
        assert not (await service.bring_in(session, auth.Actor.system(), rows, errors)).errors
    await shop.handle_events()

    await hold(shop, "demo.csv", {}, each_engine, record_property)


async def test_a_made_catalogue(shop: Shop, each_engine: str, record_property: Any) -> None:
    keys = {}
    for key, fields in json.loads((FOLDER / "made.json").read_text(encoding="utf-8")).items():
        priced = fields if "variants" in fields else {"price": "1", **fields}
        answer = await shop.client.post("/products", json=priced, headers=(await shop.admin()).headers)
        assert answer.status_code == 201, answer.text
        keys[answer.json()["slug"]] = key
    await shop.handle_events()

    await hold(shop, "made.csv", keys, each_engine, record_property)


@pytest.mark.parametrize("locale", ["de", "fr", "ja", "ar"])
async def test_translated_products(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, record_property: Any, locale: str
) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", f"en,{locale}")
    keys = {}
    for key, names in json.loads((FOLDER / "translated.json").read_text(encoding="utf-8")).items():
        made = await shop.item(name=names["en"])
        keys[made.slug] = key
        if name := names.get(locale):
            await translate(shop, "product", made.product_id, locale, {"name": name})
    await jobs.follow_locales(outbox.JobContext(shop.database, REACTIONS))

    await hold(shop, f"translated_{locale}.csv", keys, "postgresql", record_property, locale)


def test_there_are_enough_judged_queries() -> None:
    every = [*read("demo.csv"), *read("made.csv")]

    assert len(every) >= 150
    assert [one.query for one in every if not one.first | one.found | one.never] == []
