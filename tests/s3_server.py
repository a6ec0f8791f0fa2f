"""A server that speaks S3, with an empty bucket. It looks at neither signatures nor the expiry of links."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2
from moto.server import ThreadedMotoServer

BUCKET = "pictures"


@dataclass(frozen=True)
class S3Server:
    """Where it is."""

    url: str

    @property
    def settings(self) -> dict[str, str]:
        """What lets the product use it."""
        return {
            "MERCAT_STORAGE_BUCKET": BUCKET,
            "MERCAT_STORAGE_ENDPOINT": self.url,
            "MERCAT_STORAGE_ACCESS_KEY": "somebody",
            "MERCAT_STORAGE_SECRET_KEY": "something",
        }

    def empty(self) -> None:
        """Forget everything but the bucket."""
        httpx2.post(f"{self.url}/moto-api/reset").raise_for_status()
        httpx2.put(f"{self.url}/{BUCKET}").raise_for_status()

    def keys(self) -> list[str]:
        """Return what lies in the bucket."""
        listed = httpx2.get(f"{self.url}/{BUCKET}?list-type=2").text
        return sorted(part.partition("<")[0] for part in listed.split("<Key>")[1:])


@contextmanager
def running() -> Iterator[S3Server]:
    """Run one at a free port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield S3Server(f"http://{host}:{port}")
    finally:
        server.stop()
