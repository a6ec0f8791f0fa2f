"""The settings of a demo: made for one computer, unless its user decides otherwise."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mercat.cli.target import target
from mercat.demo.environment import LIMITS, of_demo
from mercat.kit.limits import LimitSettings, Policy


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*LIMITS, "MERCAT_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)


def made(folder: Path) -> dict[str, str]:
    return of_demo(folder, "http://127.0.0.1:8000", "postgresql://here", "redis://here")


def test_limits_are_out_of_the_way_and_all_of_them_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = made(tmp_path)
    for name in LIMITS:
        monkeypatch.setenv(name, environment[name])

    assert [f"MERCAT_{name.upper()}" for name in LimitSettings.model_fields] == [*LIMITS]
    for rule in LimitSettings().model_dump().values():
        item = Policy("test", rule).item
        assert item is not None
        assert item.amount / item.get_expiry() > 10_000


def test_the_users_own_limits_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("MERCAT_RATE_LIMIT_READ=5/minute\n")
    monkeypatch.setenv("MERCAT_RATE_LIMIT_WRITE", "7/minute")

    assert [made(tmp_path)[name] for name in LIMITS[:2]] == ["5/minute", "7/minute"]


def test_where_the_servers_are_is_not_the_users_to_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_DATA_DIR", "/elsewhere")

    assert made(tmp_path)["MERCAT_DATA_DIR"] == str(tmp_path)


def test_a_command_on_the_folder_works_under_the_demos_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MERCAT_DATABASE_URL", raising=False)
    monkeypatch.delenv("MERCAT_LOCALES", raising=False)
    monkeypatch.delenv("MERCAT_SECRET_KEY", raising=False)
    monkeypatch.setenv("MERCAT_CURRENCIES", '["CHF"]')
    demo = made(tmp_path)

    @contextmanager
    def lent(_folder: Path) -> Iterator[tuple[str, str]]:
        yield "postgresql://here", "redis://here"

    monkeypatch.setattr("mercat.embedded.attach", lent)
    before = dict(os.environ)
    try:
        with target(tmp_path) as url:
            told = dict(os.environ)
    finally:
        os.environ.clear()
        os.environ.update(before)

    assert url == "postgresql://here"
    same = ("MERCAT_LOCALES", "MERCAT_SECRET_KEY", "MERCAT_RATES", "MERCAT_PUBLIC_URL", "MERCAT_REDIS_URL")
    assert {name: told[name] for name in same} == {name: demo[name] for name in same}
    assert told["MERCAT_CURRENCIES"] == '["CHF"]', "the user's own settings win"
    assert demo["MERCAT_SECRET_KEY"] not in (tmp_path / "settings.json").read_text()
