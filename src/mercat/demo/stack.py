"""The demo's supervisor: one foreground process that starts, watches and stops everything a marketplace needs.

It imports next to nothing, since it stays in memory for as long as the demo runs: what needs the product (`prepare`,
`serve`, `worker`) are commands of their own. Every child ends with it, even when it is killed with signal 9.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from mercat import embedded
from mercat.demo import environment, report
from mercat.demo.programs import Program, Supervised, Waiter, answers_ready
from mercat.embedded import EngineError, Engines, FolderLock

PYTHON = (sys.executable, "-m", "mercat")
POLL_SECONDS = 0.03
READY_SECONDS = 60.0
GRACE_SECONDS = 4.0


@dataclass(frozen=True)
class Commands:
    """How the product's three parts are run; tests of the supervisor put small stand-ins in their place."""

    prepare: tuple[str, ...] = (*PYTHON, "prepare", "--json")
    serve: tuple[str, ...] = (*PYTHON, "serve")
    worker: tuple[str, ...] = (*PYTHON, "worker")


class StopRequestedError(BaseException):
    """Somebody asked us to stop; raised from the signal's handler, so that it ends any wait."""


class DemoError(RuntimeError):
    """The demo cannot run; the message says why and what to do."""


def run_demo(
    *, host: str, port: int, data_dir: Path, seed: bool, as_json: bool, commands: Commands | None = None
) -> int:
    """Run the demo in the foreground until SIGINT or SIGTERM; returns the exit code.

    Standard output carries the one answer, a JSON line or a page for people; progress goes to standard error.
    """
    waiter = Waiter()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup means what it says
            signal.signal(number, _request_stop)
    try:
        folder = embedded.own_folder(data_dir)
        with FolderLock(folder, "Mercat"):
            _Stack(host, port or embedded.free_port(), folder, commands or Commands(), waiter).run(
                seed=seed, as_json=as_json
            )
    except StopRequestedError:
        report.say("stopped")
        return 0
    except (EngineError, DemoError) as error:
        report.say(f"error: {error}")
        return 1
    finally:
        waiter.close()


