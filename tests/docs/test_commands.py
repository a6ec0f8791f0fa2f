"""What the documents tell a reader to type, set, call or open exists."""

import ast
import importlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

import contract
from docs.documents import DOCUMENTS, ROOT, anchors, blocks, commands, links, named, prose, spans
from mercat.cli import app
from mercat.demo.content import content

LAUNCHER = {"test", "bench", "lock"}
"""Commands of `./mercat` itself, for those who work on Mercat; what follows them belongs to other programs."""
SETTING = re.compile(r"MERCAT_[A-Z][A-Z_]*[A-Z]")
OF_TESTS = {"MERCAT_TEST_SEARCH_URL", "MERCAT_TEST_MONGO_URL"}
"""Servers that tests are tried on, which no process of the product reads."""
ROUTE = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/\S*)")
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=named)


def leaves(command: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Return all commands that do something, by the words that call them."""
    if not hasattr(command, "commands"):
        return {path: command}
    return {words: leaf for name, sub in command.commands.items() for words, leaf in leaves(sub, (*path, name)).items()}


COMMANDS = leaves(typer.main.get_command(app))


def flaw(line: str) -> str:
    """Return what is wrong with a command line, or nothing."""
    words = shlex.split(line)
    if words[0] in LAUNCHER:
        return ""
    command = next((COMMANDS[path] for path in COMMANDS if tuple(words[: len(path)]) == path), None)
    if command is None:
        return "" if words == ["--help"] or any(path[: len(words)] == tuple(words) for path in COMMANDS) else "unknown"
    known = {"--help"}.union(*([*option.opts, *option.secondary_opts] for option in command.params))
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
    return f"has no {unknown}" if unknown else ""


@every_document
def test_commands_and_their_options_exist(document: Path) -> None:
    wrong = {line: found for line in commands(document) if (found := flaw(line))}
    assert wrong == {}


@pytest.mark.parametrize("line", ["backup FILE", "demo --colour", "user rename A", "serve --workers 2 --seed"])
def test_a_command_that_does_not_exist_is_found(line: str) -> None:
    assert flaw(line)


def test_the_benchmark_has_the_topics_that_are_told() -> None:
    told = re.search(r"--only \w+ +# one topic: (.+)$", (ROOT / "docs/benchmarks.md").read_text("utf-8"), re.MULTILINE)
    command = [sys.executable, "-m", "benchmarks", "--only", "all of them"]
    environment = {**os.environ, "COLUMNS": "500", "PYTHONPATH": str(ROOT / "src")}
    asked = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert told is not None
    assert set(re.findall(r"'([\w-]+)'", asked.stderr.partition("is not one of")[2])) == set(
        re.split(r", | or ", told[1])
    )


def test_the_launcher_knows_its_own_commands() -> None:
    script = (ROOT / "mercat").read_text(encoding="utf-8").rpartition("case ${1-} in")[2]
    assert set(re.findall(r"^    (\w+)\)$", script, re.MULTILINE)) == LAUNCHER


def test_the_table_of_commands_is_complete() -> None:
    rows = re.findall(r"^\| `\./mercat ([a-z -]+?)(?: [A-Z]+)*` \|(.*)$", prose(ROOT / "README.md"), re.MULTILINE)
    shown = {tuple(words.split()): text for words, text in rows}
    assert set(shown) == {path for path, leaf in COMMANDS.items() if not leaf.hidden} | {(name,) for name in LAUNCHER}
    for path, text in shown.items():
        options = COMMANDS[path].params if path in COMMANDS else ()
        known = {name for option in options for name in (*option.opts, *option.secondary_opts)}
        assert path[0] in LAUNCHER or set(re.findall(r"--[a-z-]+", text)) <= known, path


@every_document
def test_settings_exist(document: Path) -> None:
    known = set(SETTING.findall((ROOT / ".env.example").read_text(encoding="utf-8"))) | OF_TESTS
    assert set(SETTING.findall(document.read_text(encoding="utf-8"))) <= known


@every_document
def test_links_lead_somewhere(document: Path) -> None:
    lost = []
    for link in links(document):
        target, _, anchor = link.partition("#")
        file = (document.parent / target).resolve() if target else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            lost.append(link)
    assert lost == []


@every_document
def test_files_that_are_named_exist(document: Path) -> None:
    named_files = [
        span for span in spans(document) if re.fullmatch(r"(?:src|tests|migrations|benchmarks|docs)/[\w./-]+", span)
    ]
    example = ("notes",)  # the domain that CONTRIBUTING.md makes
    assert [f for f in named_files if not any(name in f for name in example) and not (ROOT / f).exists()] == []


def test_routes_that_are_named_exist() -> None:
    there = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1")))
        for path, item in contract.document()["paths"].items()
        for method in item
    }
    told = {
        (named(document), method, re.sub(r"\{\w+\}", "{}", path.partition("?")[0]))
        for document in DOCUMENTS
        for span in spans(document)
        for method, path in ROUTE.findall(span)
    }
    assert len(told) > 10
    assert [one for one in sorted(told) if one[1:] not in there] == []


def test_the_example_of_a_domain_uses_what_there_is() -> None:
    """The names that CONTRIBUTING.md's example imports from Mercat are really there."""
    missing = []
    for block in blocks(ROOT / "CONTRIBUTING.md", "python"):
        for node in ast.walk(ast.parse(block)):
            if not isinstance(node, ast.ImportFrom) or node.module is None or "notes" in node.module:
                continue
            module = importlib.import_module(node.module)
            missing += [f"{node.module}.{name.name}" for name in node.names if not hasattr(module, name.name)]
    assert missing == []


def test_shell_blocks_can_be_parsed() -> None:
    """A quote that is never closed would leave a reader in front of a waiting shell."""
    for document in DOCUMENTS:
        for block in blocks(document, "sh"):
            shlex.split(re.sub(r"<<'EOF'\n.*?\nEOF$", "", block, flags=re.DOTALL | re.MULTILINE), comments=True)


def test_the_demo_is_as_large_as_told() -> None:
    told = re.search(r"\((\d+) vendors, (\d+) products, (\d+) past orders\)", prose(ROOT / "README.md"))
    assert told is not None
    there = (len(content().vendors), len(content().products), len(content().orders))
    assert tuple(map(int, told.groups())) == there
