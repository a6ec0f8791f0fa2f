"""Synonyms and rules as this process holds them: all of them, since there are few, until their version has changed.

A change of this process is in effect at once, one of another process within a second.
"""

import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from weakref import WeakKeyDictionary

from mercat.kit import clock
from mercat.kit.database import Reads
from mercat.search.curation import version
from mercat.search.curation.rules import Kind, Redirect, Rule, Rules
from mercat.search.curation.synonyms import Entry, Synonyms
from mercat.search.text import analyzer

SECONDS = 1.0
"""How long the version is taken for the current one."""
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
    changes_at: Sequence[datetime] = ()
    """When a rule begins or ends, upward."""
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

    @property
    def edition(self) -> str:
        """The version, and how many rules have begun and ended in it: answers of two editions may differ."""
        return f"{self.version}.{bisect_right(self.changes_at, clock.now())}"


@dataclass(slots=True)
class _Kept:
    curation: Curation
    checked_at: float
    changes: int


_kept: WeakKeyDictionary[Reads, _Kept] = WeakKeyDictionary()


async def current(reads: Reads) -> Curation:
    """Return what is in effect now; on a replica as of that."""
    kept, now, changes = _kept.get(reads), time.monotonic(), version.changes
    if kept is not None and kept.changes == changes and now < kept.checked_at + SECONDS:
        return kept.curation
    found = await reads.row(VERSION)
    number = found[0] if found else 0
    curation = kept.curation if kept is not None and kept.curation.version == number else await _read(reads, number)
    _kept[reads] = _Kept(curation, now, changes)
    return curation


async def _read(reads: Reads, number: int) -> Curation:
    # after the version: what is newer than it is read again, and nothing older is kept
    entries = [(row[0], Entry(tuple(row[1]), tuple(row[2]))) for row in await reads.rows(SYNONYMS)]
    rules = [(row[0], _rule(*row[1:])) for row in await reads.rows(RULES)]
    changes_at = sorted(moment for _, rule in rules for moment in (rule.starts_at, rule.ends_at) if moment is not None)
    return Curation(number, entries, rules, changes_at)


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
