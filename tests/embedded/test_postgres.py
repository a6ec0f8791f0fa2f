"""The embedded PostgreSQL, with real servers; each test works on a folder of its own."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from mercat.embedded import EngineError, EngineFolderBusy, EngineVersionMismatch, Postgres, alive, free_port
from mercat.embedded.binaries import postgres_installs
from mercat.embedded.postgres import syncs_at_once
from mercat.embedded.processes import LAUNCH
from surroundings import python_path

QUICK = {"fsync": "off", "synchronous_commit": "off"}
HOLDER = """
import sys, time
from pathlib import Path
from mercat.embedded import Postgres
server = Postgres(Path(sys.argv[1]))
print(server.start(), server.pid, flush=True)
time.sleep(600)
"""


def ask(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def tell(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def gone(pid: int, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def held_elsewhere(folder: Path) -> tuple[subprocess.Popen[str], str, int]:
    """Start the server from a process of its own, which may then be killed."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": python_path()},
    )
    assert holder.stdout is not None
    url, pid = holder.stdout.readline().split()
    return holder, url, int(pid)


def bury(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert holder.stdout is not None
    holder.stdout.close()


def test_a_first_start_makes_a_durable_utf8_database_that_only_its_password_opens(home: Path) -> None:
    with Postgres(home / "new" / "pg") as server:
        assert ask(server.url, "select current_database() || ' ' || current_user") == "mercat mercat"
        assert ask(server.url, "show server_encoding") == "UTF8"
        locale = "select datlocprovider::text || ' ' || datlocale from pg_database where datname = 'mercat'"
        assert ask(server.url, locale) == "b C.UTF-8"
        assert ask(server.url, "select 'É' < 'é' and lower('ÀÉ') = 'àé'") is True
        assert [ask(server.url, f"show {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == [
            "on",
            "on",
            "on",
        ]
        assert ask(server.url, "show listen_addresses") == "127.0.0.1"
        assert ask(server.url, "show unix_socket_directories") == ""
        assert ask(server.url, "show recovery_init_sync_method") == ("syncfs" if syncs_at_once() else "fsync")
        assert str(ask(server.url, "select rolpassword from pg_authid where rolname = 'mercat'")).startswith("SCRAM-")
        password = (server.folder / "password").read_text()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            ask(server.url.replace(password, "guess"), "select 1")
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            ask(server.url.replace(f":{password}", ""), "select 1")
    assert stat.S_IMODE((home / "new/pg/password").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "new/pg").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "new/pg/data").stat().st_mode) == 0o700
    assert not (home / "new/pg/data.new").exists()


