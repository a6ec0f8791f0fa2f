"""What `mercat demo` keeps in memory while nobody asks for anything, and after it was used."""

import contextlib
import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from select import select

import psycopg

from benchmarks.bench import Bench
from benchmarks.figures import Figure, at_most
from benchmarks.raw_orders import ADDRESS
from benchmarks.requests import ROOT
from benchmarks.stack import process_tree, proportional_bytes
from mercat import embedded

IDLE_MEGABYTES, USED_MEGABYTES = 400.0, 600.0
CLIENTS, READS, ORDERS = 8, 4_000, 250
READY_SECONDS, IDLE_SECONDS = 90.0, 8.0
"""The latter is longer than the process that draws documents waits for more of them."""
DUE = """
SELECT count(*) FROM procrastinate_jobs
WHERE status = 'doing' OR (status = 'todo' AND coalesce(scheduled_at <= now(), true))
"""


def figures(bench: Bench) -> list[Figure]:
    """Start the demo as a user would, wait until it has calmed down, add up its processes; use it, and add up again."""
    bench.say("measuring: idle memory of the demo")
    folder = bench.stack.folder / "demo"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MERCAT_")}
    port = embedded.free_port()
    command = [sys.executable, "-m", "mercat", "demo", "--port", str(port)]
    demo = embedded.spawn(
        [*command, "--data-dir", str(folder), "--json"],
        output=subprocess.PIPE,
        errors=subprocess.DEVNULL,
        environment={**kept, "PYTHONPATH": str(ROOT / "src")},
    )
    try:
        if demo.stdout is None or not select([demo.stdout], [], [], READY_SECONDS)[0] or not demo.stdout.readline():
            raise RuntimeError("the demo was not ready in time")
        _calm_down(folder)
        idle = _parts(demo.pid)
        bench.say("measuring: memory of the demo after use")
        _use(port)
        _calm_down(folder)
        used = _parts(demo.pid)
    finally:
        embedded.stop(demo, (signal.SIGTERM, 12.0))
    return [
        _figure("idle memory of the demo", idle, IDLE_MEGABYTES),
        _figure("memory of the demo after use", used, USED_MEGABYTES),
    ]


def _figure(name: str, parts: dict[str, int], target: float) -> Figure:
    total = sum(parts.values()) / 1e6
    shown = ", ".join(f"{part} {size / 1e6:.0f}" for part, size in sorted(parts.items(), key=lambda p: -p[1]))
    values = {part: float(size) for part, size in parts.items()}
    return at_most(name, total, target, " MB", details=f"PSS: {shown}", values=values)


def _calm_down(folder: Path) -> None:
    """Wait until no job is due, and then until what was started for jobs has ended."""
    url = json.loads((folder / "run.json").read_text("utf-8"))["database_url"]
    deadline = time.monotonic() + READY_SECONDS
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(DUE).fetchone() != (0,):
            if time.monotonic() > deadline:
                raise RuntimeError("the demo's jobs were not done in time")
            time.sleep(0.2)
    time.sleep(IDLE_SECONDS)


def _use(port: int) -> None:
    """Read lists and products, and place orders that are paid at once, with several clients."""
    listed = _ask(port, [("GET", f"/products?size=100&in_stock=true&page={page}", None) for page in (1, 2)])
    ids = [item["id"] for page in listed for item in json.loads(page)["items"]]
    details = _ask(port, [("GET", f"/products/{product}", None) for product in ids])
    variants = [json.loads(one)["variants"] for one in details]
    sold = [variant["id"] for one in variants for variant in one if variant["available"] > ORDERS // 10]
    reads = [("GET", ("/products", f"/products/{ids[n % len(ids)]}")[n % 2], None) for n in range(READS)]
    orders = [("POST", "/orders", _order(sold[n % len(sold)], n)) for n in range(ORDERS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        work = [*reads, *orders]
        list(clients.map(lambda client: _ask(port, work[client::CLIENTS]), range(CLIENTS)))


def _order(variant_id: str, number: int) -> str:
    return json.dumps(
        {
            "items": [{"variant_id": variant_id, "quantity": 1}],
            "email": f"buyer-{number}@example.com",
            "shipping_address": ADDRESS,
            "payment_method": "test",
            "payment_method_id": "test_approve",
        }
    )


def _ask(port: int, requests: Sequence[tuple[str, str, str | None]]) -> list[bytes]:
    """Send requests one after the other over one connection; returns the answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    answers = []
    for method, path, body in requests:
        headers = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(16)} if body else {}
        connection.request(method, f"/api/v1{path}", body, headers)
        answer = connection.getresponse()
        answers.append(answer.read())
        if answer.status >= http.client.BAD_REQUEST:
            raise RuntimeError(f"{method} {path}: {answer.status} {answers[-1][:300]!r}")
    connection.close()
    return answers


def _parts(pid: int) -> dict[str, int]:
    parts: dict[str, int] = defaultdict(int)
    for member in process_tree(pid):
        with contextlib.suppress(OSError):  # one of PostgreSQL's helpers may end meanwhile
            parts[_kind(member)] += proportional_bytes(member)
    return dict(parts)


def _kind(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").split()
    for word in ("serve", "worker", "demo"):
        if word in words:
            return word
    if words and words[-1].endswith(".py"):
        return Path(words[-1]).stem
    return Path(words[0]).name.rstrip(":") if words else "?"
