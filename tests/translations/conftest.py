"""A marketplace with several languages."""

import pytest


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,de-AT,fr")
