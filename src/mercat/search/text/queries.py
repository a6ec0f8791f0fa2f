"""What a buyer typed, as words that are wanted, phrases, and what is not wanted."""

import re
from dataclasses import dataclass, field, replace
from itertools import islice, product

from mercat.search.text.analysis import Analyzer
from mercat.search.text.tokens import Spellings, compounds

MOST_WORDS = 16
"""Words of a query that count: nobody types more, and each costs."""
MOST_WAYS = 4
"""Ways to write a term."""
PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
OR = {"or", "|", "oder", "ou"}
"""Between two words: either will do."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is wanted or not: the spellings and stems of which any will do."""

    written: str
    spellings: Spellings
    stems: Spellings
    is_synonym: bool = False
    """Whether it was not typed, but means the same: what was typed is the better match."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other, each by its spellings."""

    words: tuple[Spellings, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A query: every group must be found by one of its alternatives, every phrase, and nothing of what is excluded.

    An alternative is several words where a synonym is; all of them must be found then.
    """

    groups: tuple[tuple[tuple[Word, ...], ...], ...] = ()
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Word, ...] = ()
    excluded_phrases: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is wanted; a query that only excludes finds nothing."""
        return bool(self.groups or self.phrases)

    @property
    def stems(self) -> set[str]:
        """The stems of all words of its groups."""
        return {stem for group in self.groups for words in group for word in words for stem in word.stems}

    @property
    def typed(self) -> "Query":
        """The same without synonyms."""
        if not any(words[0].is_synonym for group in self.groups for words in group):
            return self
        kept = (tuple(words for words in group if not words[0].is_synonym) for group in self.groups)
        return replace(self, groups=tuple(kept))


@dataclass(slots=True)
class _Parsed:
    groups: list[list[tuple[Word, ...]]] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    excluded: list[Word] = field(default_factory=list)
    excluded_phrases: list[Phrase] = field(default_factory=list)
    either: bool = False
    """Whether the next word may stand for the one before."""
    count: int = 0


def parse(text: str, analyzer: Analyzer) -> Query:
    """Read what somebody typed: words, `"phrases"`, `-excluded` ones, and `or` between two.

    Everything else is punctuation: there is no text that is not a query. Words that say nothing are left out if any
    other is there.
    """
    parsed = _Parsed()
    for found in PART.finditer(text):
        if parsed.count >= MOST_WORDS:
            break
        if found["phrase"] is not None:
            _phrase(parsed, found["phrase"], analyzer, excluded=bool(found["minus"]))
        elif found["word"].lower() in OR and parsed.groups and not found["minus"]:
            parsed.either = True
        else:
            _word(parsed, found["word"], analyzer, excluded=bool(found["minus"]))
    groups = [tuple(group) for group in parsed.groups]
    telling = [group for group in groups if not _says_nothing(group, analyzer)]
    return Query(
        tuple(telling if telling or parsed.phrases else groups),
        tuple(parsed.phrases),
        tuple(parsed.excluded),
        tuple(parsed.excluded_phrases),
    )


def terms_of(text: str, analyzer: Analyzer) -> list[tuple[Word, ...]]:
    """Return the words of a term that is no query, so that nothing in it is an operator, in every way to write it.

    `t-shirt` is `t shirt` and `tshirt`. Words that say nothing are left out as of a query.
    """
    ways: list[list[tuple[Word, ...]]] = []
    for compound in compounds(text, analyzer.locale):
        words = tuple(_as_word(spellings, analyzer) for spellings in compound.parts)
        ways.append([words, (_as_word(compound.whole, analyzer),)] if compound.whole else [words])
    telling = [way for way in ways if not _says_nothing(tuple(way), analyzer)]
    found = [tuple(word for words in way for word in words) for way in islice(product(*(telling or ways)), MOST_WAYS)]
    return [words[:MOST_WORDS] for words in found if words]


def _phrase(parsed: _Parsed, text: str, analyzer: Analyzer, *, excluded: bool) -> None:
    words = tuple(analyzer.words(text))[:MOST_WORDS]
    parsed.count += len(words)
    parsed.either = False
    if not words:
        return
    (parsed.excluded_phrases if excluded else parsed.phrases).append(Phrase(words))


def _word(parsed: _Parsed, text: str, analyzer: Analyzer, *, excluded: bool) -> None:
    for compound in compounds(text, analyzer.locale):
        words = tuple(_as_word(spellings, analyzer) for spellings in compound.parts)
        parsed.count += len(words)
        if excluded:
            parsed.excluded += words
            continue
        # a compound is found as one word, too: `t-shirt` by `tshirt`
        group = [words, (_as_word(compound.whole, analyzer),)] if compound.whole else [words]
        if parsed.either:
            parsed.groups[-1] += group
            parsed.either = False
        else:
            parsed.groups.append(group)


def _as_word(spellings: Spellings, analyzer: Analyzer) -> Word:
    return Word(spellings[0], spellings, analyzer.stems(spellings))


def _says_nothing(group: tuple[tuple[Word, ...], ...], analyzer: Analyzer) -> bool:
    return all(len(words) == 1 and words[0].written in analyzer.stopwords for words in group)
