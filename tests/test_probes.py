"""Coverage by probes: what they say agrees with what ran, in this process, in others and in threads."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from coverage import Coverage

import gate
import probes

SETTINGS = Coverage(config_file=str(probes.ROOT / "pyproject.toml")).config
EXCLUDE = "|".join(f"(?:{each})" for each in SETTINGS.exclude_list + SETTINGS.exclude_also)
MODULE = '''
"""A module with each kind of branch."""

from __future__ import annotations

import functools
import threading


class Sort:
    """Has a docstring, and something below an attribute."""

    size = 1
    """Says what it is."""

    @functools.cache
    def of(self, number: int) -> str:
        """Choose."""
        if number > 1:
            return "many"
        elif number:
            return "one"
        for _ in range(number):
            pass
        while number < 0:
            number += 1
        return "none"


def case(value: object) -> str:
    match value:
        case int():
            return "number"
        case "" | None:
            return "nothing"
    return "other"


def failing(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        return -1
    finally:
        del value


async def looking(found: list[int]) -> int:
    for one in found:
        if one > 1:
            break
    else:
        return 0
    return 1


def aside(number: int) -> None:
    thread = threading.Thread(target=Sort().of, args=(number,))
    thread.start()
    thread.join()
'''
ONLY_BRANCHES = ("if ", "elif ", "for ", "while ", "case ")


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A module of a package of the product's name, with probes in it."""
    module = tmp_path / "source" / "mercat" / "sorts.py"
    module.parent.mkdir(parents=True)
    module.write_text(MODULE.lstrip())
    (module.parent / "__init__.py").touch()
    probes.plant(tmp_path, [module])
    return tmp_path


def run(planted: Path, program: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "COVERAGE_PROBES": str(planted),
        "PYTHONPATH": os.pathsep.join([str(planted / "source"), str(gate.MEASURING)]),
    }
    whole = "from mercat.sorts import *\nimport asyncio, os, signal\n" + textwrap.dedent(program)
    return subprocess.run([sys.executable, "-c", whole], env=environment, check=False, capture_output=True, text=True)