class _Stack:
    """Everything of one run, from the first check to the last child."""

    def __init__(self, host: str, port: int, folder: Path, commands: Commands, waiter: Waiter) -> None:
        self.host, self.port, self.folder, self.commands, self.waiter = host, port, folder, commands, waiter
        reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
        self.reached = reached
        self.url = f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"
        self.engines = Engines(folder)
        self.programs: list[Program] = []

    def run(self, *, seed: bool, as_json: bool) -> NoReturn:
        """Start everything, announce it, then watch until a signal ends it; always stops what it started."""
        if not embedded.port_is_free(self.host, 0):
            raise DemoError(f"{self.host} is no address of this computer; choose another one with --host")
        if not embedded.port_is_free(self.host, self.port):
            raise DemoError(f"port {self.port} on {self.host} is already in use; choose another one with --port")
        try:
            environment = self._start_engines()
            api, worker = self._programs(environment)
            accounts = self._prepared(seed=seed) or self._prepare(environment, seed=seed)
            api.start()
            self._await_ready(api)
            worker.start()
            report.announce(self.url, accounts, self.folder, environment["MERCAT_MAIL_URL"], as_json=as_json)
            self._watch()
        finally:
            _ignore_stop_requests()
            self._stop()

    def _start_engines(self) -> dict[str, str]:
        """Start the servers and return the environment in which the product's parts run."""
        report.say("starting PostgreSQL and Redis")
        database_url, redis_url = self.engines.start()
        _write_run(self.folder, {"database_url": database_url, "redis_url": redis_url, "url": self.url})
        return environment.of_demo(self.folder, self.url, database_url, redis_url)

    @property
    def _stamp(self) -> Path:
        """Where it is written what prepared the database; it lies beside it, and goes with it."""
        return self.folder / "postgres" / "prepared"

    def _prepared(self, *, seed: bool) -> report.Accounts | None:
        """Return the logins if this very code has prepared this very database before: then nothing is left to do."""
        if self.engines.postgres is None or not self._stamp.exists():
            return None
        done = json.loads(self._stamp.read_text("utf-8"))
        return dict(done["accounts"]) if done["code"] == _code_version() and done["seed"] >= seed else None

    def _prepare(self, environment: dict[str, str], *, seed: bool) -> report.Accounts:
        """Migrate and fill the database; returns the demo's logins."""
        report.say("preparing the database")
        command = [*self.commands.prepare, *([] if seed else ["--no-seed"])]
        answer = self._run_to_end(command, environment)
        try:
            found = json.loads(answer.splitlines()[-1])["accounts"]
        except (IndexError, KeyError, TypeError, ValueError):
            raise DemoError(f"`prepare` gave no accounts but: {answer[-500:]!r}") from None
        if self.engines.postgres is not None:
            stamp = {"code": _code_version(), "seed": seed, "accounts": found}
            embedded.write_private(self._stamp, json.dumps(stamp))
        return dict(found)

    def _run_to_end(self, command: list[str], environment: dict[str, str]) -> str:
        process = embedded.spawn(
            command, output=subprocess.PIPE, errors=None, death_signal=signal.SIGKILL, environment=environment
        )
        try:
            answer, _ = process.communicate()
        finally:
            embedded.stop(process, (signal.SIGTERM, 3.0))
        if process.returncode != 0:
            raise DemoError(f"preparing the database failed (exit code {process.returncode}); see the lines above")
        return str(answer, "utf-8", "replace")

    def _programs(self, environment: dict[str, str]) -> list[Program]:
        """Return the API and the worker, ready to be started."""
        serve = [*self.commands.serve, "--host", self.host, "--port", str(self.port)]
        logs = self.folder / "logs"
        self.programs = [
            Program(serve, environment, logs / "api.log"),
            Program([*self.commands.worker], environment, logs / "worker.log"),
        ]
        return self.programs

    def _await_ready(self, api: Program) -> None:
        report.say("starting the API")
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if answers_ready(self.reached, self.port):
                return
            if not api.running:
                raise DemoError(f"the API did not start; the end of {api.log}:\n{embedded.tail(api.log)}")
            self.waiter.wait(POLL_SECONDS)
        raise DemoError(f"the API was not ready after {READY_SECONDS:.0f} seconds; see {api.log}")

    def _watch(self) -> NoReturn:
        """Restart whatever ends. Engines come first: what needs them can then come back at once."""
        engines = (("PostgreSQL", self.engines.postgres), ("Redis", self.engines.redis))
        watched = [Supervised(name, engine) for name, engine in engines if engine is not None]
        watched += [Supervised(name, program) for name, program in zip(("API", "worker"), self.programs, strict=True)]
        while True:
            due = [child.attend() for child in watched]
            self.waiter.wait(min(due))

    def _stop(self) -> None:
        """Stop the product's parts first, gracefully and together, then the servers they use: within ten seconds."""
        (self.folder / "run.json").unlink(missing_ok=True)
        for program in self.programs:
            program.ask_to_stop()
        deadline = time.monotonic() + GRACE_SECONDS
        for program in self.programs:
            program.finish(deadline - time.monotonic())
        self.engines.stop()


def _code_version() -> str:
    """Return a fingerprint of source, migrations and the demo's data that any change to them changes."""
    package = Path(__file__).parents[1]
    data = (path for path in (package / "demo" / "data").rglob("*") if path.is_file())
    files = sorted([*package.rglob("*.py"), *data, *package.parents[1].glob("migrations/**/*.py")])
    found = [f"{path} {stat.st_size} {stat.st_mtime_ns}" for path in files for stat in (path.stat(),)]
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def _write_run(folder: Path, content: dict[str, str]) -> None:
    embedded.write_private(folder / "run.json", json.dumps({"pid": os.getpid(), **content}))


def _request_stop(number: int, frame: object) -> NoReturn:  # noqa: ARG001 - the signature is the signal module's
    _ignore_stop_requests()
    raise StopRequestedError


def _ignore_stop_requests() -> None:
    """Stopping has begun; asking again must not cut it short."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
