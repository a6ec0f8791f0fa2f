"""What posts do by themselves."""

from collections.abc import Sequence
from uuid import UUID

from mercat import outbox
from mercat.content.posts import publication


@outbox.job("content.publish_post")
async def publish_post(context: outbox.JobContext, post_id: str) -> None:
    """Publish a draft that failed to be with the others."""
    async with context.database.transaction() as session:
        await publication.publish_due(session, [UUID(post_id)])


@outbox.every(outbox.minutes(1), "content.publish_due")
async def publish_due(context: outbox.JobContext) -> None:
    """Publish posts that are due."""

    async def publish(drafts: Sequence[UUID]) -> None:
        async with context.database.transaction() as session:
            await publication.publish_due(session, drafts)

    failed = await outbox.apart(context.database, publish_post, "post_id")
    drafts: Sequence[UUID] = ()
    while True:
        async with context.database.transaction() as session:
            drafts = await publication.due(session, leaving=failed.ids, after=drafts[-1] if drafts else None)
        for post_id, error in (await outbox.in_parts(drafts, publish)).items():
            await failed.set_aside(post_id, error)
        if not drafts:
            return
