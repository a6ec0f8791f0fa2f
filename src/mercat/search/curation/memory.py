"""Synonyms and rules as this process holds them: all of them, since there are few, until their version has changed.

Each search asks for the version, which is one small row: what is found is never older than the last change, and may be
kept by whoever forgets it when the version changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from weakref import WeakKeyDictionary

from mercat.kit.database import Reads
from mercat.search.curation.rules import Kind, Redirect, Rule, Rules
from mercat.search.curation.synonyms import Entry, Synonyms
from mercat.search.text import analyzer

VERSION = "SELECT version FROM search_curation"
SYNONYMS = "SELECT locale, terms, finds FROM search_synonyms ORDER BY id"
RULES = """
SELECT locale, query, match, pinned, buried, redirect_kind, redirect_to, starts_at, ends_at FROM search_rules
WHERE is_active AND (ends_at IS NULL OR ends_at > now()) ORDER BY id DESC
"""


@dataclass(slots=True)
class Curation:
    """What operators have told search, in one version of it."""

    version: int = -1
    entries: Sequence[tuple[str, Entry]] = ()
    kept_rules: Sequence[tuple[str, Rule]] = ()
    _synonyms: dict[str, Synonyms] = field(default_factory=dict)
    _rules: dict[str, Rules] = field(default_factory=dict)

    def synonyms(self, locale: str) -> Synonyms:
        """Return the synonyms of a locale and of its language, made when first asked for."""
        found = self._synonyms.get(locale)
        if found is None:
            of = {locale, locale.partition("-")[0]}
            found = Synonyms([entry for kept, entry in self.entries if kept in of], analyzer(locale))
            self._synonyms[locale] = found
        return found

    def rules(self, locale: str) -> Rules:
        """Return the rules of a locale and of its language, made when first asked for."""
        found = self._rules.get(locale)
        if found is None:
            of = {locale, locale.partition("-")[0]}
            found = self._rules[locale] = Rules([one for kept, one in self.kept_rules if kept in of], analyzer(locale))
        return found


_kept: WeakKeyDictionary[Reads, Curation] = WeakKeyDictionary()


async def current(reads: Reads) -> Curation:
    """Return what is in effect now; on a replica as of that."""
    found, kept = await reads.row(VERSION), _kept.get(reads)
    number = found[0] if found else 0
    if kept is None or kept.version != number:
        kept = _kept[reads] = await _read(reads, number)
    return kept


async def _read(reads: Reads, number: int) -> Curation:
    # after the version: what is newer than it is read again, and nothing older is kept
    entries = [(row[0], Entry(tuple(row[1]), tuple(row[2]))) for row in await reads.rows(SYNONYMS)]
    rules = [(row[0], _rule(*row[1:])) for row in await reads.rows(RULES)]
    return Curation(number, entries, rules)


def _rule(  # noqa: PLR0913, PLR0917 - the columns of RULES
    query: str,
    match: str,
    pinned: list[UUID],
    buried: list[UUID],
    kind: Kind | None,
    to: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> Rule:
    redirect = Redirect(kind, to) if kind else None
    return Rule(query, match == "exact", tuple(pinned), tuple(buried), redirect, starts_at, ends_at)
