"""Alert rules and dashboards: queries that can be read, about numbers that there are, with a runbook for each alert."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from tools.dashboards import DASHBOARDS, files

import mercat.payments.providers.calls
import mercat.worker  # noqa: F401 - which loads what only workers count
from mercat import exposition, outbox
from mercat.kit import metrics

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "monitoring"
RULES = FOLDER / "rules" / "mercat.yml"
RUNBOOK = ROOT / "docs" / "operations" / "runbook.md"
OF_PROMETHEUS = {"up": {"job"}}
SUFFIX = re.compile(r"_(total|bucket|count|sum)$")


def groups() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(RULES.read_text())["groups"]
    return found


def alerts() -> dict[str, dict[str, Any]]:
    return {rule["alert"]: rule for group in groups() for rule in group["rules"] if "alert" in rule}


def recorded() -> set[str]:
    return {rule["record"] for group in groups() for rule in group["rules"] if "record" in rule}


def queries() -> dict[str, str]:
    """Return every query, by where it stands."""
    found = {f"rule {n.get('alert') or n.get('record')}": n["expr"] for group in groups() for n in group["rules"]}
    for uid, (_, rows) in DASHBOARDS.items():
        for panel in (one for row in rows for one in row):
            for legend, query in panel.queries.items():
                found[f"{uid}: {panel.title} {legend}"] = query.replace("$__rate_interval", "1m")
    return found


def selectors(expression: Any) -> Iterator[promql_parser.VectorSelector]:
    """Yield what is selected anywhere in a query."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield expression
        return
    for name in ("lhs", "rhs", "expr", "param", "vector_selector", "args"):
        inner = getattr(expression, name, None)
        for one in inner if isinstance(inner, list) else [inner]:
            if one is not None:
                yield from selectors(one)


def labels_of(name: str) -> set[str] | None:
    """Return the labels of a number of ours, None if there is none of this name."""
    known: dict[str, Any] = metrics.COUNTED | {number.name: number.labels for number in exposition.NUMBERS}
    known |= {"mercat_database_up": ()} | OF_PROMETHEUS | dict.fromkeys(recorded(), ())
    found = known.get(name, known.get(SUFFIX.sub("", name)))
    return None if found is None else {*found, "job", "instance", *(["le"] if name.endswith("_bucket") else [])}


@pytest.mark.parametrize("where", queries())
def test_a_query_is_about_what_there_is(where: str) -> None:
    found = list(selectors(promql_parser.parse(queries()[where])))

    assert found, "a query of nothing"
    for selector in found:
        labels = labels_of(selector.name)
        assert labels is not None, f"{where}: nobody tells {selector.name}"
        for matcher in selector.matchers.matchers:
            assert matcher.name in labels, f"{where}: {selector.name} has no label {matcher.name}"
            if matcher.name == "event":
                assert matcher.value in outbox.DomainEvent.by_name, where


@pytest.mark.parametrize("where", queries())
def test_a_query_groups_by_labels_that_there_are(where: str) -> None:
    query = queries()[where]
    known = set[str]().union(*(labels_of(one.name) or () for one in selectors(promql_parser.parse(query))))
    for grouped in re.findall(r"\bby \(([^)]*)\)", query):
        assert {label.strip() for label in grouped.split(",")} <= known, where


def test_counters_are_asked_how_fast_they_grow() -> None:
    """A counter begins anew with its process: only its growth means something."""
    for where, query in queries().items():
        for name in re.findall(r"mercat_\w+_(?:total|bucket)", query):
            assert re.search(rf"(rate|increase)\({name}[^)]*\[", query), where


def test_every_alert_has_a_severity_and_a_section_of_the_runbook() -> None:
    sections = re.findall(r"^## (\w+)$", RUNBOOK.read_text(), re.MULTILINE)

    assert sections == list(alerts()), "in the order of the rules, and no other"
    for name, rule in alerts().items():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["runbook"] == f"docs/operations/runbook.md#{name.lower()}"
        assert rule["annotations"]["summary"]


def test_what_is_scraped_are_the_jobs_that_rules_know() -> None:
    scraped = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    names = {job["job_name"] for job in scraped["scrape_configs"]}

    assert names == set(re.findall(r'job="([^"]+)"', RULES.read_text()))
    assert list(FOLDER.glob(scraped["rule_files"][0])) == [RULES]


def test_the_dashboards_are_as_their_tool_writes_them() -> None:
    written = files()

    assert set((FOLDER / "dashboards").glob("*")) == set(written)
    for path, text in written.items():
        assert path.read_text(encoding="utf-8") == text, "python tools/dashboards.py"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.stem))
def test_a_dashboard_fills_its_rows(path: Path) -> None:
    shown = json.loads(path.read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in shown["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len(taken) == 24 * (max(y for _, y in taken) + 1), "no holes"
    assert len({panel["id"] for panel in shown["panels"]}) == len(shown["panels"])


def test_prometheus_itself_takes_the_rules() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        assert recorded(), "promtool is not installed here; the queries were read by another parser"
        return
    for command in (
        ["check", "rules", str(RULES)],
        ["check", "config", "--syntax-only", str(FOLDER / "prometheus.yml")],
    ):
        done = subprocess.run([promtool, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
