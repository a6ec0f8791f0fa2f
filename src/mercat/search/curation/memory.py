"""Synonyms and rules as this process holds them: all of them, since there are few, until their version has changed.

A change is in effect at once, of whichever process.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from mercat.kit.database import Reads
from mercat.search.curation import version
from mercat.search.curation.synonyms import Entry, Synonyms
from mercat.search.text import analyzer

SECONDS = 0.0
"""How long the version is taken for the current one: none, since what an old one gave would be cached."""
VERSION = "SELECT version FROM search_curation"
SYNONYMS = "SELECT locale, terms, finds FROM search_synonyms ORDER BY id"


@dataclass(slots=True)
class Curation:
    """What operators have told search, in one version of it."""

    version: int = -1
    entries: Sequence[tuple[str, Entry]] = ()
    _synonyms: dict[str, Synonyms] = field(default_factory=dict)

    def synonyms(self, locale: str) -> Synonyms:
        """Return the synonyms of a locale and of its language, made when first asked for."""
        found = self._synonyms.get(locale)
        if found is None:
            of = {locale, locale.partition("-")[0]}
            found = Synonyms([entry for kept, entry in self.entries if kept in of], analyzer(locale))
            self._synonyms[locale] = found
        return found


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


async def version_of(reads: Reads) -> int:
    """Return the version of what is in effect now: answers of different versions may differ."""
    return (await current(reads)).version


async def _read(reads: Reads, number: int) -> Curation:
    # after the version: what is newer than it is read again, and nothing older is kept
    entries = [(row[0], Entry(tuple(row[1]), tuple(row[2]))) for row in await reads.rows(SYNONYMS)]
    return Curation(number, entries)
