"""Commands that bring texts in other languages out and in."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mercat.cli.target import AsJson, DataDir, connected, in_a_folder, target

if TYPE_CHECKING:
    from mercat.translations.translator_files import Report

SHOWN_REFUSALS = 20
app = typer.Typer(help="Texts in other languages, as files for translators.", no_args_is_help=True)


@app.command()
def export(
    file: Annotated[
        Path,
        typer.Argument(
            dir_okay=False,
            writable=True,
            callback=in_a_folder,
            help="Where to write; .xlf or .xliff is XLIFF, else CSV.",
        ),
    ],
    locale: Annotated[str, typer.Option(help="The language to translate into.")],
    kind: Annotated[
        str | None, typer.Option(help="One kind of things, such as product; left out, all of them.")
    ] = None,
    data_dir: DataDir = None,
    *,
    missing: Annotated[bool, typer.Option("--missing", help="Only what is not translated, or outdated.")] = False,
) -> None:
    """Write texts beside what they translate. The same file imported again changes nothing."""
    from mercat import worker  # noqa: F401, PLC0415 - which loads every room that has texts
    from mercat.auth import Actor  # noqa: PLC0415 - only commands that need the product pay for it
    from mercat.kit.problems import Invalid  # noqa: PLC0415
    from mercat.translations import translator_files  # noqa: PLC0415

    form: Literal["csv", "xliff"] = "xliff" if file.suffix in {".xlf", ".xliff"} else "csv"

    async def run(url: str) -> int:
        async with connected(url) as database:
            return await translator_files.write(
                database, file, Actor.system(), locale, kind=kind, form=form, only="missing" if missing else "all"
            )

    try:
        with target(data_dir, make=False) as url:
            size = asyncio.run(run(url))
    except Invalid as error:
        typer.echo(f"error: {error.detail}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{size:,} bytes written to {file}")


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=True, help="CSV or XLIFF 2 of the export, or Shopify's CSV"
        ),
    ],
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Bring translations in. The same file again changes nothing; what cannot be taken is reported, the rest kept."""
    from mercat import worker  # noqa: F401, PLC0415 - which loads every room that has texts
    from mercat.auth import Actor  # noqa: PLC0415
    from mercat.translations import translator_files  # noqa: PLC0415

    async def run(url: str) -> "Report":
        async with connected(url) as database:
            with file.open("rb") as content:
                rows = translator_files.open_rows(content)
                return await translator_files.take_rows(
                    database, rows, Actor.system(), await translator_files.everything(database)
                )

    with target(data_dir, make=False) as url:
        done = asyncio.run(run(url))
    if as_json:
        typer.echo(json.dumps(done.as_json()))
    else:
        typer.echo(f"{done.read:,} texts read: {done.applied:,} applied, {done.unchanged:,} unchanged")
        for one in done.refusals[:SHOWN_REFUSALS]:
            typer.echo(f"  line {one.line}, {one.field}: {one.message}", err=True)
        if done.refused > SHOWN_REFUSALS:
            typer.echo(f"  and {done.refused - SHOWN_REFUSALS:,} more", err=True)
        if done.broken:
            typer.echo(f"error: {done.broken}", err=True)
    raise typer.Exit(1 if done.refused or done.broken else 0)
