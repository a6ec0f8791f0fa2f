"""Commands that bring catalogues in and out."""

import asyncio
import functools
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mercat.cli.target import AsJson, DataDir, connected, in_a_folder, target

if TYPE_CHECKING:
    from mercat.catalog.feeds import ImportReport, Withheld
    from mercat.kit.database import Database

SHOWN_ERRORS = 20
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _slug(given: str) -> str:
    if SLUG.fullmatch(given) is None:
        raise typer.BadParameter("a slug is small letters and digits, with single hyphens between them")
    return given


def import_(  # noqa: PLR0913 - the options of a command
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="Product CSV of Shopify or WooCommerce"),
    ],
    vendor: Annotated[
        str, typer.Option(callback=_slug, help="Slug of the vendor that sells these products.")
    ] = "marketplace",
    data_dir: DataDir = None,
    *,
    create_vendor: Annotated[bool, typer.Option(help="Make the vendor if there is none with this slug.")] = False,
    brands_as_vendors: Annotated[bool, typer.Option(help="Make each brand a vendor of its own.")] = False,
    report: Annotated[
        Path | None, typer.Option(callback=in_a_folder, help="Write every row error to this CSV file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring products in from a file. The same file again changes nothing; bad rows are reported, good ones kept."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from mercat import pricing  # noqa: F401, PLC0415 - product projections show its sales
    from mercat.auth import Actor  # noqa: PLC0415
    from mercat.catalog.feeds import ImportProgress, import_file  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("importing"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[read]:,} products"))
    with target(data_dir) as url, Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("import", total=file.stat().st_size, read=0)

        def show(now: ImportProgress) -> None:
            progress.update(task, completed=now.bytes_read, total=now.bytes_total, read=now.read)

        async def run() -> "ImportReport":
            async with connected(url) as database:
                if not create_vendor:
                    await _require_vendor(database, vendor)
                return await import_file(
                    database,
                    file,
                    vendor_slug=vendor,
                    actor=Actor(name="import"),
                    on_progress=show,
                    brands_as_vendors=brands_as_vendors,
                )

        done = asyncio.run(run())
    if report is not None:
        _write_report(report, done)
    if as_json:
        typer.echo(json.dumps(asdict(done)))
    else:
        _tell(done)
    raise typer.Exit(1 if done.error_count else 0)


def export(
    file: Annotated[
        Path,
        typer.Argument(
            dir_okay=False, writable=True, callback=in_a_folder, help="Where to write; .gz at its end is gzip."
        ),
    ],
    vendor: Annotated[str | None, typer.Option(help="Slug of one vendor; left out, all of them.")] = None,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the catalogue as Shopify's product CSV, which imports back to the same catalogue."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from mercat import vendors  # noqa: PLC0415
    from mercat.catalog.feeds import export_file  # noqa: PLC0415
    from mercat.kit.problems import NotFound  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("exporting {task.completed:,} products"), TimeElapsedColumn())

    async def run(url: str) -> int:
        async with connected(url) as database:
            if vendor is not None:
                async with database.primary_session() as session:
                    await vendors.store_of(session, vendor)
            with Progress(*columns, console=Console(stderr=True)) as progress:
                task = progress.add_task("export", total=None)
                show = functools.partial(progress.update, task)
                return await export_file(
                    database, file, vendor_slug=vendor, on_progress=lambda count: show(completed=count)
                )

    try:
        with target(data_dir, make=False) as url:
            count = asyncio.run(run(url))
    except NotFound:
        typer.echo(f"error: there is no vendor {vendor}", err=True)
        raise typer.Exit(1) from None
    typer.echo(
        json.dumps({"products": count, "file": str(file)}) if as_json else f"{count:,} products written to {file}"
    )


async def _require_vendor(database: "Database", slug: str) -> None:
    """Refuse a slug that no vendor has; the marketplace's own vendor needs nobody to make it."""
    from mercat import vendors  # noqa: PLC0415

    async with database.primary_session() as session:
        near = await vendors.slugs_like(session, slug)
    if slug in near or slug == vendors.HOUSE:
        return
    meant = f"; did you mean {' or '.join(near)}?" if near else ";"
    typer.echo(f"error: there is no vendor {slug}{meant} --create-vendor makes it", err=True)
    raise typer.Exit(1)


def _tell(done: "ImportReport") -> None:
    if not done.read and not done.error_count:
        typer.echo("the file holds no products: nothing changed")
        return
    if not done.created and not done.updated and not done.error_count:
        typer.echo(f"nothing changed: {_products(done)} compared in {done.seconds:.1f} s")
    else:
        typer.echo(
            f"{_products(done)} read in {done.seconds:.1f} s: {done.created:,} created, {done.updated:,} updated, "
            f"{done.unchanged:,} unchanged"
        )
    if done.not_for_sale:
        typer.echo("not for sale:")
    for one in done.not_for_sale:
        typer.echo(f"  {_withheld(one)}")
    if done.error_count:
        typer.echo(f"not taken over, {done.error_count:,} in all:", err=True)
        for error in done.errors[:SHOWN_ERRORS]:
            place = f"line {error.line}, {error.field}" if error.field else f"line {error.line}"
            typer.echo(f"  {place}: {error.message}", err=True)
        if done.error_count > SHOWN_ERRORS:
            typer.echo(f"  and {done.error_count - SHOWN_ERRORS:,} more; --report FILE writes them down", err=True)


def _products(done: "ImportReport") -> str:
    products = f"{done.read:,} {'product' if done.read == 1 else 'products'}"
    return f"{products} with {done.variants:,} {'variant' if done.variants == 1 else 'variants'}"


def _withheld(one: "Withheld") -> str:
    variants = f"{one.variants:,} {'variant' if one.variants == 1 else 'variants'}"
    if not one.products:
        return f"{one.variants:,} {'row' if one.variants == 1 else 'rows'}: {one.explanation}"
    example = f" (such as {one.example})" if one.example else ""
    products = f"{one.products:,} {'product' if one.products == 1 else 'products'}"
    return f"{products} with {variants}{example}: {one.explanation}"


def _write_report(path: Path, done: "ImportReport") -> None:
    import csv  # noqa: PLC0415

    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["line", "field", "code", "message"])
        rows.writerows((error.line, error.field, error.code, error.message) for error in done.errors)
