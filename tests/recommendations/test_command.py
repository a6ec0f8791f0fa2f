"""`mercat recommendations rebuild`: what operators run after orders were brought in from elsewhere."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mercat.cli import app


def test_it_says_how_much_it_has_counted(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    monkeypatch.setenv("MERCAT_DATA_DIR", str(tmp_path))

    as_json = CliRunner().invoke(app, ["recommendations", "rebuild", "--quiet", "--json"])
    told = CliRunner().invoke(app, ["recommendations", "rebuild"])

    assert (as_json.exit_code, json.loads(as_json.stdout)) == (0, {"products": 0, "orders": 0})
    assert (told.exit_code, told.stdout) == (0, "0 products compared, 0 orders counted\n")
