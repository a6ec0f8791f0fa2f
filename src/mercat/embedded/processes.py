"""Children that end with us, folders that only one process owns, ports that stay free while a server restarts."""

import contextlib
import fcntl
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from mercat.embedded.exceptions import EngineError, EngineFolderBusy

LOOPBACK = "127.0.0.1"
POLL_SECONDS = 0.01
LOCK_SECONDS = 1.0
LOG_LIMIT = 5_000_000
LAUNCH = Path(__file__).with_name("launch.py")
PORTS = (20_000, 32_000)
CHANCE = random.SystemRandom()
"""Two processes that were seeded alike must not look at the same ports."""


def spawn(
    command: Sequence[str],
    *,
    output: IO[bytes] | int,
    errors: IO[bytes] | int | None = subprocess.STDOUT,
    death_signal: signal.Signals = signal.SIGTERM,
    as_owner_of: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child that gets `death_signal` when this process ends, however it ends (Linux).

    The child leads a session of its own: Ctrl-C in a terminal reaches only us, and we choose the order of stopping.
    `as_owner_of` gives up root for the sake of that folder. Errors go where `output` goes; None keeps ours.
    """

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - the command is ours, no shell reads it
            _launched(command, death_signal, as_owner_of),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )

    if threading.current_thread() is threading.main_thread():
        return start()
    return _keeper().submit(start).result()


def run(
    command: Sequence[str], text: str, *, as_owner_of: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end with `text` on its standard input; output and errors are returned as one text."""
    return subprocess.run(  # noqa: S603 - the command is ours, no shell reads it
        _launched(command, signal.SIGTERM, as_owner_of),
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        check=False,
    )


def _launched(command: Sequence[str], death_signal: signal.Signals, as_owner_of: Path | None) -> list[str]:
    dropped = "" if as_owner_of is None else str(as_owner_of)
    tie = [str(os.getpid()), str(int(death_signal)), dropped]
    return [sys.executable, "-I", "-S", str(LAUNCH), *tie, *command]


@cache
def _keeper() -> ThreadPoolExecutor:
    """Return one thread as lasting as the process: the kernel ties a child to the *thread* that forked it."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper-of-children")


def stop(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn until the child has ended, waiting so many seconds after it; SIGKILL is the last."""
    for step, seconds in (*steps, (signal.SIGKILL, 5.0)):
        if process.poll() is not None:
            return
        process.send_signal(step)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)


def alive(pid: int) -> bool:
    """Tell whether a process of this id exists, whoever owns it; a dead child not yet waited for does not count."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] != "Z"
    return True


def command_line(pid: int) -> str:
    """Return a process's command line, empty when it has ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    asked = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603 - fixed program


def free_port() -> int:
    """Return a free port below the range the kernel hands out itself.

    A port of that range could be taken by an outgoing connection, even by a client's own retry against it, during the
    moment in which its server restarts.
    """
    for _ in range(200):
        port = CHANCE.randint(*PORTS)
        if port_is_free(LOOPBACK, port):
            return port
    raise EngineError(f"no free TCP port between {PORTS[0]} and {PORTS[1]}")


def port_is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def own_folder(folder: Path) -> Path:
    """Make a folder that only its owner may look into, and return its absolute path.

    Raises:
        EngineError: it is something else, or cannot be made there.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(f"{folder} cannot be a data folder: {error.strerror}") from None
    return folder.resolve()


def secret_in(path: Path) -> str:
    """Return the secret kept in a 0600 file, made at the first call; safe in URLs and configuration files."""
    if not path.exists():
        write_private(path, secrets.token_hex(24))
    return path.read_text("ascii").strip()


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that only its owner may read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with open(draft, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def open_log(path: Path) -> IO[bytes]:
    """Open a log for appending; one that has grown large is set aside first, so two of them are kept at most."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("ab", buffering=0)


def tail(path: Path, start: int = 0, lines: int = 12) -> str:
    """Return the last lines that a log got since the offset `start`."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        file.seek(start)
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])
    return ""


def wait_until_gone(pid: int, seconds: float) -> bool:
    """Wait for a process that is not our child to end."""
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return not alive(pid)


class FolderLock:
    """Makes this process the only one that works on a folder; the kernel lets go of it when we end, however we end."""

    def __init__(self, folder: Path, purpose: str) -> None:
        """`purpose` names the holder in the refusal that others get."""
        self.path = folder / "lock"
        self.purpose = purpose
        self._file: IO[str] | None = None

    def holder(self) -> str:
        """Return the process id of whoever took the lock last."""
        return self.path.read_text("ascii").strip() if self.path.exists() else ""

    def acquire(self) -> None:
        """Take the lock or raise `EngineFolderBusy` with the holder's process id.

        It waits a moment first: a holder that was just killed keeps its lock until the kernel has cleared it away.
        """
        if self._file is not None:
            return
        file, deadline = self.path.open("a+", encoding="ascii"), time.monotonic() + LOCK_SECONDS
        while not _locked(file):
            if time.monotonic() > deadline:
                file.close()
                raise EngineFolderBusy(
                    f"{self.purpose} already runs on {self.path.parent} (process {self.holder()}); "
                    f"stop it or use another folder"
                )
            time.sleep(POLL_SECONDS)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let others have the folder."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _locked(file: IO[str]) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
