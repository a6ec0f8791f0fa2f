"""What of posts can be translated, by their authors and moderators, and how posts look in other languages."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations
from mercat.auth import Actor, Permission
from mercat.content.posts.excerpts import excerpt_of
from mercat.content.posts.schemas import LONGEST_CONTENT, LONGEST_TITLE, PostSummary
from mercat.content.posts.slugs import ADDRESSES
from mercat.content.writers import author_in, may_moderate
from mercat.kit.database import Reads
from mercat.kit.markup import render, words
from mercat.translations import TextField

Shown = TypeVar("Shown", bound=PostSummary)
POSTS = """
SELECT id, author_id AS owner_id, jsonb_build_object('title', title, 'content', content) AS texts FROM posts
"""


async def _editable_by(_session: AsyncSession, actor: Actor) -> Collection[UUID] | None:
    """Return whose posts the actor may edit: as with the posts themselves, one's own, or any."""
    if may_moderate(actor):
        return None
    author_id = author_in(actor)
    return () if author_id is None else (author_id,)


def _made(texts: Mapping[str, str]) -> dict[str, str]:
    """Return what is made of a translated text, by the rules of the original's."""
    if "content" not in texts:
        return {}
    rendered = render(texts["content"])
    return {"content.html": rendered, "content.excerpt": excerpt_of(words(rendered))}


POST = translations.Kind(
    name="post",
    path="/posts",
    parameter="post_id",
    tag="posts",
    fields={"title": TextField(LONGEST_TITLE), "content": TextField(LONGEST_CONTENT, prose=True)},
    sources=POSTS,
    slugs=translations.Slugs(
        of="title",
        instead="post",
        taken="SELECT slug, post_id::text FROM post_slugs WHERE slug = ANY(%s)",
        reserved=ADDRESSES,
    ),
    locked="SELECT id FROM posts WHERE id = ANY(%s::uuid[]) ORDER BY id FOR KEY SHARE",
    owned_by=_editable_by,
    permissions=(Permission.posts_write, Permission.posts_moderate),
    by_people=True,
    made=_made,
)
translations.register(POST)


async def in_language(reads: Reads, posts: Sequence[Shown], locale: str | None) -> list[Shown]:
    """Return posts as readers of a language see them, None for that which they are written in. One statement."""
    if locale is None or not posts:
        return list(posts)
    fields = ("title", "excerpt", "content", "content_html")
    wanted = [name for name in fields if name in type(posts[0]).model_fields]
    without = () if "content" in wanted else ("content", "content.html")
    things = {post.id: translations.Key(POST.name, str(post.id)) for post in posts}
    texts = await translations.load_for_readers(reads, list(things.values()), locale, without=without)
    shown = []
    for post in posts:
        found = texts.of(things[post.id], locale)
        words_of = {
            "title": found.get("title"),
            "excerpt": found.get("content.excerpt"),
            "content": found.get("content"),
            "content_html": found.get("content.html"),
        }
        changed = {name: words_of[name] for name in wanted if words_of[name] is not None}
        shown.append(post.model_copy(update={"slug": post.slugs.get(locale, post.slug), **changed}))
    return shown
