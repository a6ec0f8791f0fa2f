"""The documents of the repository, taken apart: code blocks, code spans, headings, links."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
CONTINUED = re.compile(r"\\\n\s*")


def named(path: Path) -> str:
    """Return a document's path as a reader knows it."""
    return str(path.relative_to(ROOT))


def blocks(path: Path, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return [body for kind, body in FENCE.findall(path.read_text(encoding="utf-8")) if kind == language]


def prose(path: Path) -> str:
    """Return a document without its fenced blocks."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def spans(path: Path) -> list[str]:
    """Return what stands in backquotes."""
    return SPAN.findall(prose(path))


def commands(path: Path) -> Iterator[str]:
    """Yield every `./mercat ...` that a document tells its reader to run, in shell blocks and in the text."""
    for block in [*blocks(path, "sh"), *blocks(path, "console")]:
        for line in CONTINUED.sub(" ", block).splitlines():
            if "./mercat " in line.partition("#")[0]:
                yield line.partition("#")[0].partition("./mercat ")[2].partition("|")[0].strip()
    for span in spans(path):
        if span.startswith("./mercat "):
            yield span.removeprefix("./mercat ")


def anchors(path: Path) -> set[str]:
    """Return the names by which a document's headings are linked."""
    return {re.sub(r"[^\w\- ]", "", found.lower()).replace(" ", "-") for found in HEADING.findall(prose(path))}


def links(path: Path) -> list[str]:
    """Return the links to files of this repository."""
    return [target for target in LINK.findall(prose(path)) if not re.match(r"[a-z]+:", target)]
