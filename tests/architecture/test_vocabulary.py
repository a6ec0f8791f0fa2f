"""Names use the words of docs/glossary.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import contract

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "mercat"
WORDS = {
    "arriving", "came", "card", "cards", "cut", "desk", "desks", "duties", "duty", "facts", "glance", "glances",
    "lists", "live", "looking", "notice", "notices", "paper", "papers", "parcel", "parcels", "part", "parts",
    "payer", "piece", "pieces", "reading", "seat", "seats", "seller", "sellers", "sending", "settlement",
    "shop", "shops", "speaking", "together", "turns", "watching", "wish", "wishes", "wishing",
}  # fmt: skip
NOUNS = {
    "billing", "clearing", "folding", "indexing", "pricing", "rendering", "rounding", "sealing", "shipping", "sorting",
    "spelling", "typesetting",
}  # fmt: skip
FIELD_TERMS = re.compile(r"gift[_-]?card|/health/live", re.IGNORECASE)
PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def words(name: str) -> set[str]:
    return {found.lower() for found in PIECE.findall(FIELD_TERMS.sub("", name))}


def modules() -> Iterator[str]:
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix != ".py" and not (path / "__init__.py").exists():
            continue
        name = path.stem
        participle = path.suffix == ".py" and name.endswith("ing") and name.rpartition("_")[2] not in NOUNS
        if participle or words(name) & WORDS:
            yield f"module {path.relative_to(SOURCE)}"


def classes() -> Iterator[str]:
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and words(node.name) & (WORDS - {"card", "cards"}):
                yield f"class {node.name}"


def paths() -> Iterator[str]:
    for _, path, _ in contract.described():
        if words(path) & WORDS:
            yield f"path {path}"


def test_names_use_the_words_of_the_glossary() -> None:
    assert sorted({*modules(), *classes(), *paths()}) == []
