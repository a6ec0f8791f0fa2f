"""PostgreSQL from its wheel: made, started, recovered and stopped without a driver and without root."""

import contextlib
import os
import platform
import re
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from mercat.embedded import processes
from mercat.embedded.binaries import PostgresInstall, postgres_installs
from mercat.embedded.engine import Engine
from mercat.embedded.exceptions import EngineError, EngineVersionMismatch

USER = DATABASE = "mercat"
START_SECONDS = 120.0  # a crash recovery may replay a whole max_wal_size first
RETRY_SECONDS = 20.0
SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "shared_buffers": "48MB",
        "max_connections": "100",
        "max_wal_size": "512MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "max_worker_processes": "4",
        "max_parallel_workers": "2",
        "autovacuum_max_workers": "2",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "max_logical_replication_workers": "0",
        "log_checkpoints": "off",
        "log_min_messages": "warning",
        "logging_collector": "off",
    }
)
FIXED: Mapping[str, str] = MappingProxyType({"listen_addresses": processes.LOOPBACK, "unix_socket_directories": ""})
SINCE_18: Mapping[str, str] = MappingProxyType({"io_method": "sync"})  # three idle reader processes less
SYNCED_AT_ONCE: Mapping[str, str] = MappingProxyType({"recovery_init_sync_method": "syncfs"})
PASSING = ("lock file", "shared memory block", "could not bind", "could not create any TCP/IP sockets")


