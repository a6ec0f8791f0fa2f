"""Jobs for translators' files."""

from uuid import UUID

from mercat import outbox


@outbox.job("translations.take_in_import", lane=outbox.Lane.bulk)
async def take_in(context: outbox.JobContext, import_id: str, user_id: str) -> None:
    """Take in a file with translations."""
    from mercat.translations.translator_files import service  # noqa: PLC0415 - which queues this job

    await service.take_in(context.database, UUID(import_id), UUID(user_id))
