"""Words that German and its neighbours write as one: `Kanne` finds `Teekanne`, and so do `Tee Kanne` and the other way.

There is no dictionary: the words of the catalogue are. What a compound begins or ends with must be one of them, or be
long enough not to stand there by chance.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from mercat.kit.database import Reads
from mercat.search.text import Analyzer, Query, Word

LANGUAGES = {"da", "de", "fi", "hu", "nb", "nl", "no", "sv"}
LINKS = ("", "s", "n", "en", "es", "er", "e")
"""What stands between two parts of a compound: `Geburt-s-tag`."""
ENDINGS = ("", "e", "n", "en", "er", "s")
"""Forms of a typed word that a compound may end with."""
HEADS = ("", "en", "e", "n")
"""Forms that a word may have where it stands alone: what is `Schreib-` in a compound is `Schreiben`."""
SHORTEST_PART = 3
SAFE_ENDING, SAFE_BEGINNING = 5, 6
"""Letters of an ending or a beginning from which a word that has it is a compound, whatever the rest is."""
MOST = 20
# both are ranges of an index; a beginning is looked at by its frequency
COMPOUNDS = """
SELECT w.typed, l.lexeme FROM unnest(%(typed)s::text[], %(forms)s::text[]) AS w(typed, form)
CROSS JOIN LATERAL (
    (SELECT s.lexeme FROM search_lexemes s WHERE s.locale = %(locale)s AND s.is_word
     AND reverse(s.lexeme) >= reverse(w.form) COLLATE "C"
     AND reverse(s.lexeme) < (reverse(w.form) || %(last)s) COLLATE "C"
     ORDER BY s.documents DESC, s.lexeme LIMIT %(most)s)
    UNION
    (SELECT s.lexeme FROM search_lexemes s WHERE s.locale = %(locale)s AND s.is_word
     AND s.lexeme >= w.form COLLATE "C" AND s.lexeme < (w.form || %(last)s) COLLATE "C"
     ORDER BY s.documents DESC, s.lexeme LIMIT %(most)s)
) l WHERE l.lexeme <> w.form
"""
KNOWN = "SELECT lexeme FROM search_lexemes WHERE locale = %s AND is_word AND lexeme = ANY(%s)"
LAST = "\U0010ffff"


async def with_compounds(reads: Reads, query: Query, analyzer: Analyzer) -> Query:
    """Return a query whose words also find the compounds that they are in, and compounds their parts.

    Two statements, for languages that write so. What was typed is the better match, as with synonyms.
    """
    if analyzer.locale.partition("-")[0] not in LANGUAGES or not query.groups:
        return query
    typed = {words[0].written: words[0] for group in query.groups for words in group if _is_one(words)}
    forms = {word: _forms(one) for word, one in typed.items() if len(word) >= SHORTEST_PART and word.isalpha()}
    if not forms:
        return query
    pairs = [(word, form) for word, some in forms.items() for form in some]
    asked = {"typed": [one for one, _ in pairs], "forms": [one for _, one in pairs], "locale": analyzer.locale}
    found: dict[str, set[str]] = defaultdict(set)
    for word, lexeme in await reads.rows(COMPOUNDS, {**asked, "last": LAST, "most": MOST}):
        found[word].add(lexeme)
    splits = {word: list(_splits(word)) for word in forms}
    rests = {rest for word, some in found.items() for lexeme in some for rest in _rests(lexeme, forms[word])}
    parts = {part for some in splits.values() for pair in some for part in pair}
    known = {row[0] for row in await reads.rows(KNOWN, (analyzer.locale, sorted(rests | parts)))}
    added = {
        word: (*_containing(found[word], forms[word], known), *([pair] if (pair := _best(splits[word], known)) else []))
        for word in forms
    }
    return _expanded(query, added, analyzer)


def _is_one(words: tuple[Word, ...]) -> bool:
    return len(words) == 1 and not words[0].is_synonym


def _forms(word: Word) -> set[str]:
    """Return what compounds may begin or end with that have a word in them."""
    return {*word.spellings, *(stem + ending for stem in word.stems for ending in ENDINGS)}


def _splits(word: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to take a word apart in two, without what links them."""
    for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        head, tail = word[:place], word[place:]
        for link in LINKS:
            if head.endswith(link) and len(head) - len(link) >= SHORTEST_PART:
                yield from ((head.removesuffix(link) + form, tail) for form in HEADS)


def _rests(lexeme: str, forms: Collection[str]) -> set[str]:
    """Return what stands before or behind a word in a compound."""
    rests: set[str] = set()
    for form in forms:
        if lexeme.endswith(form):
            rests |= {lexeme[: -len(form)].removesuffix(link) for link in LINKS}
        if lexeme.startswith(form):
            rests |= {lexeme[len(form) :].removeprefix(link) for link in LINKS}
    return {rest for rest in rests if len(rest) >= SHORTEST_PART}


def _containing(lexemes: Collection[str], forms: Collection[str], known: Collection[str]) -> list[tuple[str, ...]]:
    """Return the compounds among words that begin or end like another one."""
    return [
        (lexeme,)
        for lexeme in sorted(lexemes)
        if any(_is_surely_in(form, lexeme) for form in forms) or not _rests(lexeme, forms).isdisjoint(known)
    ]


def _is_surely_in(form: str, lexeme: str) -> bool:
    """Whether a word is so long that a longer one which ends or begins with it is a compound of it."""
    if len(lexeme) - len(form) < SHORTEST_PART:
        return False
    return (len(form) >= SAFE_ENDING and lexeme.endswith(form)) or (
        len(form) >= SAFE_BEGINNING and lexeme.startswith(form)
    )


def _best(splits: Collection[tuple[str, str]], known: Collection[str]) -> tuple[str, str] | None:
    """Return the two words that a compound is made of, the longest head first; None if it is none."""
    both = [pair for pair in splits if pair[0] in known and pair[1] in known]
    return max(both, key=lambda pair: len(pair[0]), default=None)


def _expanded(query: Query, added: Mapping[str, tuple[tuple[str, ...], ...]], analyzer: Analyzer) -> Query:
    groups = []
    for group in query.groups:
        known = {tuple(word.written for word in words) for words in group}
        more = [
            tuple(Word(part, (part,), (analyzer.stem(part),), is_synonym=True) for part in parts)
            for words in group
            if _is_one(words)
            for parts in added.get(words[0].written, ())
            if parts not in known
        ]
        groups.append((*group, *more))
    return replace(query, groups=tuple(groups))
