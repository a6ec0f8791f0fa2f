"""ARCHITECTURE.md and the rooms' own words say what the code says."""

import subprocess
import sys

from docs.documents import ROOT


def drawn(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "tools/architecture.py", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)


def test_the_picture_the_table_and_what_rooms_say_are_true() -> None:
    """Mended by running `.venv/bin/python tools/architecture.py`."""
    checked = drawn("--check")
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr
