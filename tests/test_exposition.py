"""Metrics: who may read them, what they say, and that nobody outside chooses a label."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

import mercat.payments.providers.calls
import mercat.worker  # noqa: F401 - which loads what only workers count
from mercat import exposition
from mercat.kit import metrics
from shopping import Shop

Make = Callable[..., FastAPI]
TOKEN = "read-only-by-the-watchman"
GUIDE = Path(__file__).parents[1] / "docs" / "guides" / "monitoring.md"
LABELS = {
    "event", "lane", "method", "outcome", "policy", "pool", "provider", "route", "status", "task", "what", "currency",
}  # fmt: skip
"""What numbers are told apart by: each has few values, all of them the product's own."""


@pytest.fixture(autouse=True)
def _of_this_test(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    monkeypatch.setattr(exposition, "KEPT_SECONDS", 0.0)


def client(app: FastAPI) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://shop.test")


async def told(app: FastAPI) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return what the page says, by name and labels."""
    async with client(app) as http:
        answer = await http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def at(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


async def test_without_a_token_there_is_no_page(make: Make) -> None:
    async with client(make()) as http:
        answers = [await http.get("/metrics", headers=sent) for sent in ({}, {"Authorization": "Bearer "})]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("sent", [None, "", TOKEN, f"bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"])
async def test_only_the_token_opens_it(make: Make, sent: str | None) -> None:
    headers = {} if sent is None else {"Authorization": sent.encode("latin-1")}
    async with client(make(metrics_token=TOKEN)) as http:
        answer = await http.get("/metrics", headers=headers)

    assert answer.status_code == 404
    assert "mercat_http" not in answer.text


async def test_requests_are_counted_by_the_template_of_their_route(make: Make) -> None:
    app = make(metrics_token=TOKEN)
    detail, none = "/api/v1/products/{id_or_slug}", "none"
    counted = [
        at("mercat_http_requests_total", method="GET", route=detail, status="404"),
        at("mercat_http_requests_total", method="GET", route=none, status="404"),
        at("mercat_http_requests_total", method="other", route=none, status="404"),
        at("mercat_http_request_seconds_count", method="GET", route=detail),
    ]
    before = await told(app)
    async with client(app) as http:
        for n in range(3):
            await http.get(f"/api/v1/products/canary-{n}?q=canary-query")
        await http.head("/api/v1/products/canary-head")
        await http.get("/canary/path")
        await http.request("BREW", "/canary/pot")
    after = await told(app)

    assert [after.get(one, 0) - before.get(one, 0) for one in counted] == [4, 1, 1, 4]
    assert after[at("mercat_http_requests_under_way")] == 1, "the one that asks"
    assert not [one for one in after if "canary" in str(one)]


async def test_the_queue_and_the_books_are_read_from_the_database(make: Make, shop: Shop) -> None:
    app = make(metrics_token=TOKEN)
    waiting = at("mercat_jobs_waiting", lane="normal", task="outbox.dispatch_event")
    order = await shop.order(await shop.item(), payment_method="test", payment_method_id="test_approve")
    assert order.status_code == 201
    await shop.rows("UPDATE events SET occurred_at = occurred_at - interval '1 hour' RETURNING id")

    placed = await told(app)
    await shop.handle_events()
    done = await told(app)
    await shop.rows(
        """
        INSERT INTO ledger_totals (party, account, currency, amount_minor) VALUES ('nobody', 'sales', 'EUR', 3)
        RETURNING account"""
    )
    wrong = await told(app)

    assert placed[waiting] >= 1
    assert placed[at("mercat_jobs_oldest_seconds", lane="normal")] >= 0
    assert 3600 <= placed[at("mercat_outbox_lag_seconds")] < 7200
    assert waiting not in done
    assert done[at("mercat_outbox_lag_seconds")] == 0
    assert done[at("mercat_jobs_parked")] == 0
    assert done[at("mercat_events_total", event="orders.order_placed")] >= 1
    assert done[at("mercat_job_attempts_total", task="outbox.dispatch_event", outcome="done")] >= 1
    assert done[at("mercat_ledger_imbalance_minor", currency="EUR")] == 0
    assert wrong[at("mercat_ledger_imbalance_minor", currency="EUR")] == 3
    assert wrong[at("mercat_database_up")] == 1


async def test_without_a_database_the_process_tells_what_it_knows(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    found = await told(make(metrics_token=TOKEN))

    assert found[at("mercat_database_up")] == 0
    assert at("mercat_http_requests_under_way") in found
    assert at("mercat_jobs_parked") not in found


def test_several_who_ask_at_once_ask_the_database_once(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposition, "KEPT_SECONDS", 60.0)
    numbers = exposition.FromDatabase(database_url, exposition.NUMBERS)

    first, second = list(numbers.collect()), list(numbers.collect())

    assert [id(one) for one in first] == [id(one) for one in second]


def exported() -> dict[str, tuple[str, ...]]:
    """Return every number that this product tells, and its labels."""
    return metrics.COUNTED | {number.name: number.labels for number in exposition.NUMBERS} | {"mercat_database_up": ()}


def test_the_guide_knows_every_number_and_no_other() -> None:
    listed = set(re.findall(r"^\| `(mercat_\w+?)(?:_total)?`", GUIDE.read_text(), re.MULTILINE))

    assert listed == set(exported())


def test_numbers_are_told_apart_by_what_the_product_itself_names() -> None:
    for name, labels in exported().items():
        assert name.startswith("mercat_")
        assert LABELS.issuperset(labels), name
