"""The one gate: what `./mercat test` and continuous integration run, in the same order with the same tools.

Every step runs even when an earlier one failed, so that one run shows all there is to mend. Arguments go to pytest.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent


def steps(arguments: list[str]) -> dict[str, list[str]]:
    """Return each step's command; a selection of tests is not held to the coverage of all of them."""
    python = [sys.executable, "-m"]
    selected = ["--cov-fail-under=0"] if arguments else []
    return {
        "style": [*python, "ruff", "check", "."],
        "format": [*python, "ruff", "format", "--check", "."],
        "types": [*python, "mypy"],
        "architecture": [str(PROGRAMS / "lint-imports"), "--config", ".importlinter"],
        "tests": [*python, "pytest", "-n", "2", "--cov", *selected, *arguments],
    }


def main(arguments: list[str]) -> int:
    """Run all steps, print a table, return 1 when any failed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    outcomes = []
    for name, command in steps(arguments).items():
        say(f"\n=== {name}: {' '.join(Path(part).name if part == command[0] else part for part in command)}")
        begun = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        outcomes.append((name, done.returncode == 0, time.monotonic() - begun))
    say("\n=== summary")
    for name, passed, seconds in outcomes:
        say(f"{name:<14} {'ok' if passed else 'FAILED':<7} {seconds:7.1f} s")
    return 0 if all(passed for _, passed, _ in outcomes) else 1


def say(line: str) -> None:
    """Print at once, in order with what the steps print themselves."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
