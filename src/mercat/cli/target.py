"""Which database a command works on."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

if TYPE_CHECKING:
    from mercat.kit.database import Database

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder of a demo, running or not. Left out: MERCAT_DATABASE_URL, else ./.data."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, for scripts.")]


def in_a_folder(file: Path | None) -> Path | None:
    """Refuse a file to write whose folder is not there, before any work is done for it."""
    if file is not None and not file.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {file.absolute().parent}")
    return file


@contextmanager
def target(data_dir: Path | None, *, make: bool = True) -> Iterator[str]:
    """Yield the URL of the database that is meant, and let the settings of this process mean the same one.

    A data folder lends its running servers; if nothing runs there, they are started for as long as this takes. Commands
    that only look do not `make` a marketplace where there is none.
    """
    from mercat.kit.config import ProcessSettings  # noqa: PLC0415 - only commands that need a database pay for it
    from mercat.kit.database import DatabaseSettings  # noqa: PLC0415
    from mercat.kit.settings_memory import read_anew  # noqa: PLC0415
    from mercat.kit.startup import refuse_invalid  # noqa: PLC0415

    refuse_invalid()
    own = "database_url" in DatabaseSettings().model_fields_set
    if data_dir is None and own:
        yield DatabaseSettings().database_url
        return
    from mercat.embedded import EngineError, attach, own_settings, settings_of  # noqa: PLC0415

    folder = data_dir or Path(ProcessSettings().data_dir)
    if not (make or own or (folder / "postgres").is_dir()):
        raise EngineError(f"there is no marketplace in {folder}; `mercat demo --data-dir {folder}` makes one")
    with attach(folder) as (database_url, redis_url):
        os.environ |= {
            "MERCAT_TEST_PAYMENTS": "true",
            "MERCAT_MAIL_URL": f"maildir://{quote(str(folder.resolve()))}/mail",
            **settings_of(folder),
            # a demo is there to try things: whoever a catalogue names as vendors sells at once
            "MERCAT_VENDOR_DETAILS_REQUIRED": "",
            **own_settings(),
            "MERCAT_DATABASE_URL": database_url,
            "MERCAT_REDIS_URL": redis_url,
            "MERCAT_DATA_DIR": str(folder),
        }
        read_anew()
        yield database_url


@asynccontextmanager
async def connected(database_url: str) -> "AsyncIterator[Database]":
    """Yield the connections of a command that works on a migrated database."""
    from mercat.kit import migrations  # noqa: PLC0415
    from mercat.kit.database import Database, DatabaseSettings  # noqa: PLC0415

    for line in migrations.upgrade(database_url):
        typer.echo(f"migrated to {line}", err=True)
    database = Database(DatabaseSettings(database_url=database_url, database_statement_timeout_ms=0))
    try:
        yield database
    finally:
        await database.close()
