"""The demo's supervisor with real servers; only the product's own three commands are small stand-ins."""

import contextlib
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from mercat.embedded import EngineFolderBusy, alive, attach, free_port
from mercat.embedded.processes import command_line, tail
from surroundings import python_path

STANDIN = Path(__file__).with_name("standin.py")
SOURCE = Path(__file__).parents[2] / "src"


class Demo:
    """One supervisor in a process of its own."""

    def __init__(self, folder: Path, *flags: str, port: int | None = None, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MERCAT_")}
        self.port = port or free_port()
        self.folder = folder
        self.errors = folder.parent / "errors.txt"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, str(STANDIN), "demo", str(folder), str(self.port), *flags],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**kept, "PYTHONPATH": python_path(), **settings},
                cwd=folder.parent,
            )

    def line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.said()
        return dict(json.loads(line))

    def said(self) -> str:
        return self.errors.read_text()

    def children(self) -> dict[str, int]:
        """Return the process id of each child by its part in the demo."""
        parts = {"bin/postgres ": "postgres", "redis": "redis", " serve ": "api", " worker": "worker"}
        commands = {pid: self._command(pid) for pid, state in self._states().items() if state != "Z"}
        return {part: pid for pid, command in commands.items() for sign, part in parts.items() if sign in command}

    def _states(self) -> dict[int, str]:
        """Return the state of each child by its process id, as the kernel shows it: Z is one that is not waited for."""
        found = {}
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if int(parent) == self.process.pid:
                    found[int(entry.name)] = state
        return found

    def until(self, met: Callable[[], bool]) -> None:
        """Wait for something to become true, or fail and say what the demo does instead."""
        assert until(met), self._report()

    def _report(self) -> str:
        """Return the states of the children, the supervisor's stacks (see `standin.demo`), and the ends of all logs."""
        children = [f"{pid} {state} {command_line(pid)}" for pid, state in sorted(self._states().items())]
        said = len(self.said())
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGUSR1)
            until(lambda: "in <module>" in self.said()[said:], 5)
        logs = [f"{log.name}:\n{tail(log)}" for log in sorted((self.folder / "logs").glob("*.log"))]
        supervisor = f"supervisor {self.process.pid}, exit code {self.process.poll()}"
        return "\n".join([supervisor, *children, "", self.said(), *logs])

    @staticmethod
    def _command(pid: int) -> str:
        """Return a child's command line; in the middle of an exec the kernel shows none for a moment."""
        until(lambda: bool(command_line(pid)) or not alive(pid), 5)
        return command_line(pid)

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; returns the exit code and what else was printed."""
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=30)
        return self.process.returncode, output


@pytest.fixture
def start() -> Iterator[Callable[..., Demo]]:
    """Starts demos; all of them share one folder and are gone at the end."""
    home = Path(tempfile.mkdtemp(prefix="mercat demo "))
    started: list[Demo] = []

    def begin(*flags: str, port: int | None = None, **settings: str) -> Demo:
        started.append(Demo(home / "data", *flags, port=port, **settings))
        return started[-1]

    yield begin
    for demo in started:
        demo.process.terminate()
        demo.process.communicate(timeout=30)
    shutil.rmtree(home)


def until(met: Callable[[], bool], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while not met():  # asked once when it is met: the next answer may be another, or late
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as peer:
        peer.sendall(b"GET /health/ready HTTP/1.0\r\n\r\n")
        return b" 200 " in peer.recv(100)
    return False


def connects(url: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
        return True
    return False


def pings(url: str) -> bool:
    with contextlib.suppress(redis.RedisError), redis.Redis.from_url(url) as client:
        return bool(client.ping())
    return False


def test_it_announces_one_json_line_and_stops_everything_in_order_when_asked(start: Callable[..., Demo]) -> None:
    demo = start("--json")
    ready = demo.line()
    folder, told = demo.folder, ready["accounts"]["told"]
    assert ready["event"] == "ready"
    assert ready["url"] == told["PUBLIC_URL"] == f"http://127.0.0.1:{demo.port}"
    assert ready["mail"] == str(folder / "mail")
    assert ready["accounts"]["admin"] == {"email": "admin@example.com", "password": "demo"}
    assert told["SEED"] == "yes"
    assert told["MAIL_URL"] == f"maildir://{folder}/mail"
    assert told["DATA_DIR"] == str(folder)
    assert told["ENVIRONMENT"] == "development"
    assert told["SECRET_KEY"] == (folder / "secret").read_text()
    assert answers(demo.port)
    assert connects(told["DATABASE_URL"])
    assert pings(told["REDIS_URL"])
    run = json.loads((folder / "run.json").read_text())
    assert run == {
        "pid": demo.process.pid,
        "database_url": told["DATABASE_URL"],
        "redis_url": told["REDIS_URL"],
        "url": ready["url"],
    }
    for private in ("run.json", "secret"):
        assert stat.S_IMODE((folder / private).stat().st_mode) == 0o600
    assert "the shop listens" in (folder / "logs/api.log").read_text()
    assert {path.name for path in (folder / "logs").iterdir()} == {
        "api.log",
        "worker.log",
        "postgres.log",
        "redis.log",
    }
    children = demo.children()
    assert set(children) == {"postgres", "redis", "api", "worker"}
    demo.until((folder / "working").exists)
    assert demo.end() == (0, "")
    assert [part for part, pid in children.items() if alive(pid)] == []
    assert (folder / "finished").read_text() == "True", "the worker stopped before the database"
    assert not (folder / "run.json").exists()
    assert not (folder / "postgres/data/postmaster.pid").exists()


def test_each_child_that_is_killed_comes_back_at_its_old_address(start: Callable[..., Demo]) -> None:
    demo = start("--json")
    told = demo.line()["accounts"]["told"]
    before = demo.children()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    demo.until(lambda: set(demo.children()) == set(before) and not set(demo.children().values()) & {*before.values()})
    demo.until(lambda: connects(told["DATABASE_URL"]))
    demo.until(lambda: pings(told["REDIS_URL"]))
    demo.until(lambda: answers(demo.port))
    for name in ("PostgreSQL", "Redis", "API", "worker"):
        assert f"{name} has ended (signal 9), starting it again" in demo.said()
    assert demo.end(signal.SIGINT) == (0, "")
    assert demo.children() == {}


def test_kill_9_of_the_supervisor_leaves_nothing_behind_and_loses_nothing(start: Callable[..., Demo]) -> None:
    first = start("--json")
    told = first.line()["accounts"]["told"]
    with psycopg.connect(told["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (1)")
    children = first.children()
    assert len(children) == 4
    first.process.kill()
    assert until(lambda: not any(map(alive, children.values())), 5)
    again = start("--json")
    again.line()
    assert (again.folder / "secret").read_text() == told["SECRET_KEY"]
    with psycopg.connect(json.loads((again.folder / "run.json").read_text())["database_url"]) as connection:
        assert connection.execute("select n from kept").fetchall() == [(1,)]


def test_a_second_demo_on_the_folder_is_refused_and_commands_borrow_the_first_ones_servers(
    start: Callable[..., Demo], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MERCAT_DATABASE_URL", "MERCAT_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    first = start("--json")
    told = first.line()["accounts"]["told"]
    children = first.children()
    second = start("--json")
    assert second.process.wait(10) == 1
    assert f"Mercat already runs on {first.folder} (process {first.process.pid})" in second.said()
    with attach(first.folder) as urls:
        assert urls == (told["DATABASE_URL"], told["REDIS_URL"])
    assert first.children() == children
    assert connects(told["DATABASE_URL"]), "leaving a borrowed server does not stop it"
    first.end()
    with attach(first.folder) as (database_url, redis_url):
        assert connects(database_url)
        assert pings(redis_url)
        monkeypatch.setattr("mercat.embedded.engines.ATTACH_SECONDS", 0.0)
        with pytest.raises(EngineFolderBusy):
            attach(first.folder).__enter__()
    assert not connects(database_url)
    assert not pings(redis_url)


def test_a_taken_port_is_said_before_anything_starts(start: Callable[..., Demo]) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # free may mean: left a moment ago
        taken.bind(("127.0.0.1", free_port()))
        taken.listen()
        demo = start("--json", port=taken.getsockname()[1])
        assert demo.process.wait(10) == 1
    assert f"port {demo.port} on 127.0.0.1 is already in use; choose another one with --port" in demo.said()
    assert not (demo.folder / "postgres").exists()
    assert not (demo.folder / "run.json").exists()


def test_servers_of_ones_own_win_in_the_environment_and_in_dotenv(start: Callable[..., Demo]) -> None:
    demo = start("--json", "--no-seed", MERCAT_DATABASE_URL="postgresql://mine/shop", MERCAT_MAIL_URL="smtp://mine")
    ready = demo.line()
    told = ready["accounts"]["told"]
    assert (told["DATABASE_URL"], told["MAIL_URL"], ready["mail"]) == (
        "postgresql://mine/shop",
        "smtp://mine",
        "smtp://mine",
    )
    assert told["SEED"] == "no"
    assert set(demo.children()) == {"redis", "api", "worker"}
    demo.end()
    (demo.folder.parent / ".env").write_text(
        "MERCAT_DATABASE_URL='postgresql://mine/dot'\nMERCAT_REDIS_URL=redis://mine/0\n"
    )
    dotted = start("--json")
    told = dotted.line()["accounts"]["told"]
    assert (told["DATABASE_URL"], told["REDIS_URL"]) == ("postgresql://mine/dot", "redis://mine/0")
    assert set(dotted.children()) == {"api", "worker"}
    assert dotted.end() == (0, "")
    assert not (demo.folder / "postgres").exists()


def test_a_failed_preparation_ends_the_demo_and_stops_what_it_started(start: Callable[..., Demo]) -> None:
    probe = start("--json", MERCAT_REDIS_URL="redis://mine/0")
    probe.line()
    probe.end()
    (probe.folder / "postgres" / "prepared").unlink()
    (probe.folder / "broken").touch()
    demo = start("--json", MERCAT_REDIS_URL="redis://mine/0")
    output, _ = demo.process.communicate(timeout=20)
    assert (demo.process.returncode, output) == (1, "")
    assert "the migration failed" in demo.said()
    assert "preparing the database failed (exit code 1)" in demo.said()
    assert not (demo.folder / "postgres/data/postmaster.pid").exists()
    (probe.folder / "broken").unlink()
    (probe.folder / "slow").touch()
    stopped = start("--json", MERCAT_REDIS_URL="redis://mine/0")
    stopped.until(lambda: "migrating" in stopped.said())
    assert stopped.end(signal.SIGINT) == (0, "")
    assert not (demo.folder / "postgres/data/postmaster.pid").exists()


def test_a_warm_start_prepares_nothing_that_the_same_code_has_prepared_before(start: Callable[..., Demo]) -> None:
    def prepares(*flags: str) -> bool:
        """Start a demo whose preparation never ends, and tell whether it waits for that."""
        demo = start("--json", *flags, MERCAT_REDIS_URL="redis://mine/0")
        demo.until(lambda: "migrating" in demo.said() or answers(demo.port))
        waits = "migrating" in demo.said()
        if not waits:
            assert demo.line()["accounts"] == logins
        assert demo.end() == (0, "")
        return waits

    first = start("--json", "--no-seed", MERCAT_REDIS_URL="redis://mine/0")
    logins = first.line()["accounts"]
    first.end()
    (first.folder / "slow").touch()
    stamp = first.folder / "postgres" / "prepared"

    assert not prepares("--no-seed")
    assert prepares(), "the shop may still be empty"
    stamp.write_text(stamp.read_text().replace('"code": "', '"code": "by other '))
    assert prepares("--no-seed")
    stamp.unlink()
    assert prepares("--no-seed")


def test_people_get_a_page_with_addresses_and_logins(start: Callable[..., Demo]) -> None:
    demo = start(MERCAT_DATABASE_URL="postgresql://mine/shop", MERCAT_REDIS_URL="redis://mine/0")
    assert demo.process.stdout is not None
    page = ""
    while "Ctrl-C" not in page:
        line = demo.process.stdout.readline()
        assert line, demo.said()
        page += line
    for words in (f"http://127.0.0.1:{demo.port}/docs", "admin@example.com", str(demo.folder / "mail")):
        assert words in page
    assert demo.end()[0] == 0
