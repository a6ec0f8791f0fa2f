"""ARCHITECTURE.md shows the layers that are checked, and says what every room is for."""

import re
from configparser import ConfigParser

from docs.documents import ROOT, blocks

ARCHITECTURE = ROOT / "ARCHITECTURE.md"
Layers = list[frozenset[str]]


def layers_of(text: str) -> Layers:
    """Read layers, highest first; rooms of one height stand between bars."""
    return [frozenset(room.strip() for room in line.split("|")) for line in text.splitlines() if line.strip()]


def checked() -> Layers:
    found = ConfigParser()
    found.read(ROOT / ".importlinter", encoding="utf-8")
    return layers_of(found["importlinter:contract:layers"]["layers"])


def test_the_picture_is_the_list_that_is_checked() -> None:
    pictures = blocks(ARCHITECTURE, "text")
    assert len(pictures) == 1
    assert layers_of(pictures[0]) == checked()


def test_the_picture_shows_every_package_there_is() -> None:
    source = ROOT / "src" / "mercat"
    there = {path.stem for path in source.glob("*.py")} | {path.parent.name for path in source.glob("*/__init__.py")}
    assert frozenset().union(*checked()) == there - {"__init__", "__main__"}


def test_every_room_is_explained_once_and_in_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE)
    heights = {room: height for height, layer in enumerate(checked()) for room in layer}
    assert sorted(rows) == sorted(heights)
    assert [heights[room] for room in rows] == sorted(heights.values())
