"""What lists do by themselves: look at what is watched, and forget what guests looked at."""

from uuid import UUID

from mercat import outbox
from mercat.lists import viewing, watching


@outbox.every("*/5 * * * *", "lists.look_at_watched")
async def look_at_watched(context: outbox.JobContext) -> None:
    """Let alerts come true that have, a batch a transaction."""
    after: UUID | None = UUID(int=0)
    while after is not None:
        async with context.database.transaction() as session:
            after = await watching.look(session, after=after)


@outbox.every("41 3 * * *", "lists.forget_guests")
async def forget_guests(context: outbox.JobContext) -> None:
    """Forget what guests looked at more than a month ago."""
    async with context.database.transaction() as session:
        await viewing.forget_guests(session)