def told(planted: Path) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the lines that were reached, and from where to where it went at a branch, by their text."""
    text = ["", *MODULE.lstrip().splitlines()]
    ((file, found),) = probes.hits(planted)
    branches = probes.ways(probes.parsed(file, EXCLUDE))
    arcs = probes.arcs(found, branches)
    said = {line: text[line].strip() if line > 0 else "exit" for arc in arcs for line in arc}
    reached = {said[after] for _, after in arcs if after > 0}
    return reached, {(said[before], said[after]) for before, after in arcs if before in branches}


def test_nothing_is_said_of_what_did_not_run(planted: Path) -> None:
    assert told(planted) == (set(), set())


def test_what_is_imported_is_no_more_than_begun(planted: Path) -> None:
    assert run(planted, "").returncode == 0
    reached, branches = told(planted)
    assert {"class Sort:", "size = 1", '"""Says what it is."""', "@functools.cache"} <= reached
    assert {"def of(self, number: int) -> str:", "async def looking(found: list[int]) -> int:"} <= reached
    assert not {'return "none"', "match value:", "try:"} & reached
    assert branches == set()


def test_each_way_of_a_branch_is_told_apart(planted: Path) -> None:
    assert run(planted, "Sort().of(2)").returncode == 0
    assert told(planted)[1] == {("if number > 1:", 'return "many"')}
    assert run(planted, "Sort().of(0)").returncode == 0
    assert told(planted)[1] == {
        ("if number > 1:", 'return "many"'),
        ("if number > 1:", "elif number:"),
        ("elif number:", "for _ in range(number):"),
        ("for _ in range(number):", "while number < 0:"),
        ("while number < 0:", 'return "none"'),
    }
    assert run(planted, "Sort().of(-2)").returncode == 0
    assert ("while number < 0:", "number += 1") not in told(planted)[1]  # a number below zero is true
    assert ("elif number:", 'return "one"') in told(planted)[1]


def test_a_loop_that_is_left_has_not_ended(planted: Path) -> None:
    assert run(planted, "assert asyncio.run(looking([1, 2])) == 1").returncode == 0
    assert ("for one in found:", "return 0") not in told(planted)[1]
    assert run(planted, "assert asyncio.run(looking([])) == 0").returncode == 0
    assert ("for one in found:", "return 0") in told(planted)[1]


def test_a_case_says_what_was_refused_before_it(planted: Path) -> None:
    assert run(planted, "assert case(None) == 'nothing'").returncode == 0
    reached, branches = told(planted)
    assert branches == {("case int():", 'case "" | None:'), ('case "" | None:', 'return "nothing"')}
    assert 'return "other"' not in reached
    assert run(planted, "assert case([]) == 'other'").returncode == 0
    assert ('case "" | None:', 'return "other"') in told(planted)[1]


def test_what_was_caught_began_where_it_is_caught(planted: Path) -> None:
    assert run(planted, "assert failing('1') == 1").returncode == 0
    assert "except ValueError:" not in told(planted)[0]
    assert run(planted, "assert failing('one') == -1").returncode == 0
    assert {"except ValueError:", "return -1", "del value"} <= told(planted)[0]


def test_threads_and_killed_processes_are_measured_too(planted: Path) -> None:
    done = run(planted, "aside(2); case(1); os.kill(os.getpid(), signal.SIGKILL)")
    assert done.returncode == -signal.SIGKILL
    assert {'return "many"', 'return "number"'} <= told(planted)[0]


def test_who_cannot_read_the_probes_runs_without(planted: Path) -> None:
    (planted / "hits").unlink()
    assert run(planted, "assert case(1) == 'number'").returncode == 0


def test_a_failure_names_the_line_of_its_source(planted: Path) -> None:
    done = run(planted, "asyncio.run(looking(1))")
    line = MODULE.lstrip().splitlines().index("    for one in found:") + 1
    assert f'sorts.py", line {line}, in looking' in done.stderr


def test_every_statement_and_way_of_the_product_has_its_probe(tmp_path: Path) -> None:
    probes.plant(tmp_path, probes.product())
    hits = tmp_path / "hits"
    hits.write_bytes(bytes([1]) * hits.stat().st_size)
    lacking = {}
    for file, found in probes.hits(tmp_path):
        parser = probes.parsed(file, EXCLUDE)
        branches = probes.ways(parser)
        arcs = probes.arcs(found, branches)
        ways = {(line, after) for line, others in branches.items() for after in others}
        lines = parser.statements - {line for arc in arcs for line in arc}
        if lines or ways - arcs:
            lacking[file] = sorted(lines), sorted(ways - arcs)
    assert lacking == {}


def test_the_report_has_its_bound(planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COVERAGE_FILE", str(tmp_path / "measured"))
    assert run(planted, "case(1)").returncode == 0
    include = f"--include={planted}/source/*"
    assert probes.main(["report", str(planted), include]) == 2  # below what pyproject.toml asks
    assert probes.main(["report", str(planted), include, "--fail-under=0"]) == 0


def test_the_gate_measures_only_when_asked(tmp_path: Path) -> None:
    wanted, selection = gate.parsed(["--coverage"])
    told = gate.steps(wanted, selection, tmp_path / "tests.xml")
    assert list(told)[-3:] == ["probes", "tests", "coverage"]
    assert told["coverage"][-2:] == ["report", str(tmp_path)]
    assert gate.environment(wanted, tmp_path)["COVERAGE_PROBES"] == str(tmp_path)
    wanted, selection = gate.parsed(["--coverage", "tests/cart"])
    assert gate.steps(wanted, selection, tmp_path / "tests.xml")["coverage"][-1] == "--fail-under=0"
    wanted, selection = gate.parsed([])
    assert "coverage" not in gate.steps(wanted, selection, tmp_path / "tests.xml")
    assert gate.environment(wanted, tmp_path).get("COVERAGE_PROBES") == os.environ.get("COVERAGE_PROBES")
