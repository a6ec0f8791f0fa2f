"""Which rules a query meets, and what follows of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from mercat.search.text import Analyzer, Query, terms_of

Kind = Literal["category", "vendor", "product", "path"]
MOST_PINNED = 20
"""Products that stand first, however many rules a query meets."""
MOST_BURIED = 100


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a query leads: to a category, vendor or product by its id, or to a path."""

    kind: Kind
    to: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done about a query, from and to some moment if any is given."""

    query: str
    is_exact: bool
    pinned: tuple[UUID, ...] = ()
    buried: tuple[UUID, ...] = ()
    redirect: Redirect | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def is_running(self, now: datetime) -> bool:
        """Whether it is in effect at a moment."""
        return (self.starts_at is None or self.starts_at <= now) and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows for a query of all rules that it meets."""

    pinned: tuple[UUID, ...] = ()
    buried: tuple[UUID, ...] = ()
    redirect: Redirect | None = None


NO_EFFECT = Effect()


def key_of(query: str, analyzer: Analyzer) -> str:
    """Return the words of a rule in any order and form, as no two rules have them."""
    return " ".join(sorted({word.stems[0] for words in terms_of(query, analyzer)[:1] for word in words}))


@dataclass(frozen=True, slots=True)
class _Known:
    """A rule in one way to write its words, each by its stems."""

    rule: Rule
    words: tuple[frozenset[str], ...]

    def is_met(self, typed: Sequence[frozenset[str]], *, whole: bool) -> bool:
        """Whether what was typed has all its words, and no others if it is exact; `whole`: nothing is excluded."""
        if not all(any(word & one for one in typed) for word in self.words):
            return False
        return not self.rule.is_exact or (whole and all(any(word & one for word in self.words) for one in typed))


class Rules:
    """The rules of a locale. Of several that a query meets those with more words go first, then the exact ones."""

    def __init__(self, rules: Iterable[Rule], analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        known = [
            _Known(rule, tuple(frozenset(word.stems) for word in words))
            for rule in rules
            for words in terms_of(rule.query, analyzer)
        ]
        known.sort(key=lambda one: (-len(one.words), not one.rule.is_exact))
        self._by_stem: dict[str, list[tuple[int, _Known]]] = {}
        for place, one in enumerate(known):
            for stem in one.words[0]:
                self._by_stem.setdefault(stem, []).append((place, one))

    def effect(self, query: Query, now: datetime) -> Effect:
        """Return what follows for a query as it was typed, without synonyms."""
        if not self._by_stem:
            return NO_EFFECT
        typed = self._typed(query)
        asked = {place: one for stems in typed for stem in stems for place, one in self._by_stem.get(stem, ())}
        whole = not (query.excluded or query.excluded_phrases)
        met = [one.rule for _, one in sorted(asked.items(), key=lambda item: item[0]) if one.is_met(typed, whole=whole)]
        running = [rule for rule in met if rule.is_running(now)]
        if not running:
            return NO_EFFECT
        pinned = tuple(dict.fromkeys(one for rule in running for one in rule.pinned))[:MOST_PINNED]
        buried = dict.fromkeys(one for rule in running for one in rule.buried if one not in pinned)
        redirect = next((rule.redirect for rule in running if rule.redirect), None)
        return Effect(pinned, tuple(buried)[:MOST_BURIED], redirect)

    def _typed(self, query: Query) -> list[frozenset[str]]:
        """Return the stems of each word that is wanted, in quotes or not; of alternatives the first."""
        typed = [frozenset(word.stems) for group in query.groups for word in group[0]]
        quoted = (word for phrase in query.phrases for word in phrase.words)
        return typed + [
            frozenset(self._analyzer.stems(word)) for word in quoted if word[0] not in self._analyzer.stopwords
        ]
