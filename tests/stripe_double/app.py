"""The double's API as an ASGI application: keys, parameters, idempotency, and faults on demand."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from stripe_double.books import Books
from stripe_double.checking import Misfit, checked
from stripe_double.forms import decode
from stripe_double.refusals import Refused
from stripe_double.routes import Route, route_of

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
REFUSALS = {
    409: {"code": "idempotency_key_in_use", "type": "idempotency_error"},
    429: {"code": "rate_limit", "type": "invalid_request_error"},
}


@dataclass(frozen=True)
class Request:
    """What was asked, as far as it tells one request from another."""

    method: str
    path: str
    form: str


@dataclass(frozen=True)
class Answer:
    """What is answered."""

    status: int
    body: dict[str, Any]
    replayed: bool = False


@dataclass
class Faults:
    """What goes wrong with the next request, once."""

    lose: bool = False
    refuse: int = 0
    hang: float = 0
    after: int = 0
    """How many requests go well before."""

    def take(self) -> "Faults":
        """Return what is due, and forget it."""
        if self.after:
            self.after -= 1
            return Faults()
        due = Faults(self.lose, self.refuse, self.hang)
        self.lose, self.refuse, self.hang = False, 0, 0
        return due


@dataclass
class App:
    """One account."""

    key: str
    books: Books = field(default_factory=Books)
    calls: Counter[str] = field(default_factory=Counter)
    """How often each operation was asked for, replays included."""
    keys: list[str] = field(default_factory=list)
    """The idempotency keys that came, in order."""
    misuses: list[str] = field(default_factory=list)
    """Parameters that Stripe would not know. Whoever sends one is broken, whatever they make of the refusal."""
    faults: Faults = field(default_factory=Faults)
    lock: RLock = field(default_factory=RLock)
    _answers: dict[str, tuple[Request, Answer | None]] = field(default_factory=dict)
    """By idempotency key; None while the work goes on."""

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Send
    ) -> None:
        """Answer a request."""
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        form = body if scope["method"] == "POST" else scope["query_string"]
        request = Request(scope["method"], scope["path"], form.decode())
        due = self.faults.take()
        answer = await self._answer(request, headers, due)
        await _respond(send, answer, lose=due.lose)

    async def _answer(self, request: Request, headers: dict[str, str], due: Faults) -> Answer:
        try:
            route, refs = self._admit(request, headers)
            if due.refuse:
                said = REFUSALS.get(due.refuse, {"type": "api_error"})
                return Answer(due.refuse, {"error": {"message": "As was asked for.", **said}})
            given = checked(route.shape, decode(request.form))
        except Refused as refused:
            return Answer(refused.status, refused.body)
        except Misfit as misfit:
            self.misuses.append(f"{request.method} {request.path}: {misfit}")
            return Answer(misfit.refusal.status, misfit.refusal.body)
        key = headers.get("idempotency-key", "") if request.method == "POST" else ""
        known = self._claim(key, request)
        if known is not None:
            return known
        if due.hang:
            await asyncio.sleep(due.hang)
        with self.lock:
            answer = self._work(route, refs, given)
            if key:
                self._answers[key] = (request, answer)
        return answer

    def forget_keys(self) -> None:
        """Let a day pass, after which Stripe knows no key any more."""
        self._answers.clear()

    def _admit(self, request: Request, headers: dict[str, str]) -> tuple[Route, tuple[str, ...]]:
        """Return who answers, if whoever asks may ask at all.

        Raises:
            Refused: another key, or nothing like this can be asked here.
        """
        if headers.get("authorization") != f"Bearer {self.key}":
            raise Refused(401, "Invalid API Key provided.")
        found = route_of(request.method, request.path)
        if found is None:
            self.misuses.append(f"{request.method} {request.path}: unknown")
            raise Refused(404, f"Unrecognized request URL ({request.method}: {request.path}).")
        self.calls[found[0].name] += 1
        return found

    def _claim(self, key: str, request: Request) -> Answer | None:
        """Return what is to be answered without any work: the answer of before, or that the key is not to be had."""
        if not key:
            return None
        self.keys.append(key)
        before = self._answers.get(key)
        if before is None:
            self._answers[key] = (request, None)
            return None
        asked, answer = before
        if asked != request:
            message = "Keys for idempotent requests can only be used with the same parameters as at first."
            return Answer(400, {"error": {"type": "idempotency_error", "message": message}})
        if answer is None:
            return Answer(409, {"error": {"message": "The key is in use by another request.", **REFUSALS[409]}})
        return Answer(answer.status, answer.body, replayed=True)

    def _work(self, route: Route, refs: tuple[str, ...], given: dict[str, Any]) -> Answer:
        try:
            return Answer(200, route.work(self.books, refs, given))
        except Refused as refused:
            return Answer(refused.status, refused.body)


async def _respond(send: Send, answer: Answer, *, lose: bool) -> None:
    """Send an answer, or let the connection break before any of it has left."""
    body = json.dumps(answer.body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers.append((b"request-id", b"req_double"))
    if answer.replayed:
        headers.append((b"idempotent-replayed", b"true"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if not lose:
        await send({"type": "http.response.body", "body": body})
