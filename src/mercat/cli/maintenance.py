"""Commands that keep the product in order."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mercat.cli.target import AsJson, DataDir, connected, in_a_folder, target

if TYPE_CHECKING:
    from rich.progress import TaskID

    from mercat.cli.checks import Check

SHOWN_FAILURES = 20


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


def reindex(
    data_dir: DataDir = None,
    *,
    engine: Annotated[
        str | None,
        typer.Option(help="postgresql, or the engine that MERCAT_SEARCH_URL names; left out, both."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write all search documents anew while search goes on. A run that was interrupted goes on where it stopped."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from mercat import pricing, search  # noqa: F401, PLC0415 - product projections show sales of pricing

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.completed:,}"))
    with (
        target(data_dir, make=False) as url,
        Progress(*columns, TextColumn("products"), TimeElapsedColumn(), console=Console(stderr=True)) as progress,
    ):
        tasks: dict[str, TaskID] = {}

        def tell(kind: str, done: int, total: int) -> None:
            if kind not in tasks:
                tasks[kind] = progress.add_task(kind, total=total)
            progress.update(tasks[kind], completed=done, total=total)

        async def run() -> Sequence[search.Reindexed]:
            async with connected(url) as database:
                try:
                    return await search.reindex(database, engine, tell)
                finally:
                    await search.close()

        try:
            done = asyncio.run(run())
        except (search.EngineError, search.NoSuchEngine, search.ReindexRunning) as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in done]))
    else:
        for one in done:
            went_on = " (went on where an earlier run stopped)" if one.resumed else ""
            products = f"{one.products:,} {'product' if one.products == 1 else 'products'}"
            typer.echo(f"{one.engine}: {products} indexed{went_on}")
    for one in done:
        for product, reason in list(one.failed.items())[:SHOWN_FAILURES]:
            typer.echo(f"{one.engine}: not indexed: {product} {reason}", err=True)
    raise typer.Exit(1 if any(one.failed for one in done) else 0)


def _table(found: "list[Check]", say: Callable[[str], None]) -> None:
    for check in found:
        say(f"{'ok  ' if check.ok else 'BAD ' if check.needed else 'note'}  {check.name:12} {check.says}")
