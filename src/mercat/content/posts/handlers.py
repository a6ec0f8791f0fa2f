"""Reactions to events: posts are found by the words of their translations."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.content.posts import search_document
from mercat.content.posts.translated_kind import POST
from mercat.translations.events import TranslationsChanged


@outbox.handler("content.index_translated_posts")
async def index_translated(session: AsyncSession, _event_id: UUID, event: TranslationsChanged) -> None:
    """Queue a job that writes the search documents of posts anew whose texts have changed."""
    if event.kind == POST.name:
        await outbox.defer(session, search_document.index_posts, post_ids=list(event.keys))
