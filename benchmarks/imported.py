"""A database that the product itself filled with a catalogue."""

import asyncio
from dataclasses import dataclass

from benchmarks.dataset import Catalogue
from mercat.auth import Actor
from mercat.catalog.feeds import ImportReport, import_file
from mercat.kit.database import Database, DatabaseSettings


@dataclass(frozen=True, slots=True)
class Imported:
    """A database with a catalogue in it, and how that went."""

    database_url: str
    catalogue: Catalogue
    report: ImportReport


def bring_in(database_url: str, catalogue: Catalogue) -> Imported:
    """Import a file as `mercat import --brands-as-vendors` does: each brand becomes a vendor."""

    async def run() -> ImportReport:
        settings = DatabaseSettings(database_url=database_url, database_statement_timeout_ms=0)
        database = Database(settings)
        try:
            return await import_file(
                database,
                catalogue.path,
                vendor_slug="marketplace",
                actor=Actor(name="benchmark"),
                brands_as_vendors=True,
            )
        finally:
            await database.close()

    return Imported(database_url, catalogue, asyncio.run(run()))
