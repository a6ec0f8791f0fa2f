"""Names and prose use the words of docs/glossary.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import contract
from docs.documents import DOCUMENTS, SPAN, named, prose

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "mercat"
CODE = (SOURCE, ROOT / "benchmarks", ROOT / "migrations")
WORDS = {
    "arriving", "came", "cut", "desk", "desks", "duties", "duty", "facts", "glance", "glances",
    "lists", "live", "looking", "notice", "notices", "paper", "papers", "parcel", "parcels",
    "payer", "piece", "pieces", "reading", "seat", "seats", "seller", "sellers", "sending", "settlement",
    "shop", "shops", "speaking", "together", "turns", "watching", "wish", "wishes", "wishing",
}  # fmt: skip
COARSE = WORDS | {"card", "cards", "part", "parts"}
"""Not for modules and paths, nor `part` for classes; inside them there are payment cards and parts of a text."""
TOLD = {"desks", "paper", "papers", "parcel", "parcels", "pieces", "seller", "sellers", "shop", "shops"}
"""What prose does not say either: words that nothing else than the old things was called by."""
NOUNS = {
    "billing", "clearing", "folding", "indexing", "pricing", "rendering", "rounding", "sealing", "shipping", "sorting",
    "spelling", "typesetting",
}  # fmt: skip
FIELD_TERMS = re.compile(r"gift[_-]?card|best sellers?|/health/live", re.IGNORECASE)
PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
COLUMN = re.compile(r"\bAS (\w+)")
OPTION = re.compile(r"^--([a-z-]+)")


def words(name: str) -> set[str]:
    return {found.lower() for found in PIECE.findall(FIELD_TERMS.sub("", name))}


def modules() -> Iterator[str]:
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix != ".py" and not (path / "__init__.py").exists():
            continue
        name = path.stem
        participle = path.suffix == ".py" and name.endswith("ing") and name.rpartition("_")[2] not in NOUNS
        if participle or words(name) & COARSE:
            yield f"module {path.relative_to(SOURCE)}"


def spelt(node: ast.AST) -> Iterator[str]:
    """Yield the names that a piece of code makes: of classes, functions, parameters, fields, columns and options."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.alias(asname=str(name)):
            yield name
        case ast.Call(func=ast.Attribute(attr="Column"), args=[ast.Constant(value=str(name)), *_]):
            yield name
        case ast.Constant(value=str(text)):
            yield from COLUMN.findall(text)
            yield from OPTION.findall(text)


def names() -> Iterator[str]:
    for path in sorted(found for folder in CODE for found in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            held = WORDS | {"part", "parts"} if isinstance(node, ast.ClassDef) else WORDS
            yield from (f"{path.relative_to(ROOT)}: {name}" for name in spelt(node) if words(name) & held)


def settings() -> Iterator[str]:
    for name in re.findall(r"^#?(MERCAT_\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE):
        if words(name.lower()) & WORDS:
            yield f"setting {name}"


def paths() -> Iterator[str]:
    for _, path, _ in contract.described():
        if words(path) & COARSE:
            yield f"path {path}"


def docstrings() -> Iterator[str]:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            told = ast.get_docstring(node) if isinstance(node, documented) else None
            if told and (found := words(SPAN.sub("", told)) & TOLD):
                yield f"docstring in {path.relative_to(SOURCE)}: {sorted(found)}"


def test_names_use_the_words_of_the_glossary() -> None:
    assert sorted({*modules(), *names(), *settings(), *paths()}) == []


def test_docstrings_use_the_words_of_the_glossary() -> None:
    assert sorted({*docstrings()}) == []


@pytest.mark.parametrize("document", [page for page in DOCUMENTS if page.name != "glossary.md"], ids=named)
def test_documents_use_the_words_of_the_glossary(document: Path) -> None:
    assert words(re.sub(r"https?://\S+", "", SPAN.sub("", prose(document)))) & TOLD == set()


@pytest.mark.parametrize(
    "code",
    ["def read_papers(): ...", "def bill(shop): ...", "shop_name: str = ''", "a.pieces = 1", 'sa.Column("notices")',
     '"SELECT sum(n) AS pieces"', 'Option("--shop")', "import vendors as shops", "class VendorPart: ..."],
)  # fmt: skip
def test_an_old_word_is_found(code: str) -> None:
    held = WORDS | {"part"}
    assert [name for node in ast.walk(ast.parse(code)) for name in spelt(node) if words(name) & held]