@pytest.mark.parametrize(
    ("release", "at_once"),
    [("5.7.19", False), ("4.19.0-27-amd64", False), ("5.8.0", True), ("6.1.0-13-amd64", True), ("", False)],
)
def test_files_are_synced_at_once_where_the_kernel_tells_of_errors(
    release: str,
    at_once: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("platform.release", lambda: release)
    monkeypatch.setattr("sys.platform", "linux")
    assert syncs_at_once() is at_once

    monkeypatch.setattr("sys.platform", "darwin")
    assert not syncs_at_once()


def test_settings_win_over_the_defaults_but_cannot_open_the_network(folder: Path) -> None:
    with Postgres(folder, settings={**QUICK, "shared_buffers": "16MB", "listen_addresses": "*"}) as server:
        assert ask(server.url, "show fsync") == "off"
        assert ask(server.url, "show shared_buffers") == "16MB"
        assert ask(server.url, "show listen_addresses") == "127.0.0.1"


def test_a_restart_keeps_the_data_and_the_address(folder: Path) -> None:
    server = Postgres(folder, settings=QUICK)
    first = server.start()
    assert server.start() == first, "starting what runs changes nothing"
    pid = server.pid
    assert pid is not None
    tell(first, "create table restarted (n int)", "insert into restarted values (1), (2)")
    server.stop()
    assert not server.running
    assert server.pid is None
    assert not alive(pid)
    server.stop()
    assert server.start() == first
    assert ask(first, "select count(*) from restarted") == 2
    server.stop()


def test_acknowledged_rows_survive_kill_9_of_the_server(folder: Path) -> None:
    with Postgres(folder) as server:
        url = server.url
        tell(url, "create table server_killed (n int)", "insert into server_killed select generate_series(1, 1000)")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while server.running and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.start() == url
        assert ask(url, "select count(*) from server_killed") == 1000


def test_acknowledged_rows_survive_kill_9_of_everything_at_once(folder: Path) -> None:
    holder, url, postmaster = held_elsewhere(folder)
    with psycopg.connect(url, autocommit=True) as open_connection:
        open_connection.execute("create table all_killed as select generate_series(1, 1000) as n")
        holder.send_signal(signal.SIGKILL)
        os.kill(postmaster, signal.SIGKILL)
        with Postgres(folder) as server:
            assert ask(server.url, "select count(*) from all_killed") == 1000
    bury(holder)


def test_the_server_ends_with_the_process_that_started_it(folder: Path) -> None:
    holder, _, postmaster = held_elsewhere(folder)
    assert alive(postmaster)
    bury(holder)
    assert gone(postmaster)
    assert not (folder / "data/postmaster.pid").exists(), "it stopped cleanly"


def test_the_server_outlives_the_thread_that_started_it(folder: Path) -> None:
    server = Postgres(folder, settings=QUICK)
    starter = threading.Thread(target=server.start)
    starter.start()
    starter.join()
    time.sleep(0.3)  # a death signal would have arrived at once
    assert ask(server.url, "select 1") == 1
    server.stop()


def test_a_folder_has_one_server_and_the_refusal_names_who_has_it(folder: Path) -> None:
    with Postgres(folder, settings=QUICK) as server:
        with pytest.raises(EngineFolderBusy, match=rf"already runs on .*pg data \(process {os.getpid()}\)"):
            Postgres(folder, settings=QUICK).start()
        assert ask(server.url, "select 1") == 1, "the refused start did not disturb the first"
    with Postgres(folder, settings=QUICK) as successor:
        assert successor.running


def test_two_folders_run_side_by_side(home: Path, folder: Path) -> None:
    with Postgres(folder, settings=QUICK) as one, Postgres(home / "other", settings=QUICK) as two:
        assert one.port != two.port
        tell(one.url, "create table only_here (n int)")
        assert ask(two.url, "select to_regclass('only_here') is null") is True


def test_a_server_left_behind_is_stopped_before_the_next_start(folder: Path) -> None:
    data = str(folder / "data")
    server = [postgres_installs()[0].postgres, "-D", data, "-p", str(free_port()), "-c", "unix_socket_directories="]
    undying = [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), "0", data]
    with (folder / "orphan.log").open("wb") as log:
        orphan = subprocess.Popen([*undying, *server], stdout=log, stderr=log)
    deadline = time.monotonic() + 10
    while not (folder / "data/postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    with Postgres(folder, settings=QUICK) as server:
        assert orphan.wait(5) == 0, "it was asked to stop, not killed"
        assert ask(server.url, "select 1") == 1


def test_data_of_another_version_is_left_alone_with_a_clear_word(home: Path) -> None:
    version = home / "data/PG_VERSION"
    version.parent.mkdir()
    version.write_text("99\n")
    with pytest.raises(EngineVersionMismatch, match=r"made by PostgreSQL 99, but this Mercat brings 18.*pg_dump"):
        Postgres(home).start()
    assert version.read_text() == "99\n"
    assert sorted(path.name for path in home.iterdir()) == ["data", "lock"]
    assert [path.name for path in version.parent.iterdir()] == ["PG_VERSION"]


def test_a_first_start_that_was_cut_short_is_made_good(home: Path) -> None:
    (home / "pg/data.new/base").mkdir(parents=True)
    with Postgres(home / "pg", settings=QUICK) as server:
        assert ask(server.url, "select 1") == 1
    assert not (home / "pg/data.new").exists()


def test_a_lost_password_file_is_replaced_by_a_new_password(folder: Path) -> None:
    old = (folder / "password").read_text()
    (folder / "password").unlink()
    with Postgres(folder, settings=QUICK) as server:
        assert old not in server.url
        assert ask(server.url, "select 1") == 1
        new = (folder / "password").read_text()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            ask(server.url.replace(new, old), "select 1")


def test_a_refused_start_says_what_the_server_said_and_frees_the_folder(folder: Path) -> None:
    server = Postgres(folder, settings={"shared_buffers": "many"})
    with pytest.raises(EngineError, match='invalid value for parameter "shared_buffers"'):
        server.start()
    assert not server.running
    with Postgres(folder, settings=QUICK) as other:
        assert other.running


def test_nothing_of_the_environment_steers_the_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGOPTIONS", "-c fsync=off")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    with Postgres(folder) as server:
        monkeypatch.delenv("PGOPTIONS")
        assert ask(server.url, "show fsync") == "on"
        assert ask(server.url, "show timezone") == "UTC"
