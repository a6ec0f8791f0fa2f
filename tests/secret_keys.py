"""Replacing the secret key while a shop runs."""

import json
from collections.abc import Iterator

import pytest

from mercat.kit.settings_memory import read_anew


class SecretKeys:
    """What is derived from secret keys is derived anew once the settings have changed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def become(self, secret: str, *previous: str) -> None:
        """Let this be the secret key from now on, and these the former ones."""
        self.monkeypatch.setenv("MERCAT_SECRET_KEY", secret)
        self.monkeypatch.setenv("MERCAT_PREVIOUS_SECRET_KEYS", json.dumps(previous))
        self.forget()

    def forget(self) -> None:
        """Derive everything anew."""
        read_anew()


def replaced(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretKeys]:
    """Give a test the keys, and everybody else the former ones afterwards; a fixture of rooms that seal something."""
    keys = SecretKeys(monkeypatch)
    yield keys
    monkeypatch.undo()
    keys.forget()
