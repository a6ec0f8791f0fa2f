"""Our account at Stripe: its SDK over our HTTP client, and its failures told apart."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from ssl import SSLContext

import httpx2
import stripe
from pydantic import ValidationError

from mercat.payments.providers.calls import CALLS, SECONDS, outcome_of
from mercat.payments.providers.interface import ProviderAway, ProviderRefused
from mercat.payments.providers.stripe.config import StripeSettings

NAME = "stripe"
CONNECT_SECONDS = 5.0
BUSY = frozenset({409, 429})
"""Another request with the same key is under way, or there are too many: the request may be retried."""

stripe.enable_telemetry = False  # it writes into the home folder, and tells of this machine
# both write addresses with people's e-mail in them, one at DEBUG whole answers with the secrets of payments
logging.getLogger("stripe").setLevel(logging.WARNING)
logging.getLogger("httpx2").setLevel(logging.WARNING)


class Wire(stripe.HTTPClient):
    """Carries the SDK's requests; it never repeats one."""

    name = "httpx2"

    def __init__(self, http: httpx2.AsyncClient, seconds: float) -> None:
        super().__init__()
        self._http = http
        self._seconds = seconds

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: str | None = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send one request, and wait for the whole answer for so many seconds at most."""
        begun, outcome = time.perf_counter(), "away"
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._http.request(method, url, headers=dict(headers), content=post_data)
            outcome = outcome_of(answer.status_code)
        except (httpx2.HTTPError, OSError) as error:  # TimeoutError is an OSError
            raise stripe.APIConnectionError(type(error).__name__) from None  # type: ignore[no-untyped-call]  # as the SDK has it
        finally:
            CALLS.labels(NAME, outcome).inc()
            SECONDS.labels(NAME).observe(time.perf_counter() - begun)
        if not _is_an_answer(answer.content):  # which the SDK takes for granted
            raise stripe.APIConnectionError("not Stripe's words")  # type: ignore[no-untyped-call]  # as the SDK has it
        return answer.content, answer.status_code, answer.headers


class Account:
    """Our identity at Stripe, and how to reach it."""

    def __init__(self, settings: StripeSettings) -> None:
        self.instance = settings.stripe_instance
        self._settings = settings

    @asynccontextmanager
    async def talk(self) -> AsyncIterator[stripe.StripeClient]:
        """Make several calls over one connection, which is closed afterwards: none goes stale.

        Raises:
            ProviderAway: no answer in time, or an unusable one.
            ProviderRefused: a definite no.
        """
        seconds = self._settings.stripe_timeout
        limits = httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        try:
            async with httpx2.AsyncClient(timeout=limits, verify=_trusted()) as http:
                yield self._client(Wire(http, seconds))
        except stripe.StripeError as error:
            raise _failure(error) from None
        except ValidationError:
            raise ProviderAway("Stripe's answer is not of the expected shape") from None

    def _client(self, wire: Wire) -> stripe.StripeClient:
        return stripe.StripeClient(
            self._settings.stripe_secret_key.get_secret_value(),
            base_addresses={"api": self._settings.stripe_api_url},
            max_network_retries=0,
            http_client=wire,
        )

    def own(self, metadata: Mapping[str, str]) -> bool:
        """Return whether something at Stripe was created by this marketplace; others may use the same account."""
        return metadata.get("mercat") == self.instance


def replayed(answer: stripe.StripeObject) -> bool:
    """Return whether an answer is the stored one of an earlier request: true then, and perhaps no longer."""
    response = answer.last_response
    return response is not None and response.headers.get("idempotent-replayed") == "true"


def _failure(error: stripe.StripeError) -> ProviderAway | ProviderRefused:
    """Tell a definite no from silence."""
    status = error.http_status or 0
    body = error.json_body
    said = body.get("error") if isinstance(body, dict) else None
    if not isinstance(said, dict) or not 400 <= status < 500 or status in BUSY:
        return ProviderAway(f"{type(error).__name__} {status or ''}".strip())
    code = said.get("code") or said.get("type") or f"http_{status}"
    return ProviderRefused(str(code), str(said.get("message") or code))


def _is_an_answer(content: bytes) -> bool:
    """Return whether something has the shape of Stripe's answers; a proxy's error page is silence, not a no."""
    try:
        said = json.loads(content)
    except ValueError:
        return False
    return isinstance(said, dict) and isinstance(said.get("error", {}), dict)


@lru_cache(maxsize=1)
def _trusted() -> SSLContext:
    """Return whose certificates are trusted; reading them takes long enough to do it once."""
    return httpx2.create_ssl_context()
