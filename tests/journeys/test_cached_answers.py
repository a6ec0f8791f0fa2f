"""Two processes of the product that cache: neither shows as it was what was changed through the other."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
import pytest

from journeys.conftest import Product
from mercat.embedded import Redis
from shopping import Item, Shop

pytestmark = pytest.mark.long


@dataclass
class Readers:
    """People who read all the time, and what was committed when they asked."""

    committed: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    old: list[str] = field(default_factory=list)
    hits: int = 0
    read: int = 0

    def begin(self, product: Product, path: str) -> threading.Thread:
        thread = threading.Thread(target=self._read, args=(product, path))
        thread.start()
        return thread

    def _read(self, product: Product, path: str) -> None:
        with product.client() as client:
            while not self.over.is_set():
                before = self.committed
                answer = client.get(path)
                shown = answer.json()["items"][0] if "items" in answer.json() else answer.json()
                self.read += 1
                self.hits += "hit" in answer.headers["cache-status"]
                if int(shown["name"].removeprefix("Mug ")) < before:
                    self.old.append(f"{path}: {shown['name']} after {before}")


@pytest.fixture
async def mug(shop: Shop) -> Item:
    return await shop.item(name="Mug 0")


async def test_what_one_process_changes_no_other_shows_as_it_was(
    product: Product, shop: Shop, mug: Item, redis_server: Redis, size: Callable[[int, int], int]
) -> None:
    product.environment["MERCAT_REDIS_URL"] = redis_server.url
    product.environment["MERCAT_REDIS_TIMEOUT"] = "0.5"
    other = Product(product.environment, product.folder)
    servers = product, other
    rounds = size(60, 6000)
    try:
        processes = [server.serve() for server in servers]
        admin = await shop.admin()
        readers = Readers()
        paths = "/products", f"/products/{mug.slug}"
        threads = [readers.begin(server, path) for server in servers for path in paths]

        for n in range(1, rounds):
            with servers[n % 2].client() as client:
                body = {"name": f"Mug {n}"}
                answer = client.patch(f"/products/{mug.product_id}", json=body, headers=admin.headers)
                assert answer.status_code == 200, answer.text
            readers.committed = n
            if n == rounds // 4:
                redis_server.stop()
            elif n == rounds // 2:
                redis_server.start()  # with what it had kept in its file, and the generations of then
            elif n == 3 * rounds // 4:  # one process sleeps through changes that the other one makes
                processes[0].send_signal(signal.SIGSTOP)
                with other.client() as client:
                    body = {"name": f"Mug {n + rounds}"}
                    answer = client.patch(f"/products/{mug.product_id}", json=body, headers=admin.headers)
                    assert answer.status_code == 200
                readers.committed = n  # what it was asked before, it may still answer
                processes[0].send_signal(signal.SIGCONT)
                with product.client() as client:
                    assert client.get(paths[0]).json()["items"][0]["name"] == f"Mug {n + rounds}"
        readers.over.set()
        for thread in threads:
            thread.join()
    finally:
        other.stop()

    assert readers.old == []
    assert readers.read > readers.hits > 0


def test_without_the_cache_everything_is_computed(product: Product) -> None:
    process = product.run("serve", "--port", str(product.port), "--no-cache")
    while not product.answers():
        assert process.poll() is None, product.logs()
    with product.client() as client:
        for _ in range(2):
            answer: httpx2.Response = client.get("/products")
            assert (answer.status_code, answer.headers.get("cache-status")) == (200, None)
