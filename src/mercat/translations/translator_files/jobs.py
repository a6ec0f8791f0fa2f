"""Jobs for translators' files."""

from uuid import UUID

from mercat import outbox
from mercat.translations.translator_files import runner


@outbox.job("translations.take_in_import", lane=outbox.Lane.bulk)
async def take_in(context: outbox.JobContext, import_id: str, user_id: str) -> None:
    """Take in a file with translations."""
    await runner.take_in(context.database, UUID(import_id), UUID(user_id))
