"""Limits on the running product: whose address counts behind a proxy, and what is left of them without Redis."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from journeys.conftest import Product, until
from mercat.embedded import Redis, free_port

pytestmark = pytest.mark.long

LIMIT = 5
NEVER_SIGNED_IN = {"refresh_token": "never signed in"}


@pytest.fixture
def limited(product: Product, redis_server: Redis) -> Product:
    """The product on a real Redis with a low limit, not started yet."""
    product.environment |= {
        "MERCAT_REDIS_URL": redis_server.url,
        "MERCAT_RATE_LIMIT_READ": f"{LIMIT}/day",
        "MERCAT_RATE_LIMIT_WRITE": f"{LIMIT}/day",
        "MERCAT_LOG_LEVEL": "WARNING",
    }
    return product


def forwarded() -> Iterator[dict[str, str]]:
    """Pretend to be somebody else each time, in every way there is."""
    for number in range(1, 250):
        address = f"203.0.113.{number}"
        yield {
            "X-Forwarded-For": address,
            "Forwarded": f"for={address}",
            "X-Real-IP": address,
            "X-Client-IP": address,
            "CF-Connecting-IP": address,
        }


def write(client: httpx2.Client, forwarded_for: str | None = None, **headers: str) -> httpx2.Response:
    headers |= {} if forwarded_for is None else {"X-Forwarded-For": forwarded_for}
    return client.post("/auth/logout", json=NEVER_SIGNED_IN, headers=headers)


def statuses(client: httpx2.Client, forwarded_for: str, attempts: int = LIMIT + 1) -> list[int]:
    return [write(client, forwarded_for).status_code for _ in range(attempts)]


@pytest.mark.parametrize("proxies", ["", "127.0.0.2,10.0.0.0/8"])
def test_who_is_no_trusted_proxy_resets_nothing_by_pretending(limited: Product, proxies: str) -> None:
    limited.environment["MERCAT_TRUSTED_PROXIES"] = proxies
    limited.serve()
    with limited.client() as client:
        written = [write(client, **headers).status_code for headers in list(forwarded())[:20]]
        read = [client.get("/vendors", headers=headers).status_code for headers in list(forwarded())[:20]]

    assert written == [204] * LIMIT + [429] * (20 - LIMIT)
    assert read == [200] * LIMIT + [429] * (20 - LIMIT)


def test_behind_a_trusted_proxy_its_clients_are_counted(limited: Product) -> None:
    limited.environment["MERCAT_TRUSTED_PROXIES"] = "10.9.9.9, 127.0.0.0/24"
    limited.serve()
    full = [204] * LIMIT + [429]
    with limited.client() as client:
        assert statuses(client, "203.0.113.1") == full
        assert statuses(client, "203.0.113.2") == full
        # what stands further left was said by the client itself, and is not believed
        assert statuses(client, "198.51.100.1, 203.0.113.1", 2) == [429, 429]
        assert statuses(client, "127.0.0.1, 203.0.113.1", 2) == [429, 429]
        assert statuses(client, "203.0.113.1:4711", 2) == [429, 429]
        two_fields = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "203.0.113.1")]
        assert client.post("/auth/logout", json=NEVER_SIGNED_IN, headers=two_fields).status_code == 429
        # a chain of trusted proxies leads to the first who is none of them
        assert statuses(client, "203.0.113.1, 10.9.9.9", 2) == [429, 429]
        assert [*statuses(client, "2001:db8:0:1::1", 3), *statuses(client, "2001:db8:0:1:9::9", 3)] == full
        assert statuses(client, "2001:db8:0:2::1") == full
        # the proxy itself, and health checks that come through it
        assert write(client).status_code == 204
        assert {client.get(f"{limited.url}/health/ready").status_code for _ in range(LIMIT * 3)} == {200}


def test_only_the_proxy_itself_is_believed(limited: Product) -> None:
    limited.environment["MERCAT_TRUSTED_PROXIES"] = "127.0.0.1"
    limited.serve()
    with limited.client() as proxy, limited.client("127.0.0.3") as pretender:
        assert statuses(proxy, "203.0.113.1", LIMIT) == [204] * LIMIT
        pretending = [write(pretender, f"203.0.113.{number}").status_code for number in range(20, 30)]
        assert pretending == [204] * LIMIT + [429] * (10 - LIMIT)
        assert write(proxy, "203.0.113.20").status_code == 204


def test_mail_to_strangers_is_counted_by_the_client_behind_a_trusted_proxy(limited: Product) -> None:
    limited.environment |= {
        "MERCAT_TRUSTED_PROXIES": "127.0.0.1",
        "MERCAT_RATE_LIMIT_MAIL": "2/day",
        "MERCAT_RATE_LIMIT_WRITE": "",
    }
    limited.serve()

    def ask(client: httpx2.Client, number: int, **headers: str) -> int:
        stranger = {"email": f"stranger-{number}@example.com"}
        return client.post("/auth/forgot-password", json=stranger, headers=headers).status_code

    with limited.client() as proxy, limited.client("127.0.0.3") as pretender:
        for address in ("203.0.113.1", "203.0.113.2"):
            headers = {"X-Forwarded-For": address}
            assert [ask(proxy, number, **headers) for number in range(3)] == [202, 202, 429]
        pretending = [ask(pretender, number, **headers) for number, headers in zip(range(4), forwarded(), strict=False)]
        assert pretending == [202, 202, 429, 429]


def both_are_back(limited: Product, *clients: httpx2.Client) -> bool:
    """Whether Redis was found again; a server looks for it when it has something to count."""
    for client in clients:
        write(client)
    return limited.logs().count('"redis_back"') == len(clients)


def test_servers_count_together_and_go_on_without_redis(limited: Product, redis_server: Redis) -> None:
    limited.serve()
    other = replace(limited, port=free_port())
    other.serve()
    with limited.client() as here, other.client() as there:
        answered = [write(client).status_code for client in (here, there) * LIMIT]
        assert Counter(answered) == {204: LIMIT, 429: LIMIT}

        found: list[Counter[int]] = [Counter(), Counter()]
        refused = threading.Event()

        def ask(client: httpx2.Client, counted: Counter[int]) -> None:
            while not refused.is_set():
                counted[write(client).status_code] += 1

        callers = [threading.Thread(target=ask, args=pair) for pair in zip((here, there), found, strict=True)]
        for caller in callers:
            caller.start()
        assert redis_server.pid is not None
        os.kill(redis_server.pid, signal.SIGKILL)
        redis_server.stop()
        # forgotten by the outage, each server counts anew, for itself: open to all, and not without a limit
        until(lambda: all(counted[204] == LIMIT for counted in found), "each server admits as many as the limit says")
        before = [counted[429] for counted in found]
        until(lambda: all(now[429] > then for now, then in zip(found, before, strict=True)), "and then refuses")
        refused.set()
        for caller in callers:
            caller.join()
        for counted in found:
            assert counted.keys() == {204, 429}
            assert counted[204] == LIMIT

        redis_server.start()
        until(lambda: both_are_back(limited, here, there), "both ask Redis again")
    with limited.client("127.0.0.4") as here, other.client("127.0.0.4") as there:
        answered = [write(client).status_code for client in (here, there) * LIMIT]
        assert Counter(answered) == {204: LIMIT, 429: LIMIT}
    assert limited.logs().count('"redis_away"') == 2
    assert "Traceback" not in limited.logs()


def test_a_redis_that_hangs_delays_nobody_for_long(limited: Product, redis_server: Redis, tmp_path: Path) -> None:
    limited.environment |= {"MERCAT_REDIS_TIMEOUT": "0.2", "MERCAT_RATE_LIMIT_WRITE": "10000/day"}
    limited.serve()
    assert redis_server.pid is not None
    with limited.client() as client:
        assert write(client).headers["ratelimit-remaining"] == "9999"
        os.kill(redis_server.pid, signal.SIGSTOP)
        try:
            assert {write(client).status_code for _ in range(200)} == {204}
            assert client.get(f"{limited.url}/health/ready").json()["checks"]["redis"] == "away"
        finally:
            os.kill(redis_server.pid, signal.SIGCONT)
        until(lambda: write(client).status_code == 204 and "redis_back" in limited.logs(), "Redis is asked again")
    assert (tmp_path / "serve.log").read_text().count('"redis_away"') == 1
