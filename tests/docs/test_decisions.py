"""Decision records: numbered without a gap, each in the index, each with its parts."""

import re

from docs.documents import ROOT

FOLDER = ROOT / "docs" / "adr"
RECORDS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
PARTS = ["Context", "Decision", "Consequences", "Measured or rejected"]


def test_records_are_numbered_without_a_gap() -> None:
    assert [path.name[:5] for path in RECORDS] == [f"{number:04}-" for number in range(1, len(RECORDS) + 1)]


def test_the_index_lists_every_record_with_its_title() -> None:
    rows = re.findall(r"^\| \[(\d{4})\]\((\S+)\) \| (.+) \|$", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    titles = {path.name: path.read_text("utf-8").splitlines()[0] for path in RECORDS}
    assert {name: f"# {number} {title}" for number, name, title in rows} == titles


def test_every_record_has_its_parts_and_fits_on_a_page() -> None:
    for path in RECORDS:
        text = path.read_text("utf-8")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS, path.name
        assert re.search(r"^Status: (accepted|superseded)", text, re.MULTILINE), path.name
        assert len(text.splitlines()) <= 60, path.name
