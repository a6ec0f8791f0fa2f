"""What a language adds to words: endings that do not matter, and words that say nothing."""

from collections.abc import Iterator
from functools import cache

import Stemmer

from mercat.search.text.stopwords import STOPWORDS
from mercat.search.text.tokens import Spellings, is_unspaced, words

ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "nb": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""Snowball's algorithm of a language, by its ISO 639-1 code."""


class Analyzer:
    """Words of a locale: how they are split, stemmed, and which of them say nothing.

    Stemming works on folded words, so that `brûlées` and `brulee` meet; digits, and scripts without spaces, stay as
    they are. Not to be shared by threads.
    """

    def __init__(self, locale: str) -> None:
        self.locale = locale
        language = locale.partition("-")[0].lower()
        self._stemmer = Stemmer.Stemmer(ALGORITHMS[language], 20_000) if language in ALGORITHMS else None
        self.stopwords = STOPWORDS.get(language, frozenset())

    def words(self, text: str) -> Iterator[Spellings]:
        """Yield the words of a text in order, each by all spellings that it is found by."""
        return words(text, self.locale)

    def stem(self, word: str) -> str:
        """Return what the forms of a folded word have in common: `mugs` and `mug` are `mug`."""
        if self._stemmer is None or not word.isalpha() or is_unspaced(word):
            return word
        return str(self._stemmer.stemWord(word))

    def stems(self, spellings: Spellings) -> Spellings:
        """Return the stems of a word's spellings, each once."""
        return tuple(dict.fromkeys([self.stem(word) for word in spellings]))


@cache
def analyzer(locale: str) -> Analyzer:
    """Return the analyzer of a locale; one without rules of its own splits and folds only."""
    return Analyzer(locale)
