"""Lists, details and 304s: the product, all of it, against the yardstick.

Lists and details are measured computed, past the cache, and cached, beside a bare ASGI application.
"""

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from benchmarks import yardstick
from benchmarks.bench import Bench, Measured, Pair, in_turn, measure
from benchmarks.client import Load, run, run_ours
from benchmarks.figures import Figure, at_least, at_most
from benchmarks.requests import DETAIL, FILTERED, KNOWN, LIST
from benchmarks.stack import Server

READ_SHARE, UNCHANGED_SHARE, CACHED_SHARE = 0.6, 0.5, 0.6
SAMPLES_PAUSE = 0.02
API_MILLISECONDS = 200.0


def figures(bench: Bench) -> list[Figure]:
    """Measure every read that visitors make most."""
    detail = DETAIL.format(slug=bench.slug)
    rows = [
        ("product list, page 1", LIST, "/list", READ_SHARE),
        ("product list, filtered and sorted", FILTERED, "/filtered", READ_SHARE),
        ("product detail", detail, f"/detail/{bench.slug}", READ_SHARE),
    ]
    found = []
    slowest = 0.0
    for name, path, bare, target in rows:
        bench.say(f"measuring: {name}")
        pair = _pair(bench, path, bare)
        slowest = max(slowest, *(measured.outcome.mean for measured in pair.product))
        found.append(at_least(name, pair.share, target, details=pair.details(), values=pair.values()))
    for name, path in (("cached list", LIST), ("cached product page", detail)):
        bench.say(f"measuring: {name}")
        found.append(_cached(bench, name, path))
    bench.say("measuring: 304 by ETag")
    pair = _unchanged(bench)
    found.append(at_least("304 by ETag", pair.share, UNCHANGED_SHARE, details=pair.details(), values=pair.values()))
    details = "the slowest of the rounds above, 32 connections without a pause"
    found.append(at_most("average answer under load", slowest * 1e3, API_MILLISECONDS, " ms", details=details))
    return found


def _pair(bench: Bench, path: str, bare: str) -> Pair:
    for server, what in ((bench.product, path), (bench.yardstick, bare)):
        run(Load(server.port, what, seconds=1.0, headers=KNOWN))  # connections made, statements prepared
    return in_turn(
        lambda: _loaded(bench, bench.product, path, KNOWN), lambda: _loaded(bench, bench.yardstick, bare, KNOWN)
    )


def _cached(bench: Bench, name: str, path: str) -> Figure:
    for server, what in ((bench.product, path), (bench.yardstick, "/bare")):
        run(Load(server.port, what, seconds=1.0))
    with _sampled(bench.product, path) as samples:
        pair = in_turn(lambda: _loaded(bench, bench.product, path), lambda: _loaded(bench, bench.yardstick, "/bare"))
    rate = sum(samples) / len(samples)
    details, values = f"{pair.details()}; hit rate {rate:.0%}", {**pair.values(), "hit_rate": rate}
    return at_least(name, pair.share, CACHED_SHARE, details=details, values=values)


@contextmanager
def _sampled(server: Server, path: str) -> Iterator[list[bool]]:
    """Ask now and then beside the load whether the answer comes from the cache."""
    found: list[bool] = []
    over = threading.Event()

    def sample() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        while not over.wait(SAMPLES_PAUSE) or not found:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            found.append("hit" in answer.headers.get("Cache-Status", ""))
        connection.close()

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def _unchanged(bench: Bench) -> Pair:
    ours = {"If-None-Match": _etag(bench.product, LIST)}
    theirs = {"If-None-Match": yardstick.ETAG.decode()}
    for server, path, headers in ((bench.product, LIST, ours), (bench.yardstick, "/bare", theirs)):
        checked = run_ours(Load(server.port, path, headers=headers, status=304), each=20)
        if checked.errors:
            raise RuntimeError(f"{server.name}: {checked.errors} answers were no 304")
    return in_turn(
        lambda: _loaded(bench, bench.product, LIST, ours),
        lambda: _loaded(bench, bench.yardstick, "/bare", theirs),
    )


def _loaded(bench: Bench, server: Server, path: str, headers: Mapping[str, str] | None = None) -> Measured:
    status = 304 if headers and "If-None-Match" in headers else 200
    load = Load(server.port, path, seconds=bench.seconds, headers=headers or {}, status=status)
    return measure(server, lambda: run(load))


def _etag(server: Server, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.headers["ETag"]
    finally:
        connection.close()
