"""How words become the lexemes of a `tsvector`, and queries a `tsquery`.

A word stands in the vector as it is, with its positions, for phrases. Besides, coded by the parts that it stands in,
so that the index alone tells how well a document matches; see `levels`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mercat.search.documents import Document
from mercat.search.levels import ABOUT, ANY, EXACT, FACET, NAME, forms_of, levels_of
from mercat.search.text import Analyzer, Phrase, Query, Word

MOST_POSITIONS = 16_383
"""Of a `tsvector`: words beyond have this one."""
GAP = 10
"""Positions between two parts, so that no phrase reaches over."""


def vector_of(document: Document, facets: Iterable[int], analyzer: Analyzer) -> str:
    """Return a document's words and facets as the text of a `tsvector`."""
    positions: dict[str, list[int]] = defaultdict(list)
    coded: set[str] = {f"{FACET}{facet}" for facet in facets}
    position = 1
    for codes, words in (
        ((NAME, ABOUT, ANY), document.name),
        ((ABOUT, ANY), document.about),
        ((ANY,), document.text),
    ):
        for spellings in words:
            for word in spellings:
                positions[word].append(min(position, MOST_POSITIONS))
            coded.update(code + stem for stem in analyzer.stems(spellings) for code in codes)
            if NAME in codes:
                coded.update(EXACT + word for word in spellings)
            position += 1
        position += GAP
    for part in document.codes:
        coded.add(ANY + analyzer.stem(part))  # no better: a part of a SKU may look like a word
        positions.setdefault(part, [])
    placed = (
        f"{quoted(word)}:{','.join(map(str, at[:255]))}" if at else quoted(word) for word, at in positions.items()
    )
    return " ".join([*placed, *map(quoted, sorted(coded))])


def quoted(lexeme: str) -> str:
    """Return a lexeme as it is written in a `tsvector` or `tsquery`."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Match:
    """A level of a match: its score, and the `tsquery` of all that match so."""

    score: float
    found: str
    terms: tuple[tuple[str, ...], ...]
    """Of which terms all of them have one each, which tells how many they are; none if that is not known."""


def scored(query: Query) -> Iterator[Match]:
    """Yield the levels of a match, the best first; see `levels_of`."""
    last = ""
    for level in levels_of(query):
        wanted = _all(level.query, level.code)
        if level.some:
            wanted = f"{wanted} & ({_any(level.query, level.some)})"
        if wanted != last:
            yield Match(level.score, wanted, _terms(level.query, level.code))
        last = wanted


def found_by(query: Query) -> str:
    """Return the `tsquery` of all that a query finds."""
    return _all(query, ANY)


def only_term(query: Query) -> str | None:
    """Return the one term that a query is: a single word of a single stem; None if it is more than that."""
    if query.phrases or query.excluded or query.excluded_phrases or len(query.groups) != 1:
        return None
    [group] = query.groups
    stems = {stem for words in group for stem in words[0].stems}
    return ANY + stems.pop() if len(stems) == 1 and all(len(words) == 1 for words in group) else None


def facets_of(groups: Iterable[Iterable[int]]) -> str:
    """Return the `tsquery` of documents with any of the values of each group."""
    return " & ".join("(" + " | ".join(quoted(f"{FACET}{facet}") for facet in group) + ")" for group in groups)


def _all(query: Query, code: str) -> str:
    parts = ["(" + " | ".join(_alternative(words, code) for words in group) + ")" for group in query.groups]
    parts += [_phrase(phrase) for phrase in query.phrases]
    parts += ["!" + _word(word, ANY) for word in query.excluded]
    parts += ["!" + _phrase(phrase) for phrase in query.excluded_phrases]
    return " & ".join(parts)


def _terms(query: Query, code: str) -> tuple[tuple[str, ...], ...]:
    """Return of which terms all that is found has one each, if words need not follow each other."""
    if query.phrases or any(len(words) > 1 for group in query.groups for words in group):
        return ()
    return tuple(tuple(form for words in group for form in forms_of(words[0], code)) for group in query.groups)


def _any(query: Query, code: str) -> str:
    return " | ".join(_word(word, code) for group in query.groups for words in group for word in words)


def _alternative(words: tuple[Word, ...], code: str) -> str:
    return "(" + " & ".join(_word(word, code) for word in words) + ")"


def _word(word: Word, code: str) -> str:
    return "(" + " | ".join(map(quoted, forms_of(word, code))) + ")"


def _phrase(phrase: Phrase) -> str:
    return "(" + " <-> ".join("(" + " | ".join(map(quoted, word)) + ")" for word in phrase.words) + ")"
