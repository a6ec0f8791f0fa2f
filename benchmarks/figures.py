"""What was measured beside what was wanted, as a table for people and as JSON for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. `ok` is None where there is nothing to reach."""

    name: str
    target: str
    reached: str
    ok: bool | None = None
    details: str = ""
    values: Mapping[str, float] = field(default_factory=dict)


def at_least(name: str, ratio: float, target: float, **more: "str | Mapping[str, float]") -> Figure:
    """Return the row of a share of a yardstick that should be so large."""
    return _compared(name, f">= {target:.2f}", f"{ratio:.2f}", ratio >= target, **more)


def at_most(name: str, value: float, target: float, unit: str, **more: "str | Mapping[str, float]") -> Figure:
    """Return the row of something that should be no larger."""
    decimals = 0 if target >= 50 else 2
    return _compared(name, f"<= {target:g}{unit}", f"{value:.{decimals}f}{unit}", value <= target, **more)


def known(name: str, reached: str, **more: "str | Mapping[str, float]") -> Figure:
    """Return a row that is good to know."""
    return _compared(name, "", reached, None, **more)


def _compared(name: str, target: str, reached: str, ok: bool | None, **more: "str | Mapping[str, float]") -> Figure:  # noqa: FBT001 - the last column
    details, values = more.get("details", ""), more.get("values", {})
    return Figure(name, target, reached, ok, str(details), values if isinstance(values, Mapping) else {})


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table, and below it what falls short."""
    table = Table(title="Mercat's benchmark", title_justify="left", show_lines=False)
    for heading, how in (("what", "left"), ("target", "right"), ("reached", "right"), ("", "left"), ("how", "left")):
        table.add_column(heading, justify=how)  # type: ignore[arg-type]  # rich's own words
    words = {True: "[green]ok[/green]", False: "[red]short[/red]", None: ""}
    for figure in figures:
        table.add_row(figure.name, figure.target, figure.reached, words[figure.ok], figure.details)
    console.print(table)
    short = [figure.name for figure in figures if figure.ok is False]
    console.print(f"missed: {'; '.join(short)}" if short else "every target is met")


def write(figures: Iterable[Figure], path: Path) -> None:
    """Write the same as JSON."""
    rows = [
        {
            "name": figure.name,
            "target": figure.target,
            "reached": figure.reached,
            "ok": figure.ok,
            "details": figure.details,
            "values": dict(figure.values),
        }
        for figure in figures
    ]
    path.write_text(json.dumps({"figures": rows}, indent=2) + "\n", "utf-8")
