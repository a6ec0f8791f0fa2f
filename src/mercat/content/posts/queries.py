"""Reads of posts: who may see which, and how they look. One set of statements serves the cache and transactions."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import files, i18n, users
from mercat.auth import Actor
from mercat.content.posts import slugs
from mercat.content.posts.exceptions import PostNotFound
from mercat.content.posts.schemas import PostFilter, PostListing, PostRead, PostSummary
from mercat.content.posts.text_configuration import configuration
from mercat.content.posts.translated_kind import in_language
from mercat.content.writers import may_moderate
from mercat.kit.cache import Answer
from mercat.kit.conditional import version_etag
from mercat.kit.database import Reads, driver
from mercat.kit.ids import parse_id
from mercat.kit.pagination import BadCursor, CursorPage, Page, decode_cursor, encode_cursor, envelope
from mercat.kit.problems import FieldError
from mercat.kit.slugs import name_slug

Run = Callable[[str, Mapping[str, Any]], Awaitable[Sequence[TupleRow]]]
"""Runs a statement: on a connection for reads, or in a transaction."""
SUMMARY = """p.id, p.slug, p.title, p.excerpt, p.published, p.publish_at, p.published_at, p.created_at, p.updated_at,
    p.author_id, u.first_name, u.last_name, p.image_url, p.image_alt, p.image_width, p.image_height, p.image_sizes,
    ARRAY(SELECT t.name FROM post_taggings g JOIN post_tags t ON t.id = g.tag_id WHERE g.post_id = p.id
          ORDER BY g.position),
    (SELECT jsonb_object_agg(x.locale, x.slug) FROM translated_slugs x
     WHERE x.kind = 'post' AND x.key = p.id::text AND x.is_current)"""
PRODUCTS = "ARRAY(SELECT r.product_id FROM post_products r WHERE r.post_id = p.id ORDER BY r.position)"
WHOLE = f"{SUMMARY}, p.content, p.content_html, p.version, {PRODUCTS}"
AUTHORS = "LEFT JOIN users u ON u.id = p.author_id"
FROM = f"FROM posts p {AUTHORS}"
ADDRESSED = f"FROM ({slugs.ADDRESSED}) o JOIN posts p ON p.id = o.id {AUTHORS}"
FOUND = """p.id IN (SELECT s.post_id FROM post_search s
    WHERE s.locale = %(source)s AND s.words @@ websearch_to_tsquery(%(configuration)s::regconfig, %(q)s))"""
# what nothing is translated of has the words of the source there
FOUND_IN = """p.id IN (
    SELECT s.post_id FROM post_search s
    WHERE s.locale = %(locale)s AND s.words @@ websearch_to_tsquery(%(other)s::regconfig, %(q)s)
    UNION ALL
    SELECT s.post_id FROM post_search s
    WHERE s.locale = %(source)s AND s.words @@ websearch_to_tsquery(%(configuration)s::regconfig, %(q)s)
      AND NOT EXISTS (SELECT FROM post_search o WHERE o.post_id = s.post_id AND o.locale = %(locale)s))"""
TAGGED = """EXISTS (SELECT FROM post_taggings g JOIN post_tags t ON t.id = g.tag_id
    WHERE g.post_id = p.id AND t.slug = %(tag)s)"""
BY_SLUG = "p.id = (SELECT post_id FROM post_slugs WHERE slug = %(key)s)"


def in_transaction(session: AsyncSession) -> Run:
    """Return what runs statements in a session."""

    async def run(sql: str, params: Mapping[str, Any]) -> Sequence[TupleRow]:
        await session.flush()
        return await (await (await driver(session)).execute(sql, params)).fetchall()

    return run


async def shown(session: AsyncSession, post_id: UUID) -> PostRead:
    """Return any post; the caller has authorised.

    Raises:
        PostNotFound: there is none.
    """
    rows = await in_transaction(session)(f"SELECT {WHOLE} {FROM} WHERE p.id = %(key)s", {"key": post_id})
    if not rows:
        raise PostNotFound
    return read_row(rows[0])


def etag_of(post: PostRead) -> str:
    """Return a post's ETag: its version, then a digest of what moves without an edit, the author's name say."""
    return version_etag(post.version, post)


async def page(reads: Reads, id_or_slug: str, locale: str | None) -> Answer:
    """Return a published post in a language as JSON with its ETag, where one with this former slug is now, or a 404.

    A slug of any language leads to it. Where there are several, the answer's location is its slug in this one.
    """
    post_id = parse_id(id_or_slug)
    if post_id is not None:
        row = await reads.row(f"SELECT {WHOLE}, true {FROM} WHERE p.id = %(id)s AND p.published", {"id": post_id})
    else:
        wanted = {"slug": id_or_slug, "locale": locale, "others": list(i18n.content_locales()[1:])}
        row = await reads.row(f"SELECT {WHOLE}, o.is_current {ADDRESSED}", wanted)
    if row is None:
        return Answer(b"", 404)
    *post_row, is_current = row
    [post] = await in_language(reads, [read_row(tuple(post_row))], locale)
    if not is_current:
        return Answer(b"", 301, location=post.slug)
    return Answer(post.model_dump_json().encode(), etag=etag_of(post), location=post.slug if post.slugs else "")


async def draft(session: AsyncSession, actor: Actor, id_or_slug: str) -> PostRead:
    """Return a post that is not published, if it is the actor's to see.

    Raises:
        PostNotFound: it is not, or there is none.
    """
    post_id = parse_id(id_or_slug)
    where = "p.id = %(key)s" if post_id else BY_SLUG
    rows = await in_transaction(session)(
        f"SELECT {WHOLE} {FROM} WHERE {where} AND (p.author_id = %(user)s OR %(staff)s)",
        {"key": post_id or id_or_slug, "user": actor.user_id, "staff": may_moderate(actor)},
    )
    if not rows:
        raise PostNotFound
    return read_row(rows[0])


async def listed(
    run: Run, listing: PostListing, actor: Actor | None = None, *, locale: str | None = None
) -> Page[PostSummary] | CursorPage[PostSummary]:
    """Return a page of posts: published ones, or drafts that an actor may see.

    Words are searched for in a language, None for that of the source.

    Raises:
        BadCursor: the cursor is not one of this list.
    """
    where, params = narrowed(listing, *_visible(listing, actor), locale)
    name, down = listing.sort.removeprefix("-"), listing.sort.startswith("-")
    of_drafts = name == "published_at" and not listing.published  # the moment may be unknown
    column = "coalesce(p.published_at, p.created_at)" if of_drafts else f"p.{name}"
    way = "DESC" if down else "ASC"
    rest = f"ORDER BY {column} {way}, p.id {way} LIMIT %(size)s"
    if listing.cursor is None:
        numbered = listing.numbered
        counted = await run(f"SELECT count(*) {FROM} WHERE {where}", params)
        rows = await run(
            f"SELECT {SUMMARY} {FROM} WHERE {where} {rest} OFFSET %(offset)s",
            {**params, "size": numbered.size, "offset": numbered.offset},
        )
        return envelope([_summary(row) for row in rows], numbered, counted[0][0])
    if listing.cursor:
        where = f"{where} AND ({column}, p.id) {'<' if down else '>'} (%(after)s, %(after_id)s)"
        params = {**params, **_position(listing)}
    rows = await run(
        f"SELECT {SUMMARY}, {column} {FROM} WHERE {where} {rest}",
        {**params, "size": listing.limit + 1},
    )
    found = rows[: listing.limit]
    following = None
    if len(rows) > listing.limit:
        following = encode_cursor(listing.sort, found[-1][-1].isoformat(), str(found[-1][0]))
    return CursorPage(items=[_summary(row[:-1]) for row in found], next_cursor=following)


def narrowed(
    asked: PostFilter, visible: str, params: dict[str, Any], locale: str | None = None
) -> tuple[str, dict[str, Any]]:
    """Return the SQL condition on `posts p` of those that are visible and fit a filter, and its parameters."""
    where = [visible]
    if asked.q is not None:
        where.append(FOUND if locale is None else FOUND_IN)
        source = i18n.source_locale()
        params |= {"q": asked.q, "source": source, "configuration": configuration(source)}
        if locale is not None:
            params |= {"locale": locale, "other": configuration(locale)}
    if asked.tag is not None:
        where.append(TAGGED)
        params["tag"] = name_slug(asked.tag)
    if asked.author is not None:
        where.append("p.author_id = %(author)s")
        params["author"] = asked.author
    return " AND ".join(where), params


def _visible(listing: PostListing, actor: Actor | None) -> tuple[str, dict[str, Any]]:
    if listing.published:
        return "p.published", {}
    if actor is not None and may_moderate(actor):
        return "NOT p.published", {}
    return "NOT p.published AND p.author_id = %(user)s", {"user": actor.user_id if actor else None}


def _position(listing: PostListing) -> dict[str, object]:
    moment, post_id = decode_cursor(listing.cursor or "", listing.sort, str, str)
    after, after_id = None, parse_id(str(post_id))
    with suppress(ValueError):
        after = datetime.fromisoformat(str(moment))
    if after_id is None or after is None or after.tzinfo is None:
        raise BadCursor(errors=(FieldError("cursor", "not a cursor of this list", "bad_cursor"),))
    return {"after": after, "after_id": after_id}


async def related_products(session: AsyncSession, actor: Actor, post_id: UUID) -> list[UUID]:
    """Return the products that a post is about, in their order.

    Raises:
        PostNotFound: there is none that the actor may see.
    """
    rows = await in_transaction(session)(
        f"SELECT {PRODUCTS} FROM posts p "  # noqa: S608 - our own parts
        "WHERE p.id = %(id)s AND (p.published OR p.author_id = %(user)s OR %(staff)s)",
        {"id": post_id, "user": actor.user_id, "staff": may_moderate(actor)},
    )
    if not rows:
        raise PostNotFound
    return cast("list[UUID]", rows[0][0])


async def require_published(session: AsyncSession, post_id: UUID) -> None:
    """Refuse unless everybody sees the post.

    Raises:
        PostNotFound: there is none, or it is a draft.
    """
    if not await in_transaction(session)("SELECT FROM posts WHERE id = %(id)s AND published", {"id": post_id}):
        raise PostNotFound


def _summary(row: TupleRow) -> PostSummary:
    return PostSummary(**_fields(row))


def read_row(row: TupleRow) -> PostRead:
    """Return the post of a row with the columns `WHOLE`."""
    content, content_html, version, product_ids = row[-4:]
    return PostRead(
        **_fields(row), content=content, content_html=content_html, version=version, product_ids=product_ids
    )


def _fields(row: TupleRow) -> dict[str, Any]:
    post_id, slug, title, excerpt, published, publish_at, published_at, created_at, updated_at, *rest = row
    author_id, first_name, last_name, url, alt, width, height, sizes, tags, translated = rest[:10]
    name = users.public_name(f"{first_name} {last_name}".strip()) if author_id else ""
    return {
        "id": post_id,
        "slug": slug,
        "slugs": slugs.in_each(slug, translated),
        "title": title,
        "excerpt": excerpt,
        "tags": tags,
        "author_id": author_id,
        "author": users.UserPublic(id=author_id, name=name) if author_id else None,
        "image": files.picture(url, alt, width, height, sizes) if url else None,
        "published": published,
        "publish_at": publish_at,
        "published_at": published_at,
        "created_at": created_at,
        "updated_at": updated_at,
    }
