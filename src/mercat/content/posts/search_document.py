"""The words by which posts are found: written by a job after each change of what everybody sees."""

from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.content.posts.models import Post, PostSearch, PostTag, PostTagging
from mercat.content.posts.text_configuration import configuration
from mercat.kit.markup import words

WRITE = text("""
INSERT INTO post_search (post_id, words)
SELECT :id, setweight(to_tsvector(by, :title), 'A') || setweight(to_tsvector(by, :tags), 'B')
    || setweight(to_tsvector(by, :body), 'C')
FROM CAST(:configuration AS regconfig) AS by
ON CONFLICT (post_id) DO UPDATE SET words = excluded.words WHERE post_search.words <> excluded.words
""")


@outbox.job("content.index_post")
async def index_post(context: outbox.JobContext, post_id: str) -> None:
    """Write the search document of a post as the post is now, or remove that of one which is not published."""
    async with context.database.transaction() as session:
        await index(session, UUID(post_id))


async def index(session: AsyncSession, post_id: UUID) -> None:
    """Do the same in the caller's transaction. Locks the post: of two jobs about one, the later one reads later."""
    post = await session.scalar(
        select(Post).where(Post.id == post_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    )
    if post is None or not post.published:
        await session.execute(delete(PostSearch).where(PostSearch.post_id == post_id))
        return
    tags = await session.scalars(
        select(PostTag.name).join(PostTagging, PostTagging.tag_id == PostTag.id).where(PostTagging.post_id == post_id)
    )
    weighed = {"title": post.title, "tags": " ".join(tags), "body": words(post.content_html)}
    await session.execute(WRITE, {"id": post_id, "configuration": configuration(), **weighed})
