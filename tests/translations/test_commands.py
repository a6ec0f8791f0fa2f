"""The same files by the operator's commands."""

import csv
import io
import json
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from mercat.cli import app

FEED = "Handle,Title,Vendor,Variant SKU,Variant Inventory Qty,Variant Price\nmug,Mug,Hearth,MUG-1,5,12.50\n"


def test_an_export_is_translated_and_imported(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    monkeypatch.setenv("MERCAT_DATA_DIR", str(tmp_path))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    feed, out, document = tmp_path / "feed.csv", tmp_path / "de.csv", tmp_path / "de.xlf"
    feed.write_text(FEED)
    assert run("import", str(feed)).exit_code == 0
    assert run("translations", "export", str(out), "--locale", "de", "--missing", "--kind", "product").exit_code == 0
    lines = list(csv.DictReader(io.StringIO(out.read_text(), newline="")))
    assert [(line["field"], line["source"], line["state"]) for line in lines] == [("name", "Mug", "missing")]
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows([{**lines[0], "translation": "Becher"}, {**lines[0], "field": "price", "translation": "1"}])

    first, second = (run("translations", "import", str(out), "--json") for _ in range(2))

    assert first.exit_code == 1  # a row was refused, the other is there
    told = json.loads(first.stdout)
    assert (told["applied"], told["refused"], told["refusals"][0]["line"]) == (1, 1, 3)
    assert json.loads(second.stdout)["applied"] == 0
    assert "line 3" in run("translations", "import", str(out)).stderr
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT texts FROM translations").fetchall() == [({"name": "Becher"},)]
    assert run("translations", "export", str(document), "--locale", "de").exit_code == 0
    assert run("translations", "import", str(document)).exit_code == 0
    for wrong in (("--locale", "it"), ("--locale", "de", "--kind", "nothing")):
        refused = run("translations", "export", str(tmp_path / "no.csv"), *wrong)
        assert (refused.exit_code, (tmp_path / "no.csv").exists()) == (1, False)