class Postgres(Engine):
    """One server on one folder; the folder keeps the data, the password (0600) and the log.

    Settings are PostgreSQL's own, on top of a small footprint; durability is on unless they say otherwise. A restart
    of the same object keeps the port and so the URL. Usable as a context manager.
    """

    name, log_name = "PostgreSQL", "postgres.log"
    stopping = signal.SIGINT, 15.0  # ends all connections and writes everything back
    insisting = ((signal.SIGQUIT, 2.0),)  # loses nothing, but makes the next start recover

    @property
    def url(self) -> str:
        """Where the database `mercat` is reached, with its password; known once started."""
        secret = processes.secret_in(self.folder / "password")
        return f"postgresql://{USER}:{secret}@{processes.LOOPBACK}:{self.port}/{DATABASE}"

    def _begin(self) -> None:
        """Start and wait until connections are accepted; a first start makes the data.

        After a crash of everything it retries for some seconds, until what is left of the last run has ended.
        """
        install = self._matching_install()
        self._end_orphan()
        self._make_data(install)
        self._run(install)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _matching_install(self) -> PostgresInstall:
        """Return the newest server, or for existing data the one whose version wrote it."""
        installs = postgres_installs()
        if not (self._data / "PG_VERSION").exists():
            return installs[0]
        wanted = (self._data / "PG_VERSION").read_text("ascii").strip()
        for install in installs:
            if install.major == wanted:
                return install
        here = ", ".join(install.major for install in installs)
        raise EngineVersionMismatch(
            f"the database in {self._data} was made by PostgreSQL {wanted}, but this Mercat brings {here}. "
            f"Nothing was changed. Run the Mercat version that made it and take a dump with pg_dump, then load that "
            f"dump here into a fresh data folder."
        )

    def _make_data(self, install: PostgresInstall) -> None:
        """Make cluster, role and database aside and put them in place in one step: a crash leaves all or nothing."""
        password = self.folder / "password"
        if self._data.exists():
            if not password.exists():
                self._single_user(install, self._data, [_set_password(processes.secret_in(password))], DATABASE)
            return
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        # Nobody can connect before pg_hba.conf is replaced, so trusting them here saves handing initdb the password.
        options = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.settings.get("fsync") == "off":
            options += ["--no-sync"]
        elif int(install.major) >= 17 and syncs_at_once():
            options += ["--sync-method=syncfs"]
        self._tool([install.initdb, "-D", str(draft), *options], draft)
        (draft / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n", "ascii")
        secret = processes.secret_in(password)
        self._single_user(install, draft, [_set_password(secret), f"CREATE DATABASE {DATABASE}"], "postgres")
        draft.rename(self._data)

    def _single_user(self, install: PostgresInstall, data: Path, statements: list[str], database: str) -> None:
        """Run statements without a server, so that no connection and no password is needed."""
        fsync = self.settings.get("fsync", "on")
        command = [install.postgres, "--single", "-D", str(data), "-c", "exit_on_error=on", "-c", f"fsync={fsync}"]
        self._tool([*command, database], data, "".join(f"{statement}\n" for statement in statements))

    def _tool(self, command: list[str], data: Path, text: str = "") -> None:
        """Run a command to its end as the data's owner; its output belongs to the error only."""
        done = processes.run(command, text, as_owner_of=data, environment=_environment())
        if done.returncode != 0:
            raise EngineError(f"{Path(command[0]).name} failed on {data}:\n{done.stdout.strip()}")

    def _end_orphan(self) -> None:
        """Stop a server left over from a supervisor that was killed; we hold the lock, so nobody else wants it."""
        pid = self._recorded_pid()
        if pid is None or not processes.alive(pid) or str(self._data) not in processes.command_line(pid):
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGINT)
        processes.wait_until_gone(pid, 10.0)

    def _run(self, install: PostgresInstall) -> None:
        deadline = time.monotonic() + RETRY_SECONDS
        chosen = self.port
        while True:
            self.port = chosen or processes.free_port()
            refusal = self._attempt(install)
            if refusal is None:
                return
            if time.monotonic() > deadline or not any(sign in refusal for sign in PASSING):
                raise EngineError(f"PostgreSQL did not start on {self.folder}:\n{refusal}")
            time.sleep(0.1)

    def _attempt(self, install: PostgresInstall) -> str | None:
        """Start once; return None when it accepts connections, else what it said before it gave up."""
        since_18 = SINCE_18 if int(install.major) >= 18 else {}
        synced = SYNCED_AT_ONCE if syncs_at_once() else {}
        merged = {**SETTINGS, **since_18, **synced, **self.settings, **FIXED}
        options = [part for name, value in merged.items() for part in ("-c", f"{name}={value}")]
        command = [install.postgres, "-D", str(self._data), "-p", str(self.port), *options]
        with processes.open_log(self.log) as log:
            said_from = log.tell()
            self._process = processes.spawn(
                command, output=log, death_signal=signal.SIGINT, as_owner_of=self._data, environment=_environment()
            )
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None:
            if self._ready(self._process.pid):
                return None
            if time.monotonic() > deadline:
                self.stop()
                return f"not ready after {START_SECONDS:.0f} seconds\n{processes.tail(self.log, said_from)}"
            time.sleep(processes.POLL_SECONDS)
        return processes.tail(self.log, said_from) or f"exit status {self._process.returncode}"

    def _ready(self, pid: int) -> bool:
        """Read the status line that the postmaster writes for pg_ctl: no driver, no password, no connection."""
        with contextlib.suppress(OSError):
            lines = (self._data / "postmaster.pid").read_text("utf-8", "replace").splitlines()
            return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"
        return False

    def _recorded_pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            return abs(int((self._data / "postmaster.pid").read_text("utf-8", "replace").splitlines()[0]))
        return None


def syncs_at_once() -> bool:
    """Tell whether one call writes a whole file system back, and tells of errors: on Linux since 5.8.

    Otherwise a first start, and each one after a crash, waits for each of more than a thousand files by itself: for
    more than half a minute on a slow disk.
    """
    found = re.match(r"(\d+)\.(\d+)", platform.release())
    return sys.platform == "linux" and found is not None and (int(found[1]), int(found[2])) >= (5, 8)


def _set_password(secret: str) -> str:
    return f"ALTER ROLE {USER} PASSWORD '{secret}'"


def _environment() -> dict[str, str]:
    """Return what the server needs and nothing that would steer it from outside (PGDATA, PGPORT, TZ...)."""
    kept = ("PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
    return {"LC_ALL": "C", **{name: os.environ[name] for name in kept if name in os.environ}}
