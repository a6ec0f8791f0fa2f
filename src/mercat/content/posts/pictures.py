"""The picture of a post."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, files, outbox
from mercat.auth import Actor
from mercat.content.posts import queries
from mercat.content.posts.exceptions import PostHasNoImage
from mercat.content.posts.models import Post
from mercat.content.posts.schemas import PostRead
from mercat.content.posts.service import for_update
from mercat.files.events import PictureReady

PURPOSE = files.Purpose("post_picture")


async def put(
    session: AsyncSession, actor: Actor, post_id: UUID, upload: tuple[UUID, str], *, if_match: str | None
) -> PostRead:
    """Show an uploaded file, with its alt text, in place of the picture that the post had.

    Raises:
        PostNotFound, NotAllowed, PreconditionFailed: see `service.for_update`.
        UploadExpired: see `files.keep`.
    """
    post = await for_update(session, actor, post_id, if_match)
    former, was = post.image_file_id, _state(post)
    file_id, alt = upload
    kept = await files.keep(session, file_id, post.id)
    post.image_file_id, post.image_url, post.image_alt = kept.id, files.written_url(kept.url), alt
    post.image_width, post.image_height, post.image_sizes = kept.width, kept.height, []
    post.version += 1
    await session.flush()
    if former is not None:
        await files.release(session, [former])
    await _record(session, actor, "post.picture_changed", post, was)
    return await queries.shown(session, post.id)


async def remove(session: AsyncSession, actor: Actor, post_id: UUID, *, if_match: str | None) -> None:
    """Take the picture from a post; its bytes are deleted once this is committed.

    Raises:
        PostNotFound, NotAllowed, PreconditionFailed: see `service.for_update`.
        PostHasNoImage: there is none.
    """
    post = await for_update(session, actor, post_id, if_match)
    if post.image_file_id is None:
        raise PostHasNoImage
    former, was = post.image_file_id, _state(post)
    post.image_file_id = post.image_url = post.image_width = post.image_height = None
    post.image_alt, post.image_sizes = "", []
    post.version += 1
    await session.flush()
    await files.release(session, [former])
    await _record(session, actor, "post.picture_removed", post, was)


@outbox.handler("content.attach_picture_sizes")
async def show_sizes(session: AsyncSession, _event_id: UUID, event: PictureReady) -> None:
    """Show a picture in the sizes in which it was drawn; that is no edit, so version and moment stay."""
    if event.purpose != PURPOSE.name:
        return
    file = (await files.read(session, [event.file_id])).get(event.file_id)
    if file is None:  # let go meanwhile
        return
    drawn = [files.Drawn(width=one.width, height=one.height, format=one.format) for one in file.renditions]
    its = update(Post).where(Post.image_file_id == event.file_id)
    await session.execute(its.values(image_sizes=drawn, updated_at=Post.updated_at))


def _state(post: Post) -> dict[str, object]:
    return {"image": post.image_url, "alt": post.image_alt}


async def _record(session: AsyncSession, actor: Actor, action: str, post: Post, was: dict[str, object]) -> None:
    changed = audit.difference(was, _state(post))
    words = {name: change for name, change in changed.items() if name == "alt"}
    rest = {name: change for name, change in changed.items() if name not in words}
    await audit.record(session, actor, action, post.id, changes=rest, personal=words)
