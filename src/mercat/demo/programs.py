"""What the supervisor watches: children with a log, their restarts, and a wait that a dying child cuts short."""

import contextlib
import select
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Protocol

from mercat import embedded
from mercat.demo import report

FIRST_DELAY, LONGEST_DELAY = 0.25, 10.0
STEADY_SECONDS = 20.0


class Server(Protocol):
    """A child that can be started again."""

    @property
    def running(self) -> bool:
        """Whether its process lives."""

    @property
    def exit_code(self) -> int | None:
        """How the process ended, below zero by a signal; None while it runs, or if none was started."""

    def start(self) -> object:
        """Start it; does nothing while it runs."""


class Program:
    """A command of ours that runs until it is stopped and writes to a log."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.command = command
        self.environment = environment
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How the process ended, below zero by a signal; None while it runs, or if none was started."""
        return self._process.poll() if self._process is not None else None

    def start(self) -> None:
        """Start it; should we be killed it is killed too, since it may wait for its clients for ever."""
        if not self.running:
            with embedded.open_log(self.log) as log:
                self._process = embedded.spawn(
                    self.command, output=log, death_signal=signal.SIGKILL, environment=self.environment
                )

    def ask_to_stop(self) -> None:
        """Begin a graceful stop without waiting for it."""
        if self._process is not None and self.running:
            self._process.terminate()

    def finish(self, seconds: float) -> None:
        """Wait so long for the graceful stop that was asked for, then end it."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(max(seconds, 0.0))
            embedded.stop(self._process)


class Supervised:
    """A server with its restarts: at once after a long life, with growing pauses when it keeps ending."""

    def __init__(self, name: str, server: Server) -> None:
        self.name = name
        self.server = server
        self._delay = FIRST_DELAY
        self._started = time.monotonic()
        self._restart_at: float | None = None

    def attend(self) -> float:
        """Restart the server when that is due; returns after how many seconds to look again."""
        if self.server.running:
            return STEADY_SECONDS
        now = time.monotonic()
        if self._restart_at is None:
            steady = now - self._started > STEADY_SECONDS
            self._delay = FIRST_DELAY if steady else min(self._delay * 2, LONGEST_DELAY)
            self._restart_at = now if steady else now + self._delay
            report.say(f"{self.name} has ended{_how(self.server.exit_code)}, starting it again")
        if now < self._restart_at:
            return self._restart_at - now
        self._restart_at = None
        try:
            self.server.start()
        except embedded.EngineError as error:
            report.say(str(error))
        self._started = time.monotonic()
        return 0.0


def _how(exit_code: int | None) -> str:
    if exit_code is None:
        return ""
    return f" (signal {-exit_code})" if exit_code < 0 else f" (exit code {exit_code})"


class Waiter:
    """A sleep that ends early when a child ends; only the main thread can have one."""

    def __init__(self) -> None:
        self._heard, self._told = socket.socketpair()
        self._heard.setblocking(False)  # noqa: FBT003 - the socket's own signature
        self._told.setblocking(False)  # noqa: FBT003 - the socket's own signature
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)

    def wait(self, seconds: float) -> None:
        """Sleep, at most so long."""
        if select.select([self._heard], [], [], max(seconds, 0.0))[0]:
            with contextlib.suppress(BlockingIOError):
                self._heard.recv(4096)

    def close(self) -> None:
        """Give signals back their usual course."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._heard.close()
        self._told.close()


def answers_ready(host: str, port: int) -> bool:
    """Ask the API once whether it and what it needs are up; spoken by hand, for an HTTP client costs memory."""
    question = f"GET /health/ready HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    with contextlib.suppress(OSError), socket.create_connection((host, port), 1.0) as peer:
        peer.settimeout(5.0)
        peer.sendall(question.encode())
        return peer.recv(64).partition(b"\r\n")[0].split()[1:2] == [b"200"]
    return False
