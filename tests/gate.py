"""The one gate: what `./mercat test` and continuous integration run, in the same order with the same tools.

Every step runs even when an earlier one failed, so that one run shows all there is to mend.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
PROBES = ROOT / "tests" / "probes.py"
MEASURING = ROOT / "tests" / "measuring"
SLOWEST = 10
MOST = 8


def parsed(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Return what is asked of the gate, and what goes to pytest as it stands."""
    parser = argparse.ArgumentParser(
        prog="mercat test",
        allow_abbrev=False,
        description="Run every check and test, or with paths the tests in them. All other arguments go to pytest.",
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--coverage", action="store_true", help="measure the coverage, and hold all tests to its bound")
    kind.add_argument("--quick", action="store_true", help="style and the named tests only, for work in between")
    return parser.parse_known_args(arguments)


def steps(wanted: argparse.Namespace, selection: list[str], report: Path) -> dict[str, list[str]]:
    """Return each step's command; a selection of tests is not held to the coverage of all of them."""
    python = [sys.executable, "-m"]
    checks = {
        "style": [*python, "ruff", "check", "."],
        "format": [*python, "ruff", "format", "--check", "."],
    }
    if not wanted.quick:
        checks["types"] = [*python, "mypy"]
        checks["architecture"] = [str(PROGRAMS / "lint-imports"), "--config", ".importlinter"]
    distributed = [f"--numprocesses={workers()}", "--dist=worksteal"]
    tests = {"tests": [*python, "pytest", *distributed, f"--junitxml={report}", *selection]}
    if not wanted.coverage:
        return {**checks, **tests}
    probes, folder = [sys.executable, str(PROBES)], str(report.parent)
    planted = {"probes": [*probes, "plant", folder]}
    told = {"coverage": [*probes, "report", folder, *(["--fail-under=0"] if selection else [])]}
    return {**checks, **planted, **tests, **told}


def environment(wanted: argparse.Namespace, folder: Path) -> dict[str, str]:
    """Return the environment of all steps: in a measured one Python loads the product with its probes."""
    source = str(ROOT / "src")
    if not wanted.coverage:
        return {**os.environ, "PYTHONPATH": source}
    return {**os.environ, "PYTHONPATH": os.pathsep.join([source, str(MEASURING)]), "COVERAGE_PROBES": str(folder)}


def workers() -> int:
    """Return how many processes run tests: one more than there are cores, since some wait for what they started."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST - 1) + 1


def slowest(report: Path) -> list[tuple[float, str]]:
    """Return the tests that took longest, with their set-up, from pytest's report."""
    if not report.exists():
        return []
    cases = ET.parse(report).iter("testcase")  # noqa: S314 - our own report
    found = [(float(case.get("time", "0")), f"{case.get('classname')}::{case.get('name')}") for case in cases]
    return sorted(found, reverse=True)[:SLOWEST]


def main(arguments: list[str]) -> int:
    """Run all steps, print a table and the slowest tests, return 1 when any step failed."""
    wanted, selection = parsed(arguments)
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "tests.xml"
        for name, command in steps(wanted, selection, report).items():
            say(f"\n=== {name}: {' '.join(Path(part).name if part == command[0] else part for part in command)}")
            begun = time.monotonic()
            done = subprocess.run(command, cwd=ROOT, env=environment(wanted, report.parent), check=False)
            outcomes.append((name, done.returncode == 0, time.monotonic() - begun))
        longest = slowest(report)
    say("\n=== summary")
    for seconds, test in longest:
        say(f"{seconds:7.1f} s  {test}")
    for name, passed, seconds in outcomes:
        say(f"{name:<14} {'ok' if passed else 'FAILED':<7} {seconds:7.1f} s")
    return 0 if all(passed for _, passed, _ in outcomes) else 1


def say(line: str) -> None:
    """Print at once, in order with what the steps print themselves."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
