"""What was typed as it is kept: folded, and only if nothing in it may be about a person."""

import re
import unicodedata

from mercat.search.text import PART, fold, word_runs

MOST_CHARACTERS = 100
MOST_DIGITS = 5
"""More may be a telephone number, a card, or an order's."""
LONGEST_WORD = 32
"""A longer one is no word: a key, say, or a link."""
ORDER_NUMBER = re.compile(r"\bm[-\s#]*\d{5,}", re.IGNORECASE)
ADDRESS = re.compile(r"@|\uff20|\(at\)|\[at\]|https?:|www\.", re.IGNORECASE)


def term_of(typed: str) -> str | None:
    """Return a query as it is counted: words without capitals and accents, and the operators between them.

    None is what is not kept: nothing but punctuation, what looks like an e-mail address, a link, a telephone or order
    number or another long number, and what is longer than anybody searches.
    """
    if ADDRESS.search(typed) or ORDER_NUMBER.search(typed) or sum(map(str.isdigit, typed)) > MOST_DIGITS:
        return None
    parts = []
    for found in PART.finditer(unicodedata.normalize("NFKC", typed)):
        quoted = found["phrase"] is not None
        words = [fold(word) for word in word_runs(found["phrase"] if quoted else found["word"])]
        if any(len(word) >= LONGEST_WORD for word in words):
            return None
        if words:
            text = " ".join(words)
            minus = "-" if found["minus"] else ""
            # of what is excluded together each word is
            parts.append(f'{minus}"{text}"' if quoted else " ".join(f"{minus}{word}" for word in words))
    term = " ".join(parts)
    return term if 0 < len(term) <= MOST_CHARACTERS else None


def beginning_of(typed: str) -> str:
    """Return what was typed so far as the beginning of a term."""
    return " ".join(fold(word) for word in word_runs(typed))
