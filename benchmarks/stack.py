"""The servers that are measured and what they cost: engines, product, yardstick; their CPU time and memory.

Everything runs on 127.0.0.1 in one temporary folder, and everything that was started here is stopped here.
"""

import contextlib
import os
import signal
import socket
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Self

from benchmarks.requests import ROOT
from mercat import embedded
from mercat.kit import migrations

NEVER_REACHED = "100000000/minute"
IMPORT_SETTINGS = {"MERCAT_VENDOR_DETAILS_REQUIRED": ""}
"""The catalogue's vendors have a name and nothing else, and sell all the same."""
TICKS = os.sysconf("SC_CLK_TCK")
READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """An HTTP server of ours."""

    name: str
    port: int
    process: Popen[bytes]

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used so far."""
        return cpu_seconds(self.pid)


class Stack:
    """Engines and servers of one run. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = embedded.Postgres(folder / "postgres")
        self.redis = embedded.Redis(folder / "redis")
        self._servers: list[Server] = []

    def __enter__(self) -> Self:
        self.postgres.start()
        self.redis.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            embedded.stop(server.process, (signal.SIGTERM, 10.0))
        self.redis.stop()
        self.postgres.stop()

    def database(self, name: str) -> str:
        """Make a migrated database and return its URL."""
        import psycopg  # noqa: PLC0415 - keeps this module light for those who only read figures

        with psycopg.connect(self.postgres.url, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"'.encode())
        url = self.postgres.url.rpartition("/")[0] + f"/{name}"
        migrations.upgrade(url)
        return url

    def environment(self, database_url: str) -> dict[str, str]:
        """Return the settings of a product process, as `mercat demo` would give them, and nothing of the caller's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MERCAT_")}
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "MERCAT_DATABASE_URL": database_url,
            "MERCAT_REDIS_URL": self.redis.url,
            "MERCAT_DATA_DIR": str(self.folder),
            "MERCAT_ENVIRONMENT": "development",
            "MERCAT_SECRET_KEY": embedded.secret_in(self.folder / "secret"),
            **IMPORT_SETTINGS,
            # all load comes from one address: it is counted like any other, and never refused
            "MERCAT_UNPAID_UNITS_PER_BUYER": "0",  # thousands of orders of few buyers, and nobody pays
            "MERCAT_RATE_LIMIT_READ": NEVER_REACHED,
            "MERCAT_RATE_LIMIT_WRITE": NEVER_REACHED,
            "MERCAT_RATE_LIMIT_ACCOUNT": NEVER_REACHED,
            "MERCAT_RATE_LIMIT_MAIL": NEVER_REACHED,
            "MERCAT_TEST_PAYMENTS": "true",
        }

    def product(self, database_url: str, name: str = "product", *, processes: int = 1) -> Server:
        """Start the product as a user would."""
        return self._serve(name, ["mercat", "serve", "--workers", str(processes)], database_url, "/health/ready")

    def yardstick(self, database_url: str) -> Server:
        """Start the server that the product is compared with."""
        return self._serve("yardstick", ["benchmarks.yardstick"], database_url, "/ready")

    def _serve(self, name: str, module: list[str], database_url: str, ready: str) -> Server:
        port = embedded.free_port()
        command = [sys.executable, "-m", *module, "--port", str(port)]
        log = self.folder / f"{name}.log"
        with embedded.open_log(log) as output:
            process = embedded.spawn(
                command, output=output, death_signal=signal.SIGKILL, environment=self.environment(database_url)
            )
        server = Server(name, port, process)
        self._servers.append(server)
        deadline = time.monotonic() + READY_SECONDS
        while not answers(port, ready):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start:\n{embedded.tail(log)}")
            time.sleep(0.05)
        return server

    def stop(self, server: Server) -> None:
        """Stop one server before the end."""
        embedded.stop(server.process, (signal.SIGTERM, 10.0))
        self._servers.remove(server)


def answers(port: int, path: str) -> bool:
    """Whether a server answers 200 there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0) as peer:
        peer.settimeout(5.0)
        peer.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        return peer.recv(64).split()[1:2] == [b"200"]
    return False


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process, its threads included and its children not."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def process_tree(pid: int) -> Iterator[int]:
    """Yield a process and everything below it."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it may have ended since
            fields = (folder / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
            children[int(fields[1])].append(int(folder.name))
    waiting = [pid]
    while waiting:
        yield (found := waiting.pop())
        waiting += children[found]


def proportional_bytes(pid: int) -> int:
    """Return a process's proportional set size: pages that it shares count in parts, so that a tree adds up."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
