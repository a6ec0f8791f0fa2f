"""Coverage without a tracer: `mercat test --coverage` compiles the product with probes, which say where a test was.

A tracer is called for every line, in libraries too, and CPython 3.11 runs all code slowly as long as there is one: it
took half of the processor's time of all tests. A probe is one byte, `_probes_[17] = 1`, before a statement or at the
beginning of what a condition chooses. The bytes are a file that all processes map into their memory, so that nothing
need be saved or combined, and what a killed process did counts too. coverage.py says which statements and branches
there are, and prints the report with its bound.
"""

import argparse
import ast
import json
import marshal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coverage import Coverage, CoverageData
from coverage.cmdline import main as coverage_command
from coverage.parser import PythonParser
from coverage.python import get_python_source

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ROOT / "src" / "mercat"
NAME = "_probes_"
Branching = ast.If | ast.For | ast.AsyncFor | ast.While
Block = list[ast.stmt]


@dataclass
class Meaning:
    """What a probe says that was hit: these lines began, and after these lines this was the way, or was not."""

    lines: list[int] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)
    not_taken: list[tuple[int, int]] = field(default_factory=list)


class Planter(ast.NodeTransformer):
    """Puts probes into a module; they are numbered from `first` on."""

    def __init__(self, first: int) -> None:
        self._first = first
        self.meanings: list[Meaning] = []

    def probe(self, at: ast.AST, meaning: Meaning) -> ast.stmt:
        """Return the statement that says that this was reached."""
        number = self._first + len(self.meanings)
        self.meanings.append(meaning)
        planted = ast.parse(f"{NAME}[{number}] = 1").body[0]
        for node in ast.walk(planted):
            ast.copy_location(node, at)
        return planted

    def block(self, statements: Block) -> Block:
        """Return statements, each with its probe before it."""
        planted: Block = []
        for number, statement in enumerate(statements):
            if not _stays_first(statement, number):
                planted.append(self.probe(statement, Meaning(_lines(statement))))
            planted.append(self.visit(statement))
        return planted

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Plant in every block of a node; expressions have none."""
        for name in ("body", "orelse", "finalbody"):
            if isinstance(statements := getattr(node, name, None), list):
                setattr(node, name, self.block(statements))
        for handler in getattr(node, "handlers", ()):
            self.visit(handler)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """An exception's line began when it was caught."""
        node.body = [self.probe(node, Meaning([node.lineno])), *self.block(node.body)]
        return node

    def _branches(self, node: Branching) -> ast.AST:
        """Say which way was chosen, also where the other one has no statements of its own."""
        way = node.lineno, _lines(node.body[0])[0]
        taken, not_taken = self.probe(node.body[0], Meaning(taken=[way])), self.probe(node, Meaning(not_taken=[way]))
        node.body = [taken, *self.block(node.body)]
        node.orelse = [not_taken, *self.block(node.orelse)]
        return node

    visit_If = visit_For = visit_AsyncFor = visit_While = _branches  # noqa: N815 - as ast names them

    def visit_Match(self, node: ast.Match) -> ast.AST:
        """Whoever comes to a case was refused by all before it."""
        refused: list[tuple[int, int]] = []
        for case in node.cases:
            line = case.pattern.lineno
            way = line, _lines(case.body[0])[0]
            reached = Meaning([line, *(before for before, _ in refused)], taken=[way], not_taken=[*refused])
            case.body = [self.probe(case.body[0], reached), *self.block(case.body)]
            refused.append(way)
        last = node.cases[-1]
        if last.guard is not None or not isinstance(last.pattern, ast.MatchAs) or last.pattern.pattern is not None:
            nothing = self.probe(node, Meaning([line for line, _ in refused], not_taken=refused))
            node.cases.append(ast.match_case(ast.MatchAs(), body=[nothing]))
        return node


def _stays_first(statement: ast.stmt, number: int) -> bool:
    """Whether this is no statement that runs: a docstring, or an import that has to come first."""
    if number == 0 and isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _lines(statement: ast.stmt) -> list[int]:
    """Return the lines at which a statement begins: a decorated one begins at each decorator, too."""
    return [*(decorator.lineno for decorator in getattr(statement, "decorator_list", ())), statement.lineno]


def plant(folder: Path, files: Iterable[Path]) -> None:
    """Compile files with probes into a folder, with the bytes for the hits, and note what each probe means."""
    names, plan, first = {}, {}, 0
    for number, file in enumerate(files):
        planter = Planter(first)
        tree = ast.parse(file.read_bytes(), filename=str(file))
        tree.body = planter.block(tree.body)
        code = compile(ast.fix_missing_locations(tree), str(file), "exec", dont_inherit=True)
        names[str(file)] = f"{number}.code"
        (folder / names[str(file)]).write_bytes(marshal.dumps(code))
        plan[str(file)] = [[one.lines, one.taken, one.not_taken] for one in planter.meanings]
        first += len(planter.meanings)
    (folder / "names").write_bytes(marshal.dumps(names))
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    (folder / "hits").write_bytes(bytes(first))


def product() -> list[Path]:
    """Return every module of the product."""
    return sorted(PRODUCT.rglob("*.py"))


def hits(folder: Path) -> Iterator[tuple[str, list[Meaning]]]:
    """Return of each file what the probes say that were hit."""
    counted, first = (folder / "hits").read_bytes(), 0
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    for file, meanings in plan.items():
        yield file, [Meaning(*found) for number, found in enumerate(meanings, first) if counted[number]]
        first += len(meanings)


def parsed(file: str, exclude: str) -> PythonParser:
    """Return what coverage.py knows of a file."""
    parser = PythonParser(text=get_python_source(file), filename=file, exclude=exclude)
    parser.parse_source()
    return parser


def ways(parser: PythonParser) -> dict[int, set[int]]:
    """Return the lines after which coverage.py knows more than one way, with all ways."""
    counts = parser.exit_counts()
    found: dict[int, set[int]] = {line: set() for line, count in counts.items() if count > 1}
    for line, after in parser.arcs():
        if line in found:
            found[line].add(after)
    return found


def arcs(found: list[Meaning], branches: dict[int, set[int]]) -> set[tuple[int, int]]:
    """Return what coverage.py would have been told by its tracer, as far as its report asks for it."""
    told: set[tuple[int, int]] = set()
    for meaning in found:
        told |= {(-1, line) for line in meaning.lines}
        told |= {way for way in map(tuple, meaning.taken) if way[1] in branches.get(way[0], ())}
        for line, body in meaning.not_taken:
            told |= {(line, after) for after in branches.get(line, set()) - {body}}
    return told


def report(folder: Path, options: list[str]) -> int:
    """Let coverage.py print its report of what was hit, and return its exit code."""
    settings = Coverage(config_file=str(ROOT / "pyproject.toml"))
    exclude = "|".join(f"(?:{each})" for each in settings.config.exclude_list + settings.config.exclude_also)
    data = CoverageData(basename=settings.config.data_file)
    data.erase()
    for file, found in hits(folder):
        data.add_arcs({file: arcs(found, ways(parsed(file, exclude)))})
    data.write()
    return coverage_command(["report", *options]) or 0


def main(arguments: list[str]) -> int:
    """Plant the probes, or report what was hit; all other arguments go to coverage.py's report."""
    parser = argparse.ArgumentParser(description=main.__doc__, allow_abbrev=False)
    parser.add_argument("what", choices=["plant", "report"])
    parser.add_argument("folder", type=Path)
    asked, options = parser.parse_known_args(arguments)
    if asked.what == "report":
        return report(asked.folder, options)
    plant(asked.folder, product())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
