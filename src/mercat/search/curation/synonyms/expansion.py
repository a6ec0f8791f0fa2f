"""Queries and the synonyms of their words: each group of a query gets what means the same as further alternatives.

Words are compared by their stems, so that plural, accents and capitals agree. What was added is not expanded again:
there are no chains, and so no endless ones. Of terms that overlap the longest one counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from mercat.search.text import Analyzer, Query, Word, closest, terms_of

Alternative = tuple[Word, ...]
Group = tuple[Alternative, ...]
MOST_ADDED = 40
"""Alternatives that synonyms add to a query."""
MOST_JOINED = 8
"""Ways to read neighbouring groups as one term."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Terms that mean the same, or with `finds` terms that find these, too."""

    terms: tuple[str, ...]
    finds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring groups of a query as they were typed, and the one that they have become."""

    typed: tuple[Group, ...]
    group: Group


class Synonyms:
    """The synonyms of a locale."""

    def __init__(self, entries: Iterable[Entry], analyzer: Analyzer) -> None:
        self._terms: dict[str, list[tuple[Alternative, Group]]] = defaultdict(list)
        self._longest = 0
        self._words: set[str] = set()
        for entry in entries:
            ways = {term: terms_of(term, analyzer) for term in (*entry.terms, *entry.finds)}
            for term in entry.terms:
                others = entry.finds or [other for other in entry.terms if other != term]
                found = tuple(_added(words) for other in others for words in ways[other])
                for words in ways[term]:
                    self._add(words, found)

    def _add(self, words: Alternative, found: Group) -> None:
        self._longest = max(self._longest, len(words))
        for stem in words[0].stems:
            self._terms[stem].append((words, found))
        if len(words) == 1:
            self._words.add(words[0].written)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._terms)

    def expand(self, query: Query) -> Query:
        """Return a query that finds synonyms as well. Phrases and what is excluded are meant as they were typed."""
        if not self._terms:
            return query
        return replace(query, groups=tuple(span.group for span in self.spans(query.groups)))

    def spans(self, groups: Sequence[Group]) -> Sequence[Span]:
        """Return the groups of a query with their synonyms; neighbours that are one term have become one group."""
        spans: list[Span] = []
        place, room = 0, MOST_ADDED
        while place < len(groups):
            span, added = self._span(groups[place : place + max(self._longest, 1)], room)
            spans.append(span)
            room -= added
            place += len(span.typed)
        return spans

    def _span(self, groups: Sequence[Group], room: int) -> tuple[Span, int]:
        """Return the longest beginning of these groups that has synonyms, else the first group; and how many it has."""
        for length in range(len(groups), 0, -1):
            typed = tuple(groups[:length])
            joined = _joined(typed)
            if added := self._found(joined, room):
                return Span(typed, joined + added), len(added)
        return Span((groups[0],), groups[0]), 0

    def closest(self, word: str) -> str | None:
        """Return the word with synonyms that was meant by one that is a slip away."""
        found = closest(word, [(known, 1) for known in self._words])
        return found[0] if found else None

    def _found(self, alternatives: Group, room: int) -> Group:
        known = {_key(words) for words in alternatives}
        added: list[Alternative] = []
        for words in alternatives:
            for stem in words[0].stems:
                for term, found in self._terms.get(stem, ()):
                    for other in found if _same(term, words) else ():
                        if _key(other) not in known:
                            known.add(_key(other))
                            added.append(other)
        return tuple(added[:room])


def _added(words: Alternative) -> Alternative:
    return tuple(replace(word, is_synonym=True) for word in words)


def _joined(groups: tuple[Group, ...]) -> Group:
    """Return the alternatives of several groups as those of one, or nothing if there are too many."""
    if len(groups) == 1:
        return groups[0]
    ways = 1
    for group in groups:
        ways *= len(group)
    if ways > MOST_JOINED:
        return ()
    return tuple(tuple(word for words in chosen for word in words) for chosen in product(*groups))


def _same(term: Alternative, words: Alternative) -> bool:
    return len(term) == len(words) and all(
        not set(one.stems).isdisjoint(other.stems) for one, other in zip(term, words, strict=True)
    )


def _key(words: Alternative) -> tuple[str, ...]:
    return tuple(word.written for word in words)
