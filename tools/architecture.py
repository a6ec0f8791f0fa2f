"""Draws what can be read from the code: ARCHITECTURE.md's picture and table, and what rooms call, publish, listen to.

Run it after a change of `.importlinter`, of imports between rooms or of events; `--check` only tells what would change.
"""

import argparse
import ast
import os
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "mercat"
PAGE = ROOT / "ARCHITECTURE.md"
WIDTH = 120
CLAIMS = re.compile(r"^Calls: .*?^Listens: .*?(?=\n\n|\n?\"\"\"|\n?\Z)", re.MULTILINE | re.DOTALL)
OWNS = re.compile(r"^Owns: (.*?)\s*^Calls:", re.MULTILINE | re.DOTALL)
LAYERS = re.compile(r"```text\n.*?\n```", re.DOTALL)
TABLE = re.compile(r"^\| room \|.*?\n\n", re.MULTILINE | re.DOTALL)


def layers() -> list[list[str]]:
    """Return the rooms of each height, highest first."""
    found = ConfigParser()
    found.read(ROOT / ".importlinter", encoding="utf-8")
    lines = found["importlinter:contract:layers"]["layers"].splitlines()
    return [[room.strip() for room in line.split("|")] for line in lines if line.strip()]


def entrance(room: str) -> Path:
    """Return the file whose docstring speaks for a room."""
    package = SOURCE / room / "__init__.py"
    return package if package.exists() else SOURCE / f"{room}.py"


def docstring(room: str) -> str:
    """Return what a room says of itself."""
    return ast.get_docstring(ast.parse(entrance(room).read_text(encoding="utf-8"))) or ""


def calls(rooms: list[str]) -> Mapping[str, list[str]]:
    """Return for each room those whose modules it imports, highest first; the kit is under everybody's feet."""
    graph = grimp.build_graph("mercat", cache_dir=None)
    heights = {room: height for height, room in enumerate(rooms)}
    found: dict[str, set[str]] = defaultdict(set)
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            if importer.count(".") and imported.count("."):
                found[importer.split(".")[1]].add(imported.split(".")[1])
    return {room: sorted(found[room] - {room, "kit"}, key=heights.__getitem__) for room in rooms}


def modules(room: str) -> Iterator[ast.Module]:
    """Parse every file of a room."""
    folder = SOURCE / room
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [SOURCE / f"{room}.py"]:
        yield ast.parse(path.read_text(encoding="utf-8"))


def published(room: str, events: frozenset[str]) -> list[str]:
    """Return the events that a room makes: it calls their class, or chooses one from a table."""
    made = set()
    for module in modules(room):
        for node in ast.walk(module):
            made |= {part.id for part in makers(node) if isinstance(part, ast.Name)}
            made |= {part.attr for part in makers(node) if isinstance(part, ast.Attribute)}
    return sorted(made & events)


def makers(node: ast.AST) -> list[ast.expr]:
    """Return what is called by an expression, or what may be chosen from it."""
    if isinstance(node, ast.Call):
        return [node.func]
    return node.values if isinstance(node, ast.Dict) else []


def reactions() -> tuple[frozenset[str], Mapping[str, list[str]]]:
    """Return the names of all events, and for each room those that its handlers react to."""
    os.environ |= {"MERCAT_ENVIRONMENT": "test"}
    from mercat import outbox, worker  # noqa: PLC0415 - only after the settings are there

    heard: dict[str, set[str]] = defaultdict(set)
    for event, handlers in worker.REACTIONS.items():
        for handler in handlers:
            heard[handler.function.__module__.split(".")[1]].add(event.__name__)
    names = frozenset(event.__name__ for event in every_subclass(outbox.DomainEvent))
    return names, {room: sorted(found) for room, found in heard.items()}


def every_subclass(cls: type) -> Iterator[type]:
    """Yield the subclasses of a class, and theirs."""
    for sub in cls.__subclasses__():
        yield sub
        yield from every_subclass(sub)


def claim(word: str, names: list[str]) -> str:
    """Return one line of a room's docstring, broken where it is long."""
    text = f"{word}: {', '.join(names) or 'nothing'}."
    return textwrap.fill(text, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def claimed(rooms: list[str]) -> Iterator[tuple[Path, str]]:
    """Yield each room's entrance with what the code says that it calls, publishes and listens to."""
    called, (events, heard) = calls(rooms), reactions()
    for room in rooms:
        text = entrance(room).read_text(encoding="utf-8")
        truth = "\n".join(
            (
                claim("Calls", called[room]),
                claim("Publishes", published(room, events)),
                claim("Listens", heard.get(room, [])),
            )
        )
        yield entrance(room), CLAIMS.sub(lambda _, truth=truth: truth, text, count=1)


def page(heights: list[list[str]]) -> str:
    """Return ARCHITECTURE.md with the picture and the table of today."""
    picture = "\n".join(" | ".join(layer) for layer in heights)
    rows = ["| room | what it is | owns |", "|---|---|---|"]
    for room in (room for layer in heights for room in layer):
        says = docstring(room)
        summary = " ".join(says.partition("\n\n")[0].split())
        owns = " ".join(found[1].split()).rstrip(".") if (found := OWNS.search(says)) else ""
        rows.append(f"| `{room}` | {summary} | {owns} |")
    text = PAGE.read_text(encoding="utf-8")
    text = LAYERS.sub(lambda _: f"```text\n{picture}\n```", text, count=1)
    return TABLE.sub(lambda _: "\n".join(rows) + "\n\n", text, count=1)


def main() -> int:
    """Write what has changed; with `--check` only name it and return 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail where something would change")
    check = parser.parse_args().check
    sys.path.insert(0, str(ROOT / "src"))
    heights = layers()
    stale = [
        path
        for path, text in claimed([room for layer in heights for room in layer])
        if written(path, text, check=check)
    ]
    stale += [PAGE] if written(PAGE, page(heights), check=check) else []
    for path in stale:
        sys.stdout.write(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}\n")
    return 1 if check and stale else 0


def written(path: Path, text: str, *, check: bool) -> bool:
    """Write a file unless it says that already or is only checked; returns whether it said something else."""
    if path.read_text(encoding="utf-8") == text:
        return False
    if not check:
        path.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
