"""Jobs for vendors' files."""

from uuid import UUID

from mercat import outbox
from mercat.catalog.vendor_imports import runner


@outbox.job("catalog.take_in_import", lane=outbox.Lane.bulk)
async def take_in(context: outbox.JobContext, import_id: str, user_id: str) -> None:
    """Import a vendor's file."""
    await runner.take_in(context.database, UUID(import_id), UUID(user_id))
