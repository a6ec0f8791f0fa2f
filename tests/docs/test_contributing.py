"""Whoever follows CONTRIBUTING.md to the letter gets a room that works, with its table, its routes and its tests."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.documents import ROOT

pytestmark = pytest.mark.long

LEFT_OUT = shutil.ignore_patterns(".*_cache", ".git", ".venv", ".tools", ".data", "__pycache__", ".hypothesis", "data")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`((?:src|tests)/[\w/]+\.py)`")
PROGRAMS = Path(sys.executable).parent


def steps() -> str:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return page[page.index("## Add a domain in 7 steps") : page.index("## Write a migration")]


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")


def followed(folder: Path) -> None:
    """Do what the seven steps say: each block goes into the file that was named last, at its end if there is one."""
    text, position = steps(), 0
    for found in BLOCK.finditer(text):
        file = folder / FILE.findall(text[position : found.start()])[-1]
        file.parent.mkdir(parents=True, exist_ok=True)
        former = file.read_text(encoding="utf-8").rstrip() + "\n\n" if file.exists() else ""
        apart = "\n" if former and found[1].startswith("@") else ""
        file.write_text(former + apart + found[1], encoding="utf-8")
        position = found.end()
    edit(folder / ".importlinter", "\n    vendors\n", "\n    vendors | notes\n")
    permissions = folder / "src/mercat/auth/permissions.py"
    edit(permissions, "    orders_manage =", '    notes_write = "notes:write"\n    orders_manage =')
    routes = folder / "src/mercat/routes.py"
    edit(routes, "\n    notifications,\n", "\n    notes,\n    notifications,\n")
    edit(routes, "\n    users.router,", "\n    notes.router,\n    users.router,")
    edit(routes, '\n    "operations":', '\n    "notes": "What operators tell every visitor.",\n    "operations":')


def test_the_seven_steps_make_a_room(tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "mercat"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    followed(folder)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}  # a copy is not ours
    environment = {**kept, "PYTHONPATH": str(folder / "src"), "MERCAT_DATABASE_URL": database_url}

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stdout[-3000:]} {done.stderr[-3000:]}"
        return done.stdout + done.stderr

    python = sys.executable
    run(python, "tools/architecture.py")
    run(str(PROGRAMS / "alembic"), "revision", "--autogenerate", "-m", "notes")
    run(python, "-m", "ruff", "check", "--fix", "migrations")
    run(python, "-m", "ruff", "format", "migrations")
    assert "notes" in run(python, "-m", "mercat", "migrate")
    run(str(PROGRAMS / "alembic"), "check")
    run(python, "-m", "ruff", "check", ".")
    run(python, "-m", "ruff", "format", "--check", ".")
    run(str(PROGRAMS / "lint-imports"), "--config", ".importlinter")
    kept_rules = ("routes", "lists", "front_doors", "budgets", "bodies", "vocabulary")
    tests = [f"tests/architecture/test_{name}.py" for name in kept_rules]
    run(python, "-m", "pytest", "-q", "tests/notes", *tests)
    run(python, "-m", "pytest", "-q", "tests/architecture/test_audit.py", "-k", "notes")
