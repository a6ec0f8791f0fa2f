"""Redis from its wheel, else from the PATH, else a stand-in written in Python."""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from mercat.embedded import processes
from mercat.embedded.binaries import redis_server
from mercat.embedded.engine import Engine
from mercat.embedded.exceptions import EngineError

START_SECONDS = 30.0
RETRY_SECONDS = 10.0
PASSING = ("bind", "Address already in use")
SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory": "64mb",
        "maxmemory-policy": "volatile-lru",
        "databases": "16",
        "tcp-backlog": "128",
    }
)


class Redis(Engine):
    """One server on one folder; the folder keeps the data, the password (0600) and the log.

    Settings are Redis' own, as they stand in its configuration file. A restart of the same object keeps the port and
    so the URL. Without any redis-server a Python stand-in serves, whose data does not outlive it: Mercat keeps nothing
    in Redis that it could not do without. Usable as a context manager.
    """

    name, log_name = "Redis", "redis.log"
    stopping = signal.SIGTERM, 5.0

    @property
    def url(self) -> str:
        """Where the server is reached, with its password; known once started."""
        return f"redis://:{processes.secret_in(self.folder / 'password')}@{processes.LOOPBACK}:{self.port}/0"

    def _begin(self) -> None:
        deadline = time.monotonic() + RETRY_SECONDS
        chosen = self.port
        while True:
            self.port = chosen or processes.free_port()
            refusal = self._attempt()
            if refusal is None:
                return
            if time.monotonic() > deadline or not any(sign in refusal for sign in PASSING):
                raise EngineError(f"Redis did not start on {self.folder}:\n{refusal}")
            time.sleep(0.1)

    def _attempt(self) -> str | None:
        """Start once; return None when it answers, else what it said before it gave up."""
        with processes.open_log(self.log) as log:
            said_from = log.tell()
            self._process = processes.spawn(self._command(), output=log, environment=_environment())
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None:
            if self._answers():
                return None
            if time.monotonic() > deadline:
                processes.stop(self._process)
                return f"no answer after {START_SECONDS:.0f} seconds\n{processes.tail(self.log, said_from)}"
            time.sleep(processes.POLL_SECONDS)
        return processes.tail(self.log, said_from) or f"exit status {self._process.returncode}"

    def _command(self) -> list[str]:
        """Return how to start; the password goes through a 0600 file, since command lines are public."""
        server = redis_server()
        secret = self.folder / "password"
        if server is None:
            processes.secret_in(secret)
            return [sys.executable, "-m", "mercat.embedded.fake_redis", str(self.port), str(secret)]
        fixed = {
            "port": str(self.port),
            "bind": processes.LOOPBACK,
            "requirepass": processes.secret_in(secret),
            "dir": '"' + str(self.folder).replace("\\", "\\\\").replace('"', '\\"') + '"',
        }
        lines = {**SETTINGS, **self.settings, **fixed}
        text = "".join(f"{name} {value}\n" for name, value in lines.items())
        processes.write_private(self.folder / "redis.conf", text)
        return [str(server), str(self.folder / "redis.conf")]

    def _answers(self) -> bool:
        secret = processes.secret_in(self.folder / "password")
        with contextlib.suppress(OSError), socket.create_connection((processes.LOOPBACK, self.port or 0), 1.0) as peer:
            peer.sendall(f"*2\r\n$4\r\nAUTH\r\n${len(secret)}\r\n{secret}\r\n*1\r\n$4\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = peer.recv(256)
                if not part:
                    return False
                answer += part
            return answer.startswith(b"+OK\r\n+PONG")
        return False


def _environment() -> dict[str, str]:
    """Return our own environment; the stand-in must find this package however we found it ourselves."""
    found = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(found)}
