"""Commands that look after recommendations."""

import asyncio
import json
from typing import Annotated

import typer

from mercat.cli.target import AsJson, DataDir, connected, target

app = typer.Typer(help="Products that are bought together, similar or trending.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep the name of the only command: more may come."""


@app.command()
def rebuild(
    data_dir: DataDir = None,
    *,
    quiet: Annotated[bool, typer.Option("--quiet", help="Without a progress bar.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count all orders that were ever paid and compare all products, while the marketplace goes on.

    After orders were brought in from elsewhere, say. What is counted already stays as it is, and an interrupted run may
    be repeated.
    """
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from mercat import recommendations  # noqa: PLC0415 - only commands that need the product pay for it

    products = orders = 0

    async def run(url: str) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.fields[products]:,} products, {task.fields[orders]:,} orders"))
        shown = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), disable=quiet)
        async with connected(url) as database:
            with shown as progress:
                task = progress.add_task("rebuild", total=None, products=0, orders=0)

                def tell(so_far: int, counted: int) -> None:
                    nonlocal products, orders
                    products, orders = so_far, counted
                    progress.update(task, products=products, orders=orders)

                await recommendations.rebuild(database, tell)

    with target(data_dir, make=False) as url:
        asyncio.run(run(url))
    if as_json:
        typer.echo(json.dumps({"products": products, "orders": orders}))
    else:
        typer.echo(f"{products:,} products compared, {orders:,} orders counted")
