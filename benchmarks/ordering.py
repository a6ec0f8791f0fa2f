"""Placing orders over HTTP against the same writes by the driver alone."""

import http.client
import json
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

import psycopg
from psycopg import sql

from benchmarks.bench import ROUNDS, Bench, Measured, measure
from benchmarks.client import Orders, Outcome, run_ours
from benchmarks.figures import Figure, at_least
from benchmarks.people import buyers
from benchmarks.raw_orders import ADDRESS, Done, Line, Work
from benchmarks.requests import ORDERS, ROOT

ORDER_SHARE, PAID_SHARE = 0.3, 0.25
PAID_AT_ONCE = {"payment_method": "test", "payment_method_id": "test_approve"}
CLIENTS, BASKETS, LINES = 16, 600, 3
VARIANTS = """
SELECT v.product_id::text, v.id::text, v.vendor_id::text, v.sku, p.name, array_to_string(v.options, ' / '),
       (SELECT url FROM product_images i WHERE i.product_id = p.id LIMIT 1), v.price_minor
FROM variants v JOIN products p ON p.id = v.product_id JOIN stock_levels s ON s.variant_id = v.id
WHERE s.on_hand - s.reserved >= 900 ORDER BY hashtextextended(v.id::text, 0) LIMIT %s
"""
WRITTEN = (
    "orders", "vendor_orders", "order_items", "order_history", "payments", "events", "procrastinate_jobs",
    "procrastinate_events", "idempotency_keys", "stock_reservations", "stock_movements", "carts", "cart_items",
    "audit_log", "audit_personal", "test_charges", "ledger_entries", "ledger_postings",
)  # fmt: skip


def figures(bench: Bench) -> list[Figure]:
    """Measure both in turn, orders that wait for their money and orders that are paid at once."""
    return [
        _compare(bench, "placing an order of three lines", ORDER_SHARE, paid=False),
        _compare(bench, "the same, paid at once", PAID_SHARE, paid=True),
    ]


def _compare(bench: Bench, name: str, target: float, *, paid: bool) -> Figure:
    """Measure product and driver in turn, and that both write the same number of rows for an order."""
    bench.say(f"measuring: {name}")
    url = bench.large.database_url
    baskets, people = baskets_in(url), buyers(url, CLIENTS)  # real clients are different people
    bodies = [body_of(basket, PAID_AT_ONCE if paid else {}) for basket in baskets]
    ordering = Buyers(bench.product.port, bodies, [one.token for one in people])
    answer = ordering.order_one()
    if paid and json.loads(answer)["status"] != "paid":
        raise RuntimeError(f"an order was not paid at once: {answer}")
    shipping = round(float(json.loads(answer)["shipping"]["amount"]) * 100)
    users = [one.user_id for one in people]
    work = Work(url, baskets, users, answer, CLIENTS, bench.seconds, paid, shipping)
    ordering.order(1.0)
    shares: list[float] = []
    ours: list[Measured] = []
    bare: list[Done] = []
    rows = [_rows(url)]
    for _ in range(ROUNDS):
        ours.append(measure(bench.product, lambda: ordering.order(bench.seconds)))
        rows.append(_rows(url))
        bare.append(_bare(work))
        rows.append(_rows(url))
        shares.append(ours[-1].outcome.rate * bare[-1].seconds / bare[-1].orders)
    if errors := sum(one.outcome.errors for one in ours):
        raise RuntimeError(f"{errors} orders were refused")
    written = {
        "product": (rows[-2] - rows[-3]) / ours[-1].outcome.requests,
        "driver": (rows[-1] - rows[-2]) / bare[-1].orders,
    }
    rate, cost = median(one.outcome.rate for one in ours), median(one.cpu_per_request for one in ours)
    driver = median(done.orders / done.seconds for done in bare)
    details = (
        f"{rate:,.0f}/s ({cost * 1e6:,.0f} us) of {driver:,.0f}/s; {written['product']:.1f} and "
        f"{written['driver']:.1f} rows an order, {CLIENTS} clients, fsync on"
    )
    values = {"share": median(shares), "product_per_second": rate, "yardstick_per_second": driver, "cpu_seconds": cost}
    return at_least(name, median(shares), target, details=details, values=values)


@dataclass(frozen=True, slots=True)
class Buyers:
    """Those who order from the product."""

    port: int
    bodies: Sequence[str]
    tokens: Sequence[str]

    def order(self, seconds: float) -> Outcome:
        """Let every buyer order one basket after the other."""
        prefix = secrets.token_hex(6)
        return run_ours(Orders(self.port, ORDERS, self.bodies, CLIENTS, seconds, prefix, self.tokens))

    def order_one(self) -> str:
        """Place a single order and return the answer."""
        headers = {
            "Authorization": f"Bearer {self.tokens[0]}",
            "Content-Type": "application/json",
            "Idempotency-Key": secrets.token_hex(6),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", ORDERS, self.bodies[0], headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status != 201:
            raise RuntimeError(f"an order was answered {answer.status}: {text}")
        return text


def baskets_in(url: str) -> list[list[Line]]:
    """Return what is ordered: so many lines each, of variants with plenty of stock, no variant twice."""
    with psycopg.connect(url) as connection:
        found = [Line(*row) for row in connection.execute(VARIANTS, (BASKETS * LINES,))]
    return [found[start : start + LINES] for start in range(0, len(found), LINES)]


def body_of(basket: Sequence[Line], more: Mapping[str, str]) -> str:
    """Return the body of a request that orders a basket."""
    items = [{"variant_id": line.variant_id, "quantity": 1} for line in basket]
    return json.dumps({"items": items, "email": "ada@example.com", "shipping_address": ADDRESS, **more})


def _bare(work: Work) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.raw_orders"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        input=json.dumps(asdict(work)).encode(),
        stdout=subprocess.PIPE,
        timeout=work.seconds + 60.0,
        check=True,
    )
    return Done(**json.loads(done.stdout))


def _rows(url: str) -> int:
    """Return how many rows there are in everything that an order may write to."""
    with psycopg.connect(url) as connection:
        counts = [
            connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
            for table in WRITTEN
        ]
    return sum(int(count[0]) for count in counts if count)
