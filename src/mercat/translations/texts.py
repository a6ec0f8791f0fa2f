"""Reading texts in other languages, in batches: one statement for any number of things in all languages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat import i18n
from mercat.kit.database import Reads
from mercat.translations.sources import digest

TEXTS = """
SELECT t.kind, t.key, t.locale, t.texts
FROM translations t JOIN unnest(%s::text[], %s::text[]) AS wanted(kind, key) USING (kind, key)
WHERE t.locale = ANY(%s)
"""
FOR_READERS = """
SELECT t.kind, t.key, t.locale, (t.texts || t.made) - %s::text[], t.sources
FROM translations t JOIN unnest(%s::text[], %s::text[]) AS wanted(kind, key) USING (kind, key)
WHERE t.locale = ANY(%s)
"""
SLUGS = """
SELECT s.kind, s.key, s.locale, s.slug
FROM translated_slugs s JOIN unnest(%s::text[], %s::text[]) AS wanted(kind, key) USING (kind, key)
WHERE s.is_current AND s.locale = ANY(%s)
"""


class Key(NamedTuple):
    """What has texts: `product` and its id, say."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts that were read, by thing and language, and digests of what they translate."""

    found: Mapping[tuple[str, str, str], Mapping[str, str]] = field(default_factory=dict)
    sources: Mapping[tuple[str, str, str], Mapping[str, str]] = field(default_factory=dict)

    def of(self, thing: Key, locale: str, *, written: Mapping[str, str] | None = None) -> Mapping[str, str]:
        """Return a thing's texts for readers of a language, by field.

        The nearest language wins, field by field: `de-AT`, then `de`. What is in neither is not there: it is shown as
        it was written. With `written`, the source of now, what translates another text is not there either.
        """
        texts: dict[str, str] = {}
        digests = None if written is None else {name: digest(text) for name, text in written.items()}
        for nearer in reversed(i18n.fallbacks(locale)[:-1]):
            some = self.found.get((*thing, nearer), {})
            if digests is not None:
                sources = self.sources.get((*thing, nearer), {})
                fitting = {name for name, of in digests.items() if sources.get(name) == of}
                some = {name: text for name, text in some.items() if name.partition(".")[0] in fitting}
            texts |= some
        return texts


NOTHING = Texts()
"""As if nothing had been translated."""


async def load(connection: AsyncConnection[TupleRow], things: Collection[Key]) -> Texts:
    """Read the texts of things in all languages of the marketplace but that which they are written in.

    The current slug of a language is among them, as `slug`. Two statements, none where there is one language.
    """
    locales = list(i18n.content_locales()[1:])
    if not locales or not things:
        return NOTHING
    kinds, keys = [thing.kind for thing in things], [thing.key for thing in things]
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    async for kind, key, locale, texts in await connection.execute(TEXTS, (kinds, keys, locales)):
        found[kind, key, locale] = texts
    async for kind, key, locale, slug in await connection.execute(SLUGS, (kinds, keys, locales)):
        found.setdefault((kind, key, locale), {})["slug"] = slug
    return Texts(found)


async def load_for_readers(
    reads: Reads, things: Collection[Key], locale: str, *, without: Collection[str] = ()
) -> Texts:
    """Read the texts of things that readers of one language see, and what is made of them, without slugs.

    Fields in `without` stay where they are: the long ones, for a list. One statement, or none.
    """
    wanted = _for_readers(things, locale, without)
    return NOTHING if wanted is None else _read(await reads.rows(FOR_READERS, wanted))


async def load_in_transaction(
    connection: AsyncConnection[TupleRow], things: Collection[Key], locale: str, *, without: Collection[str] = ()
) -> Texts:
    """Read the same as `load_for_readers` in a transaction: for what is frozen, or shown beside what is locked."""
    wanted = _for_readers(things, locale, without)
    return NOTHING if wanted is None else _read(await (await connection.execute(FOR_READERS, wanted)).fetchall())


def _for_readers(things: Collection[Key], locale: str, without: Collection[str]) -> tuple[list[str], ...] | None:
    """Return the parameters of `FOR_READERS`; None if there is nothing to ask for."""
    chain = i18n.fallbacks(locale)[:-1]
    if not chain or not things:
        return None
    return list(without), [thing.kind for thing in things], [thing.key for thing in things], list(chain)


def _read(rows: Collection[TupleRow]) -> Texts:
    return Texts({tuple(row[:3]): row[3] for row in rows}, {tuple(row[:3]): row[4] for row in rows})
