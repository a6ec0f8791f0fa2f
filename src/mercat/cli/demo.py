"""The demo's two commands: no other command knows it."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mercat.cli.servers import Host, Port
from mercat.cli.target import AsJson


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data_dir: Annotated[
        Path, typer.Option(envvar="MERCAT_DATA_DIR", help="Folder for everything this marketplace keeps.")
    ] = Path(".data"),
    *,
    seed: Annotated[bool, typer.Option("--seed/--no-seed", help="Fill an empty marketplace with demo content.")] = True,
    as_json: AsJson = False,
) -> None:
    """Run a whole marketplace here: PostgreSQL, Redis, API and worker, with demo vendors. Ctrl-C stops all of it."""
    from mercat.demo import run_demo  # noqa: PLC0415 - keeps the supervisor small: see the command below

    raise typer.Exit(run_demo(host=host, port=port, data_dir=data_dir, seed=seed, as_json=as_json))


def prepare(*, seed: Annotated[bool, typer.Option("--seed/--no-seed")] = True, as_json: AsJson = False) -> None:
    """Migrate and, on an empty marketplace, load the demo's content; prints its logins. Used by `mercat demo`."""
    from mercat import demo as marketplace  # noqa: PLC0415
    from mercat.cli.target import connected  # noqa: PLC0415
    from mercat.kit.config import ProcessSettings  # noqa: PLC0415
    from mercat.kit.database import DatabaseSettings  # noqa: PLC0415

    async def load() -> dict[str, dict[str, str]]:
        async with connected(DatabaseSettings().database_url) as database:
            media = Path(ProcessSettings().data_dir) / "media"
            return await marketplace.load(database, media, seed=seed, say=_say)

    accounts = asyncio.run(load())
    if as_json:
        typer.echo(json.dumps({"accounts": accounts}))
    sys.stdout.flush()
    os._exit(0)  # nothing is left to tidy up, and the demo waits for us


def _say(line: str) -> None:
    typer.echo(line, err=True)
