"""The settings of a demo: made for one computer, unless its user decides otherwise."""

from pathlib import Path

import pytest

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
