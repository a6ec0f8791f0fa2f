"""The pieces under the engines: leaving root, dying with the parent, locks, private files, logs."""

import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mercat.embedded import (
    EngineFolderBusy,
    FolderLock,
    alive,
    free_port,
    open_log,
    own_folder,
    port_is_free,
    secret_in,
    spawn,
    stop,
    tail,
    write_private,
)
from mercat.embedded.processes import LAUNCH, LOG_LIMIT, PORTS

NOBODY = 65534


def launch(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", str(LAUNCH), *arguments], capture_output=True, text=True, check=False
    )


def test_root_is_left_for_the_owner_of_the_folder(home: Path) -> None:
    owner = NOBODY if os.geteuid() == 0 else os.geteuid()
    os.chown(home, owner, -1)
    done = launch(str(os.getpid()), "15", str(home), "/bin/sh", "-c", "id -u; id -u -r")
    assert done.stdout.split() == [str(owner)] * 2


def test_root_is_left_for_folders_of_root_too_and_they_stay_usable(home: Path) -> None:
    done = launch(str(os.getpid()), "15", str(home), "/bin/sh", "-c", 'id -u; : >"$0/made"', str(home / "."))
    assert done.stderr == ""
    assert done.stdout.strip() != "0"
    assert (home / "made").exists()


def test_a_command_without_a_folder_keeps_its_user() -> None:
    assert launch(str(os.getpid()), "15", "", "/bin/sh", "-c", "id -u").stdout.strip() == str(os.geteuid())


def test_a_child_whose_parent_is_already_gone_does_not_run(home: Path) -> None:
    done = launch("1", "15", "", "/bin/sh", "-c", ': >"$0"', str(home / "ran"))
    assert done.returncode == 1
    assert "has already ended" in done.stderr
    assert not (home / "ran").exists()


def test_a_child_that_ignores_polite_signals_is_stopped_all_the_same(home: Path) -> None:
    script = f"trap '' TERM; : >'{home}/armed'; while :; do sleep 1; done"
    child = spawn(["/bin/sh", "-c", script], output=subprocess.DEVNULL)
    deadline = time.monotonic() + 5
    while not (home / "armed").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    stop(child)
    assert child.returncode == -9
    assert not alive(child.pid)


def test_a_dead_child_that_nobody_waited_for_counts_as_gone() -> None:
    child = subprocess.Popen(["/bin/true"])
    deadline = time.monotonic() + 5
    while alive(child.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(child.pid)
    assert child.wait() == 0


def test_a_lock_is_exclusive_until_it_is_released(home: Path) -> None:
    first, second = FolderLock(home, "The shop"), FolderLock(home, "The shop")
    with first:
        first.acquire()
        assert second.holder() == str(os.getpid())
        with pytest.raises(EngineFolderBusy, match=rf"The shop already runs on .* \(process {os.getpid()}\)"):
            second.acquire()
    with second:
        assert second.holder() == str(os.getpid())


def test_a_secret_is_made_once_and_private(home: Path) -> None:
    first = secret_in(home / "secret")
    assert len(first) == 48
    assert secret_in(home / "secret") == first
    assert secret_in(home / "other") != first
    assert stat.S_IMODE((home / "secret").stat().st_mode) == 0o600


def test_a_private_file_is_replaced_whole(home: Path) -> None:
    write_private(home / "file", "old and long")
    write_private(home / "file", "new")
    assert (home / "file").read_text() == "new"
    assert [path.name for path in home.iterdir()] == ["file"]


def test_a_large_log_is_set_aside_and_a_small_one_continued(home: Path) -> None:
    log = own_folder(home / "logs") / "x.log"
    log.write_bytes(b"old\n" * (LOG_LIMIT // 4 + 1))
    with open_log(log) as file:
        file.write(b"one\n")
    with open_log(log) as file:
        file.write(b"two\n")
    assert log.read_bytes() == b"one\ntwo\n"
    assert (home / "logs/x.log.1").stat().st_size > LOG_LIMIT
    assert tail(log, lines=1) == "two"
    assert tail(log, start=4) == "two"
    assert tail(home / "none") == ""


def test_a_free_port_is_free_and_outside_the_kernels_own_range() -> None:
    port = free_port()
    assert PORTS[0] <= port <= PORTS[1]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert not port_is_free("127.0.0.1", port)
    assert port_is_free("127.0.0.1", port)
