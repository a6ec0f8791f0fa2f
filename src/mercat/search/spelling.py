"""What was meant by words that are in no product: the words of the catalogue that begin so, or that are a slip away."""

from dataclasses import dataclass, replace

from mercat.kit.database import Reads
from mercat.search.curation import Synonyms
from mercat.search.engine import Engine, Filters, Request
from mercat.search.postgresql.vocabulary import beginning_with, meant_by
from mercat.search.text import Analyzer, Query, Word, analyzer

SHORTEST_BEGINNING = 3
"""Characters of a word that is taken for the beginning of another."""
MOST_COMPLETED = 20
"""Words that a beginning stands for."""

Group = tuple[tuple[Word, ...], ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A query with other words in it, and how it would have been typed."""

    query: Query
    text: str


async def corrected(engine: Engine, reads: Reads, request: Request, synonyms: Synonyms) -> Corrected | None:
    """Return a query of words that are found, or None if all of them are, or nothing is close to any that is not.

    A word that nothing is close to stays as it is. Neither the request nor what is returned has synonyms in it; what
    they find is found.
    """

    async def finds(group: Group) -> bool:
        alone = Request(Query((group,)), request.locale, Filters(), "newest", size=1)
        return bool((await engine.search(alone)).total)

    words = analyzer(request.locale)
    groups: list[Group] = []
    for span in synonyms.spans(request.query.groups):
        found = await finds(span.group)
        for group in span.typed:
            if found or (len(span.typed) > 1 and await finds(group)):
                groups.append(group)
                continue
            other = await _other(reads, group, words, synonyms)
            groups.append(other or group)
    if tuple(groups) == request.query.groups:
        return None
    query = replace(request.query, groups=tuple(groups))
    return Corrected(query, written(query))


def written(query: Query) -> str:
    """Return a query as somebody would type it."""
    parts = [" ".join(word.written for word in group[0]) for group in query.groups]
    parts += [f'"{" ".join(words[0] for words in phrase.words)}"' for phrase in query.phrases]
    parts += [f"-{word.written}" for word in query.excluded]
    parts += [f'-"{" ".join(words[0] for words in phrase.words)}"' for phrase in query.excluded_phrases]
    return " ".join(parts)


async def _other(reads: Reads, group: Group, words: Analyzer, synonyms: Synonyms) -> Group | None:
    """Return a group whose every word is one of the catalogue; of several alternatives the first that can be."""
    for alternative in group:
        found = [await _meant(reads, word, words, synonyms) for word in alternative]
        if all(found):
            if len(found) == 1:
                return tuple((word,) for word in found[0])
            return (tuple(some[0] for some in found),)
    return None


async def _meant(reads: Reads, word: Word, words: Analyzer, synonyms: Synonyms) -> list[Word]:
    for spelling in word.spellings:
        if len(spelling) >= SHORTEST_BEGINNING and (
            found := await beginning_with(reads, words.locale, spelling, MOST_COMPLETED)
        ):
            return [_as_word(one, words) for one in found]
    for spelling in word.spellings:
        if meant := await meant_by(reads, words.locale, spelling):
            return [_as_word(meant[0], words)]
    for spelling in word.spellings:  # what only synonyms know
        if known := synonyms.closest(spelling):
            return [_as_word(known, words)]
    return []


def _as_word(lexeme: str, words: Analyzer) -> Word:
    return Word(lexeme, (lexeme,), (words.stem(lexeme),))
