"""Commands that keep the product in order."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mercat.cli.target import AsJson, DataDir, in_a_folder, target

if TYPE_CHECKING:
    from mercat.cli.checks import Check


def migrate(data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Bring the database to this version's schema and say what was done."""
    from mercat.kit import migrations  # noqa: PLC0415

    with target(data_dir) as url:
        done = migrations.upgrade(url, say=lambda line: typer.echo(line, err=True))
    if as_json:
        typer.echo(json.dumps({"migrated": done, "head": migrations.head()}))
    elif not done:
        typer.echo(f"nothing to do: the database is at {migrations.head()}")


def openapi(
    file: Annotated[
        Path | None, typer.Argument(callback=in_a_folder, help="Where to write; left out, standard output.")
    ] = None,
) -> None:
    """Write the API's OpenAPI document."""
    from mercat.kit.openapi import as_text  # noqa: PLC0415
    from mercat.main import create_app  # noqa: PLC0415

    document = as_text(create_app().openapi())
    if file is None:
        typer.echo(document, nl=False)
    else:
        file.write_text(document, encoding="utf-8")


def doctor(data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Check what the product needs, and say what is wrong and what to do about it."""
    from mercat.cli import checks  # noqa: PLC0415

    with target(data_dir, make=False) as url:
        found = asyncio.run(checks.run(url))
    if as_json:
        typer.echo(json.dumps([{"check": c.name, "ok": c.ok, "says": c.says} for c in found]))
    else:
        _table(found, typer.echo)
    raise typer.Exit(0 if all(check.ok or not check.needed for check in found) else 1)


def _table(found: "list[Check]", say: Callable[[str], None]) -> None:
    for check in found:
        say(f"{'ok  ' if check.ok else 'BAD ' if check.needed else 'note'}  {check.name:12} {check.says}")
