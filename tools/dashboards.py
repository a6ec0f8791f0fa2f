"""Writes Grafana's dashboards into deploy/monitoring/dashboards: `python tools/dashboards.py`.

A dashboard is rows of panels, a panel is a title, a unit and queries; the rest of Grafana's JSON is the same for all.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "deploy" / "monitoring" / "dashboards"
SOURCE = {"type": "prometheus", "uid": "${source}"}
WIDTH, HEIGHT = 24, 8


@dataclass(frozen=True)
class Panel:
    """A graph, or one number: `queries` are PromQL by what the legend says of them."""

    title: str
    unit: str
    queries: dict[str, str]
    about: str = ""
    number: bool = False
    bad_above: float | None = None


RATE = "sum by ({}) (rate({}[$__rate_interval]))"


def quantile(share: float, name: str, by: str = "") -> str:
    """Return the query of a quantile of a histogram."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({labels}) (rate({name}_bucket[$__rate_interval])))"


OVERVIEW = [
    [
        Panel(
            "Failures of the last 5 minutes", "percentunit",
            {"": "mercat:http_failures:ratio5m"},
            "Answers with a 5xx; the promise is 0.1 %.", number=True, bad_above=0.001,
        ),
        Panel("99 of 100 requests within", "s", {"": quantile(0.99, "mercat_http_request_seconds")},
              number=True, bad_above=1),
        Panel("Oldest job that people wait for", "s", {"": 'max(mercat_jobs_oldest_seconds{lane!="bulk"})'},
              number=True, bad_above=60),
        Panel("Jobs for an operator", "short", {"": "max(mercat_jobs_parked)"}, number=True, bad_above=0.5),
        Panel("Books are wrong by", "short", {"": "max(mercat_ledger_imbalance_minor)"},
              "Minor units; always 0.", number=True, bad_above=0.5),
        Panel("PostgreSQL answers", "bool_yes_no", {"": "max(mercat_database_up)"}, number=True),
    ],
    [
        Panel("Requests", "reqps", {"{{status}}": RATE.format("status", "mercat_http_requests_total")}),
        Panel("Time of requests", "s", {
            "half": quantile(0.5, "mercat_http_request_seconds"),
            "95 of 100": quantile(0.95, "mercat_http_request_seconds"),
            "99 of 100": quantile(0.99, "mercat_http_request_seconds"),
        }),
    ],
    [
        Panel("Slowest routes", "s", {
            "{{method}} {{route}}": f"topk(10, {quantile(0.95, 'mercat_http_request_seconds', 'method, route')})"
        }, "95 of 100 requests are at least as fast."),
        Panel("Busiest routes", "reqps", {
            "{{method}} {{route}}": f"topk(10, {RATE.format('method, route', 'mercat_http_requests_total')})"
        }),
    ],
    [
        Panel("Public answers by where they come from", "reqps",
              {"{{outcome}}": RATE.format("outcome", "mercat_cache_answers_total")},
              "Those from memory are not among the requests."),
        Panel("Refused as too many", "reqps",
              {"{{policy}}": RATE.format("policy", "mercat_rate_limit_refusals_total")}),
    ],
    [
        Panel("Connections to PostgreSQL", "percentunit", {
            "{{pool}}": "max by (pool) (mercat_database_connections_in_use / mercat_database_connections_limit)"
        }, "The part of a pool that is lent."),
        Panel("How late the loops are", "s", {"99 of 100": quantile(0.99, "mercat_event_loop_late_seconds")},
              "More than 0.1 s for long means that there is more to do than processor."),
        Panel("Pages that are connected", "short", {
            "connected": "sum(mercat_websocket_connections)", "under way": "sum(mercat_http_requests_under_way)",
        }),
    ],
]  # fmt: skip
JOBS = [
    [
        Panel("Jobs that wait", "short", {"{{lane}}": "sum by (lane) (max by (lane, task) (mercat_jobs_waiting))"}),
        Panel("How long the first of them has waited", "s", {"{{lane}}": "max by (lane) (mercat_jobs_oldest_seconds)"}),
        Panel("Events that handlers have not seen", "s", {"behind": "max(mercat_outbox_lag_seconds)"}),
    ],
    [
        Panel("Attempts", "ops", {"{{task}}": f"topk(10, {RATE.format('task', 'mercat_job_attempts_total')})"}),
        Panel("Attempts that failed", "ops",
              {"{{task}}": RATE.format("task", 'mercat_job_attempts_total{outcome="failed"}')}),
        Panel("Longest jobs", "s", {"{{task}}": f"topk(10, {quantile(0.95, 'mercat_job_seconds', 'task')})"}),
    ],
    [
        Panel("Events", "ops", {"{{event}}": RATE.format("event", "mercat_events_total")}),
        Panel("Mail", "ops", {"{{outcome}}": RATE.format("outcome", "mercat_mails_total")}),
        Panel("Schedules that are late", "s", {
            "{{task}}": "time() - max by (task) (mercat_schedule_fired_timestamp_seconds)"
                        " - max by (task) (mercat_schedule_interval_seconds) > 30"
        }),
    ],
]  # fmt: skip
MONEY = [
    [
        Panel("Orders placed and paid", "ops", {
            "placed": 'sum(rate(mercat_events_total{event="orders.order_placed"}[$__rate_interval]))',
            "paid": 'sum(rate(mercat_events_total{event="orders.order_paid"}[$__rate_interval]))',
            "cancelled": 'sum(rate(mercat_events_total{event="orders.order_cancelled"}[$__rate_interval]))',
        }),
        Panel("What goes wrong with payments", "ops", {
            "payments": 'sum(rate(mercat_events_total{event="payments.payment_failed"}[$__rate_interval]))',
            "refunds": 'sum(rate(mercat_events_total{event="payments.refund_failed"}[$__rate_interval]))',
            "payouts": 'sum(rate(mercat_events_total{event="payouts.payout_failed"}[$__rate_interval]))',
        }),
        Panel("Sold out and low", "ops", {
            "sold out": 'sum(rate(mercat_events_total{event="inventory.sold_out"}[$__rate_interval]))',
            "low": 'sum(rate(mercat_events_total{event="inventory.stock_low"}[$__rate_interval]))',
        }),
    ],
    [
        Panel("Payment providers", "reqps",
              {"{{provider}} {{outcome}}": RATE.format("provider, outcome", "mercat_provider_calls_total")}),
        Panel("Time of payment providers", "s",
              {"{{provider}}": quantile(0.95, "mercat_provider_seconds", "provider")}),
        Panel("Refunds under way", "short", {"pending": "max(mercat_refunds_pending)"}),
    ],
    [
        Panel("Longest refund under way", "s", {"": "max(mercat_refunds_oldest_pending_seconds)"},
              number=True, bad_above=3600),
        Panel("Books are wrong by", "short", {"{{currency}}": "max by (currency) (mercat_ledger_imbalance_minor)"},
              "Minor units; always 0.", number=True, bad_above=0.5),
        Panel("Differences left by the last comparison", "short", {"": "max(mercat_reconcile_differences)"},
              number=True, bad_above=0.5),
        Panel("Last comparison", "dateTimeFromNow", {"": "max(mercat_reconcile_timestamp_seconds) * 1000"},
              number=True),
    ],
]  # fmt: skip
DASHBOARDS = {
    "mercat-overview": ("Mercat: overview", OVERVIEW),
    "mercat-jobs": ("Mercat: jobs and events", JOBS),
    "mercat-money": ("Mercat: orders and money", MONEY),
}


