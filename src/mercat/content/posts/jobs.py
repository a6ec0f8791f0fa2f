"""What posts do by themselves."""

from uuid import UUID

from mercat import outbox
from mercat.content.posts import publication
from mercat.content.posts.search_document import follow_languages

__all__ = ["follow_languages", "publish_due", "publish_post"]


@outbox.job("content.publish_post")
async def publish_post(context: outbox.JobContext, post_id: str) -> None:
    """Publish a draft that failed to be with the others."""
    async with context.database.transaction() as session:
        await publication.publish_due(session, [UUID(post_id)])


@outbox.every(outbox.minutes(1), "content.publish_due")
async def publish_due(context: outbox.JobContext) -> None:
    """Publish posts that are due."""
    await outbox.work_off(context.database, publish_post, "post_id", publication.due, publication.publish_due)
