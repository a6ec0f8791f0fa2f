"""Languages that products are searched in: those of the marketplace, each as soon as all its documents are there."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n
from mercat.kit.database import Reads, driver

IS_SEARCHED = "SELECT FROM searched_locales WHERE locale = %s"
KNOWN = "SELECT locale FROM searched_locales"
KEEP = "INSERT INTO searched_locales (locale) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
FORGET = tuple(
    f"DELETE FROM {table} WHERE locale <> ALL(%s)"  # noqa: S608 - our own tables
    for table in ("searched_locales", "search_kept_terms", "search_counts", "search_documents", "search_lexemes")
)


async def searched(reads: Reads, locale: str) -> str:
    """Return the language whose documents answer those who read in one: the source's until its own are all there."""
    source = i18n.source_locale()
    if locale == source or await reads.row(IS_SEARCHED, (locale,)) is not None:
        return locale
    return source


async def need_documents(session: AsyncSession) -> bool:
    """Whether documents were last all written in other languages than those of today."""
    known = await (await (await driver(session)).execute(KNOWN)).fetchall()
    return {row[0] for row in known} != set(_kept())


async def note_documents(session: AsyncSession) -> None:
    """Note that all documents are there in the languages of today, and forget those of others."""
    connection = await driver(session)
    await connection.execute("SET LOCAL statement_timeout = 0")  # a language that goes has as many documents as any
    for forget in FORGET:
        await connection.execute(forget, (list(i18n.content_locales()),))
    await connection.execute(KEEP, (list(_kept()),))


def _kept() -> Sequence[str]:
    """Return the languages that somebody asks about: the source answers in any case."""
    return i18n.content_locales()[1:]
