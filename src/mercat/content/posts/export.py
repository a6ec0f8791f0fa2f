"""Posts as a file: NDJSON for programs, CSV for spreadsheets."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mercat.auth import Actor
from mercat.content.posts import queries
from mercat.content.posts.schemas import PostFilter, PostRead
from mercat.content.writers import may_moderate
from mercat.kit.database import Database
from mercat.kit.spreadsheets import csv_lines, neutral

BATCH = 50
"""Posts that are held in memory at a time; each has at most fifty thousand letters."""
COLUMNS = (
    "id", "slug", "title", "author_id", "author", "tags", "published", "publish_at", "published_at", "created_at",
    "updated_at", "image", "content",
)  # fmt: skip


class Format(StrEnum):
    """What a file can be."""

    ndjson = "ndjson"
    csv = "csv"


class PostExport(PostFilter):
    """Which posts, in which kind of file."""

    published: bool | None = None
    """Only published posts, or only drafts that one may see; left out, both."""
    format: Format = Format.ndjson
    """`ndjson`, one post as its address shows it a line; or `csv` with a column for each field."""


@dataclass(frozen=True, slots=True)
class Written:
    """How posts become a file."""

    media_type: str
    head: str
    lines: Callable[[Sequence[PostRead]], str]


async def chunks(database: Database, actor: Actor, wanted: PostExport) -> AsyncGenerator[bytes, None]:
    """Yield the file, the oldest post first: a batch at a time, of one moment."""
    written = FORMATS[wanted.format]
    where, params = _conditions(wanted, actor)
    statement = f"SELECT {queries.WHOLE} {queries.FROM} WHERE {where} ORDER BY p.created_at, p.id"
    head = written.head
    async with database.streaming() as connection, connection.cursor("exported_posts") as cursor:
        await cursor.execute(statement, params)
        while rows := await cursor.fetchmany(BATCH):
            yield (head + written.lines([queries.read_row(row) for row in rows])).encode()
            head = ""
        if head:
            yield head.encode()


def _conditions(wanted: PostExport, actor: Actor) -> tuple[str, dict[str, Any]]:
    visible = "true" if may_moderate(actor) else "(p.published OR p.author_id = %(reader)s)"
    if wanted.published is not None:
        visible += " AND p.published" if wanted.published else " AND NOT p.published"
    return queries.narrowed(wanted, visible, {"reader": actor.user_id})


def _cells(post: PostRead) -> list[str]:
    plain = post.model_dump(mode="json", include={*COLUMNS} - {"author", "tags", "image", "published"})
    cells = {
        **plain,
        "author": post.author.name if post.author else "",
        "tags": ", ".join(post.tags),
        "published": "true" if post.published else "false",
        "image": post.image.url if post.image else "",
    }
    return [neutral(str(cells[name] or "")) for name in COLUMNS]


FORMATS: Mapping[Format, Written] = {
    Format.ndjson: Written(
        "application/x-ndjson", "", lambda posts: "".join([f"{post.model_dump_json()}\n" for post in posts])
    ),
    Format.csv: Written(
        "text/csv", "".join(csv_lines([COLUMNS])), lambda posts: "".join(csv_lines(map(_cells, posts)))
    ),
}
