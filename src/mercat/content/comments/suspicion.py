"""What makes a comment suspicious: it then waits for a moderator, and is not rejected for it."""

from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.content.comments.models import Comment
from mercat.content.config import ContentSettings
from mercat.kit import clock, spam
from mercat.kit.ids import made_at

MANY, AT_ONCE = 10, timedelta(hours=1)
"""So many comments by one account in so short a time."""


async def signals(session: AsyncSession, comment: Comment) -> list[str]:
    """Return what is suspicious about a comment, in alphabetical order; it need not be in the database yet."""
    others, since = Comment.id != comment.id, clock.now() - AT_ONCE
    recent = await session.scalar(
        select(func.count()).where(Comment.author_id == comment.author_id, others, Comment.created_at > since)
    )
    key = spam.text_key(comment.body)
    twin = key is not None and await session.scalar(select(exists().where(Comment.text_key == key, others)))
    new_for = timedelta(hours=ContentSettings.read().comments_new_account_hours)
    found = {
        "capitals": spam.shouts(comment.body),
        "link": spam.has_link(comment.body),
        "many_at_once": (recent or 0) >= MANY,
        "new_account": clock.now() - made_at(comment.author_id) < new_for,
        "same_text": bool(twin),
    }
    return [name for name, is_so in found.items() if is_so]


async def screen(session: AsyncSession, comment: Comment) -> bool:
    """Look at new words, and write down by what they are compared; returns whether a moderator looks at them first."""
    comment.signals = await signals(session, comment)
    comment.text_key = spam.text_key(comment.body)
    return bool(comment.signals) or ContentSettings.read().comments_all_wait
