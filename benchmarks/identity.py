"""What being signed in costs a request, and what fifty people who sign in cost everybody else."""

import http.client
import json
import time
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from statistics import median
from urllib.parse import urlencode

import bcrypt

from benchmarks.background import Background
from benchmarks.bench import ROUNDS, Bench, in_turn, measure
from benchmarks.client import Load, Outcome, run_ours
from benchmarks.figures import Figure, at_least, at_most
from benchmarks.people import PASSWORD, Buyer, buyers, token
from benchmarks.requests import KNOWN, LIST
from mercat.auth.config import AuthSettings
from mercat.auth.tokens import read_access_token
from mercat.kit.ids import new_id

CART, SIGN_IN = "/api/v1/cart", "/api/v1/auth/token"
SIGNED_IN_SHARE = 0.85
"""An overhead of 15 %."""
BCRYPT_SHARE = 0.7
UNMOVED = 2.0
PEOPLE = 50
VISITORS = 4
TOKEN_MILLISECONDS, CHECKS = 50.0, 1_000


def figures(bench: Bench) -> list[Figure]:
    """Measure both, and a token's check."""
    people = buyers(bench.large.database_url, PEOPLE, rounds=AuthSettings().bcrypt_rounds)
    return [_signed_in(bench, people), *_signing_in(bench, people), _check()]


def _signed_in(bench: Bench, people: Sequence[Buyer]) -> Figure:
    bench.say("measuring: a request of somebody against one of nobody")

    def carts(headers: dict[str, str]) -> Outcome:
        return run_ours(Load(bench.product.port, CART, seconds=bench.seconds, headers=headers))

    somebody = {"Authorization": f"Bearer {people[0].token}"}
    nobody = {"X-Cart-Token": "nobody's"}
    for headers in (somebody, nobody):  # connections made, statements prepared
        carts(headers)
    pair = in_turn(
        lambda: measure(bench.product, lambda: carts(somebody)), lambda: measure(bench.product, lambda: carts(nobody))
    )
    return at_least(
        "an empty cart, signed in against as a guest",
        pair.share,
        SIGNED_IN_SHARE,
        details=pair.details(),
        values=pair.values(),
    )


def _signing_in(bench: Bench, people: Sequence[Buyer]) -> list[Figure]:
    """Let people sign in while others read lists."""
    bench.say(f"measuring: {PEOPLE} people who sign in")
    seconds = max(bench.seconds, 2.0)
    quiet, busy, rates = [], [], []
    for _ in range(ROUNDS):
        quiet.append(_visitors(bench, seconds))
        with Background(bench.product.port, [partial(_sign_in, one=one) for one in people]) as crowd:
            busy.append(_visitors(bench, seconds))
        rates.append(crowd.rate)
    moved = median(b.p99 for b in busy) / median(q.p99 for q in quiet)
    alone = _bcrypt_rate()
    rate = median(rates)
    return [
        at_most(
            "p99 of lists while 50 people sign in",
            moved,
            UNMOVED,
            "x",
            details=f"{median(b.p99 for b in busy) * 1e3:.0f} ms against {median(q.p99 for q in quiet) * 1e3:.0f} ms "
            f"without, {VISITORS} connections",
            values={"moved": moved},
        ),
        at_least(
            "sign-ins against bcrypt alone",
            rate / alone,
            BCRYPT_SHARE,
            details=f"{rate:.1f}/s of {alone:.1f}/s in one thread, beside the lists",
            values={"per_second": rate, "bcrypt_per_second": alone},
        ),
    ]


def _visitors(bench: Bench, seconds: float) -> Outcome:
    return run_ours(Load(bench.product.port, LIST, connections=VISITORS, seconds=seconds, headers=KNOWN))


def _bcrypt_rate() -> float:
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(AuthSettings().bcrypt_rounds))
    begun = time.perf_counter()
    for _ in range(5):
        bcrypt.checkpw(PASSWORD.encode(), hashed)
    return 5 / (time.perf_counter() - begun)


def _check() -> Figure:
    made = token(new_id(), new_id())
    begun = time.perf_counter()
    for _ in range(CHECKS):
        read_access_token(made)
    each = (time.perf_counter() - begun) / CHECKS * 1e3
    return at_most("token check", each, TOKEN_MILLISECONDS, " ms", details=f"{each * 1e3:.0f} us")


def _sign_in(connection: http.client.HTTPConnection, one: Buyer) -> bool:
    body = urlencode({"username": one.email, "password": PASSWORD})
    connection.request("POST", SIGN_IN, body, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status not in {HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE}:  # the latter is a request's deadline
        raise RuntimeError(f"a sign-in was answered {answer.status}: {json.loads(text).get('code')}")
    return answer.status == HTTPStatus.OK
