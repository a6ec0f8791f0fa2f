"""Files go to a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mercat import files


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where this test's files lie."""
    monkeypatch.setenv("MERCAT_DATA_DIR", str(tmp_path / "data"))
    files.read_settings_anew()
    yield tmp_path / "data"
    files.read_settings_anew()
