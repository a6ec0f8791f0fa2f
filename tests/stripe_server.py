"""A server that speaks Stripe's API as far as the shop uses it, strictly; it runs in a thread, at a port of its own.

Every parameter is checked against the types that Stripe's SDK publishes, and idempotency keys, test cards, states of
intents and bounds of refunds are as Stripe documents them. It was written from the SDK and that documentation, and was
never compared with the real Stripe: what it accepts is necessary for Stripe to accept, and may not be enough.

Processes of the product reach it by `MERCAT_STRIPE_API_URL`, which `settings` has beside the keys.
"""

import asyncio
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, Self

import httpx2
import stripe
import uvicorn

from mercat.embedded import free_port
from stripe_double import connect, intents, money_back
from stripe_double.app import App, Faults
from stripe_double.books import Books
from stripe_double.cards import CARDS
from stripe_double.refusals import Refused

KEY = "sk_test_double"
SECRET = "whsec_double"
ATTEMPTS = 20
PAUSE = 0.1
WITHOUT_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # a client else reads every authority there is, each time


class StripeServer:
    """Stripe, one account of it, and the hands of buyers, banks and Stripe's own staff."""

    def __init__(self) -> None:
        self.app = App(KEY)
        self.books.on_event = self._push
        self.port = free_port()
        self.push_to = ""
        """Where events are delivered as they happen; empty: nowhere."""
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        self.come_back()
        return self

    def __exit__(self, *_: object) -> None:
        self.be_away()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What a process of the product needs in its environment."""
        return {
            "MERCAT_STRIPE_SECRET_KEY": KEY,
            "MERCAT_STRIPE_PUBLISHABLE_KEY": "pk_test_double",
            "MERCAT_STRIPE_WEBHOOK_SECRET": SECRET,
            "MERCAT_STRIPE_API_URL": self.url,
        }

    @property
    def books(self) -> Books:
        """Everything that it keeps."""
        return self.app.books

    @property
    def calls(self) -> Counter[str]:
        """How often each operation was asked for."""
        return self.app.calls

    @property
    def misuses(self) -> list[str]:
        """Requests with parameters that Stripe does not know."""
        return self.app.misuses

    @property
    def events(self) -> list[dict[str, Any]]:
        """All events, the oldest first."""
        return self.books.events

    # what goes wrong

    def lose_next_answer(self, *, after: int = 0) -> None:
        """Do what is asked next, or after so many more requests, then break the connection."""
        self.app.faults = Faults(lose=True, after=after)

    def refuse_next(self, status: int, *, after: int = 0) -> None:
        """Answer the next request with a status and do nothing."""
        self.app.faults = Faults(refuse=status, after=after)

    def hang_next(self, seconds: float, *, after: int = 0) -> None:
        """Do what is asked next only after a while; its key is in use until then."""
        self.app.faults = Faults(hang=seconds, after=after)

    def be_away(self) -> None:
        """Take no connections until `come_back`."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
        self._server = None

    def come_back(self) -> None:
        """Serve, at the same port as before."""
        config = uvicorn.Config(
            self.app,
            host="127.0.0.1",
            port=self.port,
            lifespan="off",
            log_level="critical",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(self._server),), daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the double of Stripe does not start"
            time.sleep(0.01)

    async def _serve(self, server: uvicorn.Server) -> None:
        self._loop = asyncio.get_running_loop()
        await server.serve()

    def forget_keys(self) -> None:
        """Let a day pass: keys are as if they had never been used."""
        self.app.forget_keys()

    # what people do

    def pay(self, intent: str, card: str) -> None:
        """Let the buyer's browser confirm an intent with a card, as Stripe's own form does."""
        with self.app.lock:
            kept = self.books.get("payment_intent", intent)
            kept["payment_method"] = self.books.new_method(CARDS[card])["id"]
            kept["last_payment_error"] = None
            self._try(kept)

    def pass_3ds(self, intent: str) -> None:
        """Let the buyer show the bank who they are."""
        with self.app.lock:
            kept = self._waiting(intent)
            kept["next_action"] = None
            self._try(kept, shown=True)

    def fail_3ds(self, intent: str) -> None:
        """Let the buyer fail to."""
        with self.app.lock:
            kept = self._waiting(intent)
            try:
                intents.decline(
                    self.books, kept, "payment_intent_authentication_failure", "The bank did not recognise the buyer."
                )
            except Refused:
                return

    def save(self, setup: str, card: str) -> str:
        """Let the buyer's browser bring a card for a SetupIntent; returns the method."""
        with self.app.lock:
            kept = self.books.get("setup_intent", setup)
            method = self.books.new_method(CARDS[card])
            method["customer"] = kept["customer"]
            kept |= {"payment_method": method["id"], "status": "succeeded"}
            self.books.tell("setup_intent.succeeded", kept)
            return str(method["id"])

    def new_method(self, card: str) -> str:
        """Let the buyer's browser turn a card into a method that belongs to nobody yet."""
        with self.app.lock:
            return str(self.books.new_method(CARDS[card])["id"])

    def finish_processing(self, intent: str) -> None:
        """Let slow money arrive."""
        with self.app.lock:
            kept = self.books.get("payment_intent", intent)
            assert kept["status"] == "processing", kept["status"]
            intents.take(self.books, kept, self.books["charge"][kept["latest_charge"]], kept["amount"])

    def let_refunds_pend(self) -> None:
        """Let refunds that are made from now on wait for `finish_refund`."""
        self.books.refunds_pend = True

    def finish_refund(self, refund: str, *, failed: bool = False) -> None:
        """Let a pending refund arrive, or come back."""
        with self.app.lock:
            money_back.finish_refund(self.books, self.books.get("refund", refund), failed=failed)

    def dispute(self, intent: str, amount: int | None = None) -> str:
        """Let the buyer's bank take the money back; returns the dispute."""
        with self.app.lock:
            charge = self.books["charge"][self.books.get("payment_intent", intent)["latest_charge"]]
            return str(money_back.dispute(self.books, charge, amount or charge["amount"], "fraudulent")["id"])

    def close_dispute(self, dispute: str, *, won: bool) -> None:
        """Let the bank decide for the shop, or against it."""
        with self.app.lock:
            money_back.close_dispute(self.books, self.books.get("dispute", dispute), won=won)

    def top_up(self, amount: int, currency: str = "eur") -> None:
        """Let the platform have so much more to transfer."""
        with self.app.lock:
            self.books.balance[currency] = self.books.balance.get(currency, 0) + amount

    def finish_onboarding(self, account: str) -> dict[str, Any]:
        """Let a shop tell Stripe who it is, and Stripe believe it; returns the event that says so."""
        with self.app.lock:
            return connect.finish_onboarding(self.books, self.books.get("account", account))

    # how it tells

    def signed(
        self, event: dict[str, Any], *, secret: str = SECRET, at: int | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """Return an event as it is posted: the body, and the headers with the signature."""
        body = json.dumps(event)
        signature = stripe.WebhookSignature.generate_signature_header(body, secret, at)
        return body.encode(), {"Stripe-Signature": signature, "Content-Type": "application/json"}

    async def deliver(self, url: str, *events: dict[str, Any], times: int = 1, out_of_order: bool = False) -> list[int]:
        """Post events one after the other, or the last first, each so many times at once; returns the statuses."""
        statuses = []
        async with httpx2.AsyncClient(timeout=60, verify=WITHOUT_TLS) as client:
            for event in reversed(events) if out_of_order else events:
                body, headers = self.signed(event)
                posts = [client.post(url, content=body, headers=headers) for _ in range(times)]
                statuses += [answer.status_code for answer in await asyncio.gather(*posts)]
        return statuses

    def _push(self, event: dict[str, Any]) -> None:
        if self.push_to and self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: asyncio.ensure_future(self._insist(self.push_to, event)))

    async def _insist(self, url: str, event: dict[str, Any]) -> None:
        """Deliver an event, again and again until it is taken."""
        for _ in range(ATTEMPTS):
            try:
                (status,) = await self.deliver(url, event)
                if 200 <= status < 300:
                    return
            except httpx2.HTTPError:
                pass
            await asyncio.sleep(PAUSE)

    def _try(self, intent: dict[str, Any], *, shown: bool = False) -> None:
        try:
            intents.attempt(self.books, intent, shown=shown)
        except Refused:
            return

    def _waiting(self, intent: str) -> dict[str, Any]:
        kept = self.books.get("payment_intent", intent)
        assert kept["status"] == "requires_action", kept["status"]
        return kept


def running() -> Iterator[StripeServer]:
    """Run the server for as long as a fixture lives; a request that Stripe would not understand fails the test."""
    with StripeServer() as server:
        yield server
        assert server.misuses == []
