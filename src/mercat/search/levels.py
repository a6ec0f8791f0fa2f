"""How well a document matches: by where the words of a query stand in it. The same for every engine.

Documents hold each word coded by the parts that it stands in, and levels ask for these codes: `n=` a word of the name,
`n~` its stem, `a~` a stem of the name or of what is said about the product, `~` a stem of any part; `#` a facet's
value, by its number. No word contains these signs.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mercat.search.config import settings
from mercat.search.text import Query, Spellings, Word

EXACT, NAME, ABOUT, ANY = "n=", "n~", "a~", "~"
FACET = "#"


@dataclass(frozen=True, slots=True)
class Level:
    """All groups of a query are found by their words in `code`, and at least one word in `some` if that is given."""

    query: Query
    """What is asked for: the query itself, or what was typed of it, without synonyms."""
    code: str
    some: str
    score: float
    """Of a document that matches so, before its popularity is added."""


def levels_of(query: Query) -> Iterator[Level]:
    """Yield how well a document may match. One that matches on several levels has the best score of them.

    A document that matches on any level matches on the last one: that is all that is found.
    """
    weights = settings()
    name, about, text = weights.search_weight_name, weights.search_weight_about, weights.search_weight_text
    exact, typed = weights.search_weight_exact, query.typed
    yield Level(typed, EXACT, "", name + exact)
    yield Level(typed, NAME, "", name)
    if typed != query:
        yield Level(query, NAME, "", max(name - exact, 0.0))
    if len(query.groups) > 1:
        yield Level(query, ABOUT, NAME, (name + about) / 2)
    yield Level(query, ABOUT, "", about)
    if len(query.groups) > 1:
        yield Level(query, ANY, NAME, (name + text) / 2)
    yield Level(query, ANY, "", text)


def forms_of(word: Word, code: str) -> Spellings:
    """Return the coded terms of which a document must have one, to have a word there."""
    return tuple(code + form for form in (word.spellings if code == EXACT else word.stems))
