"""Who may write posts, and decide about those of others."""

from uuid import UUID

from mercat.auth import Actor, KnownOr, Permission
from mercat.content.config import ContentSettings

WRITER = KnownOr(Permission.posts_write, Permission.posts_moderate)
"""Somebody who is signed in, or a key for posts; `require_writer` decides."""


def may_moderate(actor: Actor) -> bool:
    """Whether the actor may edit what others have written, and sees their drafts."""
    return actor.can(Permission.posts_moderate)


def author_in(actor: Actor) -> UUID | None:
    """Return the account that writes posts, None if it does not."""
    may = _open_to(actor) or actor.can(Permission.posts_write) or may_moderate(actor)
    return actor.user_id if may else None


def _open_to(actor: Actor) -> bool:
    return ContentSettings.read().posts_open and actor.may_act_for_self(change=True)


def require_writer(actor: Actor) -> UUID:
    """Return the account that writes posts.

    Raises:
        NotAllowed, SecondFactorNeeded: they do not write posts here.
    """
    if actor.user_id is None or not _open_to(actor):
        actor.require(Permission.posts_write, Permission.posts_moderate)
    if actor.user_id is None:
        raise LookupError("the marketplace itself writes posts through `record_past`")
    return actor.user_id
