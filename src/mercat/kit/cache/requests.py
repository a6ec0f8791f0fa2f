"""The way of a route into the cache, and who is kept out of it."""

from dataclasses import dataclass
from functools import partial
from typing import cast
from urllib.parse import parse_qsl, urlencode

from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

from mercat.kit.cache.answers import Answer, Load
from mercat.kit.cache.cache import OK, Cache
from mercat.kit.cache.counters import Outcome
from mercat.kit.cache.policy import Policy
from mercat.kit.database import OUTAGES, Database, Reads, get_database

SLOT = "mercat.cache"
"""Where the scope of a request that may be answered from memory keeps its `Slot`."""
PERSONAL = frozenset({b"authorization", b"cookie", b"proxy-authorization", b"x-api-key", b"x-cart-token"})
"""Headers by which somebody may be known: with any of them nothing is read from the cache and nothing put into it."""
MISSING = 404


@dataclass(slots=True)
class Slot:
    """What the front knows of a request, and what its route lets the front keep."""

    policy: Policy | None = None
    subject: str = ""
    state: bytes = b""
    """The state that the front has just read for this request."""
    shared: bool = False
    """Whether the route has given its answer to the cache; without that nothing is kept."""
    outcome: Outcome = Outcome.bypass


def is_anonymous(scope: Scope) -> bool:
    """Whether a request is a GET of nobody in particular."""
    return scope["method"] == "GET" and all(name not in PERSONAL for name, _ in scope["headers"])


def get_cache(connection: HTTPConnection) -> Cache:
    """Return the application's cache."""
    return cast("Cache", connection.app.state.cache)


async def cached(
    request: Request, policy: Policy, load: Load, *, subject: str = "", language: str = "", keep: bool = True
) -> Answer:
    """Return the answer to a public GET: what is kept of it if nothing that it shows has changed, else a new one.

    `load` must depend on path, query, `language` and the data alone. It may read from a replica, which then is no
    older than the primary was when this was called. Whoever is known gets a new answer, which may be as old as the
    replica is; so does everybody if `keep` is false.
    """
    cache, database = get_cache(request), get_database(request)
    if not keep or not cache.settings.cache or not is_anonymous(request.scope):
        cache.counters.count(policy.name, Outcome.bypass)
        answer = await _answer(load, database.replica)
        if answer.status == MISSING and database.has_replica:  # that there is nothing only the primary can say
            answer = await _answer(load, database.primary)
        return answer
    slot: Slot = request.scope.get(SLOT) or Slot()
    if slot.policy is policy and slot.subject == subject:
        state = slot.state
    else:
        state = await cache.state(database, policy, subject)
    work = partial(_load, cache, database, policy, subject, state, load)
    answer, slot.outcome = await cache.fetch(policy, _question(request, language), state, work)
    slot.policy, slot.subject, slot.state = policy, subject, answer.proof or state
    slot.shared = answer.status == OK
    return answer


async def _load(cache: Cache, database: Database, policy: Policy, subject: str, state: bytes, load: Load) -> Answer:
    """Load from a replica that has what this state has, else from the primary."""
    if database.has_replica:
        try:
            if policy.read is not None:
                answer = await _answer(load, database.replica)
                if answer.proof == state:
                    return answer
            elif await cache.state_in(database.replica, policy, subject) == state:
                return await _answer(load, database.replica)
        except OUTAGES:
            pass  # a replica that is away takes nobody along
    return await _answer(load, database.primary)


async def _answer(load: Load, reads: Reads) -> Answer:
    found = await load(reads)
    return Answer(found) if isinstance(found, bytes) else found


def _question(request: Request, language: str) -> bytes:
    """Return what an answer depends on besides the data: equal for queries that differ in order and spelling only."""
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    pairs.sort(key=lambda pair: pair[0])  # stable: of several values of one name the order stays
    return "\n".join((language, request.scope["path"], urlencode(pairs))).encode("utf-8", "surrogateescape")
