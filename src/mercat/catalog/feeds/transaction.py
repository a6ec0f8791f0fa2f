"""Small files into the catalogues of vendors, all in the caller's transaction."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, exchange
from mercat.auth import Actor
from mercat.catalog.feeds.merge import MergeCounts, merge_into
from mercat.catalog.feeds.reader import read
from mercat.catalog.feeds.shapes import RowError
from mercat.kit.ids import new_id
from mercat.kit.money import default_currency


class FileRefusedError(ValueError):
    """A file that had to be right has rows that cannot be imported; the message names the first."""


async def import_all(session: AsyncSession, actor: Actor, files: Mapping[UUID, Path]) -> MergeCounts:
    """Import a file for each vendor: everything in them or nothing. Each is held in memory whole; see `import_file`.

    Raises:
        FileRefusedError: a row cannot be imported.
    """
    errors: list[RowError] = []
    steps = {code: one.step for code, one in (await exchange.enabled(session)).items()}
    brought = [
        (vendor_id, product)
        for vendor_id, path in files.items()
        for product in read(path, currency=default_currency(), steps=steps, on_error=errors.append)
    ]
    counts = await merge_into(session, brought, actor=actor.reference, on_error=errors.append)
    if errors:
        raise FileRefusedError(f"line {errors[0].line}: {errors[0].message} ({len(errors)} errors)")
    if counts.created or counts.updated:
        done = {
            "files": [path.name for path in files.values()],
            "created": counts.created,
            "updated": counts.updated,
            "unchanged": counts.unchanged,
        }
        await audit.record(session, actor, "feed.imported", new_id(), changes=audit.difference({}, done))
    return counts
