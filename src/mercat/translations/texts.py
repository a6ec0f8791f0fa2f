"""Reading texts in other languages, in batches: one statement for any number of things in all languages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat import i18n
from mercat.kit.database import Reads

TEXTS = """
SELECT t.kind, t.key, t.locale, t.texts
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
    """Texts that were read, by thing and language."""

    found: Mapping[tuple[str, str, str], Mapping[str, str]] = field(default_factory=dict)

    def of(self, thing: Key, locale: str) -> Mapping[str, str]:
        """Return a thing's texts for readers of a language, by field.

        The nearest language wins, field by field: `de-AT`, then `de`. What is in neither is not there: it is shown as
        it was written.
        """
        texts: dict[str, str] = {}
        for nearer in reversed(i18n.fallbacks(locale)[:-1]):
            texts |= self.found.get((*thing, nearer), {})
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


async def load_for_readers(reads: Reads, things: Collection[Key], locale: str) -> Texts:
    """Read the texts of things that readers of one language see, without slugs. One statement, or none."""
    chain = i18n.fallbacks(locale)[:-1]
    if not chain or not things:
        return NOTHING
    rows = await reads.rows(TEXTS, ([thing.kind for thing in things], [thing.key for thing in things], list(chain)))
    return Texts({(kind, key, nearer): texts for kind, key, nearer, texts in rows})
