"""Folding: one spelling for what people write with and without accents, capitals and ligatures."""

import re
import unicodedata
from functools import lru_cache

MARKS = re.compile("[\u0300-\u036f\u064b-\u0652\u0670]+")
"""Accents of Latin, Greek and Cyrillic letters, and the vowel signs that Arabic mostly leaves out. Marks of other
scripts make another letter, and stay."""
ALEF = re.compile("\u0627[\u0653-\u0655]")
"""The Arabic alef with a hamza or madda, which many leave out, as it is decomposed."""
ARTICLE = "\u0627\u0644"
LONGEST_ARTICLED = 4
"""Letters of a word that may begin like the article by chance."""
LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "\u0131": "i", "ŧ": "t"}
)
"""Letters that no decomposition takes apart."""
TRANSLITERATED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
"""What people write where a keyboard has no such letter."""
LONGEST = 64
"""Characters of a word that count; a longer one is cut."""


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return a word without capitals, accents and ligatures: `Crème` is `creme`, `Straße` is `strasse`."""
    if word.isascii():
        return word.lower()[:LONGEST]
    decomposed = unicodedata.normalize("NFKD", word).casefold()
    return unicodedata.normalize("NFC", ALEF.sub("\u0627", MARKS.sub("", decomposed)).translate(LETTERS))[:LONGEST]


@lru_cache(maxsize=20_000)
def forms_of(word: str) -> tuple[str, ...]:
    """Return the spellings that a word is found by: folded, and transliterated if that differs.

    `Grün` is found by `grun` and by `gruen`; an Arabic word also without the article that is written together with it.
    """
    folded = fold(word)
    if word.isascii():
        return (folded,)
    if folded.startswith(ARTICLE) and len(folded) > LONGEST_ARTICLED:
        return folded, folded.removeprefix(ARTICLE)
    lower = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word).casefold())
    other = fold(lower.translate(TRANSLITERATED))
    return (folded,) if other == folded else (folded, other)
