"""Mail of a person while a catalogue is imported, with a job in the queue for each product that is back in stock."""

import contextlib
import json
import signal
import sys
import threading
import time
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

import psycopg

from benchmarks import dataset, people
from benchmarks.bench import Bench
from benchmarks.figures import Figure, at_most
from benchmarks.imported import bring_in
from mercat import embedded

PRODUCTS, RESETS, MAIL_SECONDS = 12_000, 8, 5.0
LONGEST_SECONDS = 120.0
PAUSE_SECONDS = 1.0
EMPTY = "UPDATE stock_levels SET on_hand = 0 WHERE reserved = 0"
BACKLOG = """
WITH told AS (
    INSERT INTO events (id, name, payload, request_id)
    SELECT gen_random_uuid(), 'inventory.back_in_stock', jsonb_build_object('variant_ids', array[min(id::text)]), ''
    FROM variants GROUP BY product_id RETURNING id
)
INSERT INTO procrastinate_jobs (queue_name, priority, task_name, args)
SELECT 'bulk', -10, 'outbox.dispatch_event', jsonb_build_object('event_id', id) FROM told
"""
"""An event of its own for each product: what an import left before its events were gathered."""
SENT = "SELECT count(*), max(extract(epoch FROM sent_at)) FROM mails WHERE recipient = %s AND status = 'sent'"
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'bulk' AND status = 'todo'"


def figures(bench: Bench) -> list[Figure]:
    """Import a file that brings everything back into stock, and ask for new passwords meanwhile."""
    bench.say(f"measuring: mail while {PRODUCTS:,} products are imported")
    database_url = bench.stack.database("lanes")
    catalogue = dataset.write(bench.stack.folder / "lanes.csv", PRODUCTS)
    bring_in(database_url, catalogue)
    asking = people.buyers(database_url, RESETS)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(EMPTY)
        connection.execute("DELETE FROM procrastinate_jobs")
        connection.execute(BACKLOG)
    server = bench.stack.product(database_url, "lanes")
    importing = threading.Thread(target=bring_in, args=(database_url, catalogue))
    log = bench.stack.folder / "lanes-worker.log"
    with embedded.open_log(log) as output:
        worker = embedded.spawn(
            [sys.executable, "-m", "mercat", "worker"],
            output=output,
            death_signal=signal.SIGKILL,
            environment=bench.stack.environment(database_url) | {"MERCAT_MAIL_URL": f"maildir://{_folder(bench)}"},
        )
    try:
        waits, waiting = [], 0
        with psycopg.connect(database_url, autocommit=True) as connection:
            while not connection.execute("SELECT FROM procrastinate_workers").fetchall():
                time.sleep(0.1)
            importing.start()
            for person in asking:
                waits.append(_wait(connection, server.port, person.email))
                row = connection.execute(WAITING).fetchone()
                waiting = max(waiting, row[0] if row else 0)
                time.sleep(PAUSE_SECONDS)
    finally:
        if importing.is_alive():
            importing.join()
        embedded.stop(worker, (signal.SIGTERM, 10.0))
        bench.stack.stop(server)
    told = f"the slowest of {RESETS}, up to {waiting:,} bulk jobs waiting behind them"
    return [at_most("mail during an import", max(waits), MAIL_SECONDS, " s", details=told)]


def _folder(bench: Bench) -> Path:
    folder = bench.stack.folder / "lanes-mail"
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


def _wait(connection: psycopg.Connection, port: int, email: str) -> float:
    """Ask for a link to a new password; return the seconds until it left."""
    asked = time.time()
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=LONGEST_SECONDS)) as server:
        server.request(
            "POST", "/api/v1/auth/forgot-password", json.dumps({"email": email}), {"Content-Type": "application/json"}
        )
        status = server.getresponse().status
    if status != HTTPStatus.ACCEPTED:
        raise RuntimeError(f"a link to a new password was refused: {status}")
    while time.time() < asked + LONGEST_SECONDS:
        row = connection.execute(SENT, (email,)).fetchone()
        if row and row[0]:
            return float(row[1]) - asked
        time.sleep(0.05)
    return LONGEST_SECONDS
