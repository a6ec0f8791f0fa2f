"""The product as its users run it: processes of its own, a real mail server, a real database."""

import email
import email.policy
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mercat.embedded import free_port
from surroundings import python_path

SOURCE = Path(__file__).resolve().parents[2] / "src"
PATIENCE = 300.0
WAITS = "SELECT id FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queueing_lock IS NULL"


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something to become true; how long it takes is nobody's promise."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.05)


def listens(pid: int, port: int) -> bool:
    """Whether this very process listens there; another test's server may have the same idea for a moment."""
    known = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [row for row in known if row[3] == "0A" and int(row[1].partition(":")[2], 16) == port]
    sockets = {f"socket:[{row[9]}]" for row in listening}
    try:
        return any(str(handle.readlink()) in sockets for handle in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:  # it ended, or closed a file while we looked
        return False


@dataclass
class Letterbox:
    """Keeps what an SMTP server was given."""

    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(email.message_from_bytes(content, policy=email.policy.default))  # type: ignore[arg-type]  # the policy makes it an EmailMessage
        return "250 OK"


@pytest.fixture
def letterbox() -> Iterator[tuple[Letterbox, str]]:
    """A real SMTP server; yields what it received and its URL."""
    box = Letterbox()
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, f"smtp://127.0.0.1:{port}"
    server.stop()


@dataclass
class Product:
    """A server and workers on one database."""

    environment: dict[str, str]
    folder: Path
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{command[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "mercat", *command], env=self.environment, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def serve(self) -> subprocess.Popen[bytes]:
        process = self.run("serve", "--port", str(self.port))
        until(lambda: process.poll() is not None or listens(process.pid, self.port), "the server listens")
        assert process.poll() is None, f"the server ended: {self.logs()[-2000:]}"
        return process

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def client(self, address: str | None = None) -> httpx2.Client:
        """Return a client; `address` is one of this computer's own that it shall come from."""
        transport = httpx2.HTTPTransport(local_address=address)
        return httpx2.Client(base_url=f"{self.url}/api/v1", timeout=60, transport=transport)

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Look into the database past all of our code."""
        with psycopg.connect(self.environment["MERCAT_DATABASE_URL"], autocommit=True) as connection:
            return connection.execute(sql, params).fetchall()  # type: ignore[arg-type]  # a test's own SQL

    def is_idle(self) -> bool:
        """Whether no job waits or runs, schedules aside; what pauses after a failure is due at once."""
        self.rows("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo' RETURNING id")
        return self.rows(WAITS) == []

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()


@pytest.fixture
def product(database_url: str, letterbox: tuple[Letterbox, str], tmp_path: Path) -> Iterator[Product]:
    """The product on a clean database, not started yet; whatever it starts is ended."""
    environment = os.environ | {
        "PYTHONPATH": python_path(),
        "MERCAT_DATABASE_URL": database_url,
        "MERCAT_MAIL_URL": letterbox[1],
        "MERCAT_MAILS_PER_ADDRESS_AND_HOUR": "1000",  # all orders are one guest's
        "MERCAT_DATA_DIR": str(tmp_path),
        "MERCAT_WORKER_HEARTBEAT_SECONDS": "0.5",
        "MERCAT_WORKER_STALLED_SECONDS": "2",
    }
    running = Product(environment, tmp_path)
    yield running
    running.stop()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A demo in a folder of its own; yields its address and the environment of a terminal beside it."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("MERCAT_")}
    environment = {**settings, "MERCAT_DATA_DIR": str(tmp_path / "marketplace"), "TMPDIR": str(tmp_path)}
    command = ["./mercat", "demo", "--port", "0", "--json"]
    with (tmp_path / "demo.log").open("wb") as log:
        running = subprocess.Popen(command, cwd=SOURCE.parent, env=environment, stdout=subprocess.PIPE, stderr=log)
    assert running.stdout is not None
    try:
        yield json.loads(running.stdout.readline())["url"], environment
    finally:
        running.send_signal(signal.SIGTERM)
        running.stdout.close()
        assert running.wait() == 0
