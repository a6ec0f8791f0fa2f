"""What a process loads when it starts: heavy libraries are loaded by those who need them, when they do."""

import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
HEAVY = {"aiosmtplib", "authlib", "celery", "mjml", "stripe", "typst", "uvicorn", "zxcvbn"}
COMMANDS_NEED = {
    "mercat.main",
    "mercat.worker",
    "fastapi",
    "pydantic",
    "sqlalchemy",
    "psycopg",
    "redis",
    "uvicorn",
    *HEAVY,
}


def loaded_by(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after running some code."""
    shown = f"{code}\nimport sys\nprint(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", shown], env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True
    )
    return set(found.stdout.splitlines()[-1].split())


def test_the_api_starts_without_what_only_some_requests_and_jobs_need() -> None:
    assert loaded_by("import mercat.main") & HEAVY == set()


def test_help_is_shown_without_the_product() -> None:
    shown = "from typer.testing import CliRunner\nfrom mercat.cli import app\nCliRunner().invoke(app, ['--help'])"
    assert loaded_by(shown) & COMMANDS_NEED == set()
