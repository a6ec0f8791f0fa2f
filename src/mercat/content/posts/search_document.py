"""The words by which posts are found, in each language: written by a job after each change of what everybody sees."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n, outbox, translations
from mercat.content.posts.models import Post, PostSearch, PostTag, PostTagging
from mercat.content.posts.text_configuration import configuration
from mercat.content.posts.translated_kind import POST
from mercat.kit.database import driver
from mercat.kit.markup import render, words

BATCH = 200
WRITE = text("""
INSERT INTO post_search (post_id, locale, languages, words)
SELECT :id, :locale, :languages, setweight(to_tsvector(by, :title), 'A') || setweight(to_tsvector(by, :tags), 'B')
    || setweight(to_tsvector(by, :body), 'C')
FROM CAST(:configuration AS regconfig) AS by
ON CONFLICT (post_id, locale) DO UPDATE SET words = excluded.words, languages = excluded.languages
WHERE (post_search.words, post_search.languages) IS DISTINCT FROM (excluded.words, excluded.languages)
""")
STALE = text("""
SELECT p.id FROM posts p LEFT JOIN post_search s ON s.post_id = p.id AND s.locale = :source
WHERE p.published AND s.languages IS DISTINCT FROM :languages AND p.id > :after ORDER BY p.id LIMIT :most
""")


@outbox.job("content.index_post")
async def index_post(context: outbox.JobContext, post_id: str) -> None:
    """Write the search documents of a post as the post is now, or remove those of one which is not published."""
    async with context.database.transaction() as session:
        await index(session, UUID(post_id))


@outbox.job("content.index_translated_posts", lane=outbox.Lane.bulk)
async def index_posts(context: outbox.JobContext, post_ids: list[str]) -> None:
    """Write the search documents of posts whose texts in other languages have changed, each in a transaction."""
    await _index_each(context, [UUID(post_id) for post_id in post_ids])


@outbox.every(outbox.minutes(5), "content.follow_languages", lane=outbox.Lane.bulk)
async def follow_languages(context: outbox.JobContext) -> None:
    """Write the search documents of all posts anew when the languages of the marketplace have changed."""
    after = UUID(int=0)
    while True:
        wanted = {"source": i18n.source_locale(), "languages": _languages(), "after": after, "most": BATCH}
        async with context.database.primary_session() as session:
            stale = list(await session.scalars(STALE, wanted))
        await _index_each(context, stale)
        if len(stale) < BATCH:
            return
        after = stale[-1]


async def _index_each(context: outbox.JobContext, post_ids: Sequence[UUID]) -> None:
    for post_id in post_ids:
        async with context.database.transaction() as session:
            await index(session, post_id)


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
    source = {"title": post.title, "tags": " ".join(tags), "body": words(post.content_html)}
    documents = {i18n.source_locale(): source, **await _translated(session, post, source)}
    stays = PostSearch.locale.in_(documents)
    await session.execute(delete(PostSearch).where(PostSearch.post_id == post_id, ~stays))
    for locale, weighed in documents.items():
        values = {"id": post_id, "locale": locale, "languages": _languages(), "configuration": configuration(locale)}
        await session.execute(WRITE, {**values, **weighed})


async def _translated(session: AsyncSession, post: Post, source: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return what a post says in the languages that any of its texts is translated to; tags stay as they are."""
    thing = translations.Key(POST.name, str(post.id))
    texts = await translations.load(await driver(session), [thing])
    bodies: dict[str, str] = {}  # a language that falls back to another one has its text, which is rendered once
    found: dict[str, dict[str, str]] = {}
    for locale in i18n.content_locales()[1:]:
        shown = texts.of(thing, locale)
        content = shown.get("content")
        if content is not None and content not in bodies:
            bodies[content] = words(await asyncio.to_thread(render, content))
        if content is not None or "title" in shown:
            body = source["body"] if content is None else bodies[content]
            found[locale] = {**source, "title": shown.get("title", source["title"]), "body": body}
    return found


def _languages() -> str:
    """Return the languages of the marketplace, that of the source first."""
    languages: Sequence[str] = i18n.content_locales()
    return ",".join(languages)