def panel(number: int, shown: Panel, place: dict[str, int]) -> dict[str, Any]:
    """Return a panel as Grafana has it."""
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if shown.bad_above is not None:
        steps.append({"color": "red", "value": shown.bad_above})
    defaults: dict[str, Any] = {"unit": shown.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}}
    if not shown.number:
        defaults["custom"] = {"fillOpacity": 8, "lineWidth": 2, "showPoints": "never"}
    targets = [
        {"refId": chr(ord("A") + n), "datasource": SOURCE, "expr": query, "legendFormat": legend or "__auto"}
        for n, (legend, query) in enumerate(shown.queries.items())
    ]
    options: dict[str, Any] = (
        {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "value", "graphMode": "area"}
        if shown.number
        else {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}
    )
    return {
        "id": number,
        "type": "stat" if shown.number else "timeseries",
        "title": shown.title,
        "description": shown.about,
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": options,
        "targets": targets,
    }


def dashboard(uid: str, title: str, rows: list[list[Panel]]) -> dict[str, Any]:
    """Return a dashboard as Grafana has it; its data source is chosen when it is looked at."""
    panels: list[dict[str, Any]] = []
    y = 0
    for row in rows:
        width, height = WIDTH // len(row), HEIGHT // 2 if all(one.number for one in row) else HEIGHT
        for n, one in enumerate(row):
            panels.append(panel(len(panels) + 1, one, {"x": n * width, "y": y, "w": width, "h": height}))
        y += height
    source = {"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}
    return {
        "uid": uid,
        "title": title,
        "tags": ["mercat"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [source]},
        "links": [{"type": "dashboards", "title": "Mercat", "tags": ["mercat"], "asDropdown": True}],
        "panels": panels,
    }


def files() -> dict[Path, str]:
    """Return what each file should hold."""
    return {
        FOLDER / f"{uid}.json": json.dumps(dashboard(uid, title, rows), indent=2) + "\n"
        for uid, (title, rows) in DASHBOARDS.items()
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"written: {path.name}\n")
