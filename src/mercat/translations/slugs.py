"""Slugs in other languages: unique in each, never given to something else, claimed for any number of things at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat import i18n
from mercat.kit.slugs import is_reachable, slug_of
from mercat.translations.exceptions import SlugTaken
from mercat.translations.kinds import Kind, Slugs
from mercat.translations.sources import digest

ROUNDS = 30
"""How often another transaction may be faster with a number."""
NUMBERS = (20, 200, 2_000)
"""How many numbers are tried behind a slug that others have; then part of a digest of the key follows it."""
CURRENT = "SELECT key, slug FROM translated_slugs WHERE kind = %s AND locale = %s AND key = ANY(%s) AND is_current"
OWNERS = "SELECT slug, key FROM translated_slugs WHERE kind = %s AND locale = ANY(%s) AND slug = ANY(%s)"
# waits for another transaction that is about to take one of them, and then leaves it to that
TAKE = """
INSERT INTO translated_slugs (kind, locale, slug, key, is_current)
SELECT %s, %s, slug, key, false FROM unnest(%s::text[], %s::text[]) AS n(slug, key) ORDER BY slug
ON CONFLICT DO NOTHING
"""
MINE = "SELECT slug, key FROM translated_slugs WHERE kind = %s AND locale = %s AND slug = ANY(%s)"
FORMER = (
    "UPDATE translated_slugs SET is_current = false WHERE kind = %s AND locale = %s AND key = ANY(%s) AND is_current"
)
NOW = "UPDATE translated_slugs SET is_current = true WHERE kind = %s AND locale = %s AND slug = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Claim:
    """A slug that a thing shall have: one that was asked for, or one made of a text."""

    key: str
    asked: str | None
    text: str


async def current(
    connection: AsyncConnection[TupleRow], kind: Kind, keys: Sequence[str], locale: str
) -> dict[str, str]:
    """Return the slugs that things have in a language, by key."""
    if kind.slugs is None:
        return {}
    rows = await connection.execute(CURRENT, (kind.name, locale, list(keys)))
    return {key: slug async for key, slug in rows}


async def claim(
    connection: AsyncConnection[TupleRow], kind: Kind, rule: Slugs, locale: str, claims: Sequence[Claim]
) -> dict[str, str]:
    """Give things their slugs in a language; returns them by key. The caller has locked their translations.

    What is asked for is given or refused; others get a number behind it where it is taken.

    Raises:
        SlugTaken: something else has, or had, a slug that was asked for.
    """
    given: dict[str, str] = {}
    waiting = {one.key: one for one in claims}
    for attempt in range(ROUNDS):
        if not waiting:
            break
        chosen = await _choose(connection, kind, rule, locale, list(waiting.values()), attempt)
        slugs, keys = list(chosen.values()), list(chosen)
        await connection.execute(TAKE, (kind.name, locale, slugs, keys))
        owners = {slug: key async for slug, key in await connection.execute(MINE, (kind.name, locale, slugs))}
        for key, slug in chosen.items():
            if owners[slug] == key:
                given[key] = slug
                del waiting[key]
            elif waiting[key].asked:  # another transaction was faster
                raise SlugTaken
    if waiting:
        raise SlugTaken
    await connection.execute(FORMER, (kind.name, locale, list(given)))
    await connection.execute(NOW, (kind.name, locale, list(given.values())))
    return given


async def _choose(
    connection: AsyncConnection[TupleRow], kind: Kind, rule: Slugs, locale: str, claims: Sequence[Claim], attempt: int
) -> dict[str, str]:
    """Return a slug for each claim that nothing else has as far as can be seen."""
    bases = {one.key: one.asked or slug_of(one.text, rule.instead) for one in claims}
    wanted: dict[str, int] = defaultdict(int)
    for base in bases.values():
        wanted[base] += 1
    numbers = {base: count + NUMBERS[min(attempt, len(NUMBERS) - 1)] for base, count in wanted.items()}
    candidates = sorted({slug for base, most in numbers.items() for slug in _numbered(base, most)})
    owners = await _owners(connection, kind, rule, locale, candidates)
    chosen: dict[str, str] = {}
    used: set[str] = set()
    for one in claims:
        base = bases[one.key]

        def is_free(slug: str, key: str = one.key) -> bool:
            return slug not in used and owners.get(slug, {key}) == {key} and is_reachable(slug, rule.reserved)

        if one.asked is not None:
            if not is_free(base):
                raise SlugTaken
            slug: str | None = base
        else:
            slug = next((slug for slug in _numbered(base, numbers[base]) if is_free(slug)), None)
            if slug is None and attempt >= len(NUMBERS) - 1:
                slug = f"{base}-{digest(one.key)[:12]}"
        if slug is not None:
            chosen[one.key] = slug
            used.add(slug)
    return chosen


async def _owners(
    connection: AsyncConnection[TupleRow], kind: Kind, rule: Slugs, locale: str, candidates: Sequence[str]
) -> Mapping[str, set[str]]:
    """Return which things have, or had, these slugs where a reader of the language would look for one."""
    related = [
        locale,
        *(one for one in i18n.content_locales() if locale in i18n.fallbacks(one)),
        *i18n.fallbacks(locale),
    ]
    found: dict[str, set[str]] = defaultdict(set)
    async for slug, key in await connection.execute(OWNERS, (kind.name, related, list(candidates))):
        found[slug].add(key)
    async for slug, key in await connection.execute(rule.taken, (list(candidates),)):
        found[slug].add(key)
    return found


def _numbered(base: str, most: int) -> Iterator[str]:
    yield base
    for number in range(2, most + 1):
        yield f"{base}-{number}"
