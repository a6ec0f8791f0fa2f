"""Statements point down as imports do: the SQL of a room touches its own tables and those of rooms below it.

Statements through the ORM need the model, which `test_front_doors` lets nobody import from another room. So the text is
what has to be read: what stands behind FROM, JOIN, INTO, UPDATE and USING in the strings of a module.
"""

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

from mercat import tables

SOURCE = Path(__file__).parents[2] / "src" / "mercat"
NAMED = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE|USING)\s+(?:ONLY\s+|LATERAL\s+)?([a-z_]+)((?:\s+[a-z]\w*)?(?:,\s*[a-z_]+)*)"
)
FURTHER = re.compile(r",\s*([a-z_]+)")


def heights() -> dict[str, int]:
    """Return how high each room stands; those beside each other stand alike."""
    parser = configparser.ConfigParser()
    parser.read(SOURCE.parents[1] / ".importlinter")
    [layers] = [section["layers"] for section in map(parser.__getitem__, parser.sections()) if "layers" in section]
    lines = [line.strip() for line in layers.splitlines() if line.strip()]
    found = {}
    for height, line in enumerate(reversed(lines)):
        for room in line.split("|"):
            found[room.strip().strip("()").removeprefix("mercat.")] = height
    return found


def owners() -> dict[str, str]:
    """Return the room of each table."""
    return {
        mapper.local_table.name: mapper.class_.__module__.split(".")[1]
        for mapper in tables.Base.registry.mappers
        if hasattr(mapper.local_table, "name")
    }


def texts(tree: ast.Module) -> Iterator[str]:
    """Return the strings of a module, without what explains it."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def mentioned(text: str) -> Iterator[str]:
    """Return the tables that a statement names."""
    for first, more in NAMED.findall(text):
        yield first
        yield from FURTHER.findall(more)


def upward() -> set[tuple[str, str]]:
    """Return the statements that touch a table of a room above, or beside."""
    height, owner = heights(), owners()
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE)
        room = place.parts[0].removesuffix(".py")
        for text in texts(ast.parse(path.read_text())):
            for table in set(mentioned(text)):
                theirs = owner.get(table, room)
                if theirs != room and height.get(room, 0) <= height.get(theirs, 0):
                    found.add((place.as_posix(), table))
    return found


def test_no_statement_touches_a_table_of_a_higher_room() -> None:
    assert upward() == set(), "statements point up; call the room, publish an event or keep a column of your own"


def test_a_statement_that_points_up_is_seen() -> None:
    text = "WITH a AS (SELECT 1) SELECT * FROM stock_levels s, variants v LEFT JOIN products p ON true"

    assert list(mentioned(text)) == ["stock_levels", "variants", "products"]
    assert owners()["variants"] == "catalog"
    assert heights()["catalog"] > heights()["inventory"]
