"""Splitting a text into words, whatever its script."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from mercat.search.text.folding import forms_of

APOSTROPHE = "['\u2019\u02bc\uff07]"
HYPHEN = "[-\u2010\u2011]"
WORD = re.compile(rf"[^\W_]+(?:(?:{HYPHEN}|{APOSTROPHE})[^\W_]+)*")
"""Letters and digits, with hyphens and apostrophes only between them."""
INVISIBLE = re.compile("[\u00ad\u0640\u064b-\u0652\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
"""Soft hyphens, joiners and marks of direction: pasted along, and never seen. And what Arabic mostly leaves out, its
vowel signs and the line that draws a word out: they would end a word."""
APOSTROPHES = re.compile(APOSTROPHE)
HYPHENS = re.compile(HYPHEN)
ELISION = re.compile(rf"(?i)\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell|nell|sull|all|un){APOSTROPHE}(?=[^\W\d_]{{2}})")
"""An article or pronoun that French, Italian and Catalan write together with the next word."""
ELIDES = {"ca", "fr", "it"}
UNSPACED = re.compile("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]+")
"""Kana and Han: scripts that leave no space between words."""

Spellings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compound:
    """What stands between two spaces: its words in order, and the spellings of all of them written as one."""

    parts: tuple[Spellings, ...]
    whole: Spellings = ()


def compounds(text: str, locale: str = "") -> Iterator[Compound]:
    """Yield what stands between spaces, taken apart at hyphens: `half-dipped` is two words, and `halfdipped`.

    An apostrophe joins (`potter's` is `potters`), unless it marks an elision of the locale's language (`l'eau`).
    Scripts without spaces come as overlapping pairs of characters.
    """
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    if locale.partition("-")[0] in ELIDES:
        text = ELISION.sub("", text)
    for found in WORD.finditer(text):
        parts = [part for part in HYPHENS.split(APOSTROPHES.sub("", found[0])) if part]
        whole = forms_of("".join(parts)) if len(parts) > 1 else ()
        yield Compound(tuple(spellings for part in parts for spellings in _plain(part)), whole)


def words(text: str, locale: str = "") -> Iterator[Spellings]:
    """Yield the words of a text in order, each by all spellings that it is found by.

    The first word of a compound also stands for the whole.
    """
    for compound in compounds(text, locale):
        first, *rest = compound.parts
        yield tuple(dict.fromkeys((*first, *compound.whole)))
        yield from rest


def word_runs(text: str) -> Iterator[str]:
    """Yield the words of a text as they are written, apart at hyphens, whatever their script."""
    for found in WORD.finditer(INVISIBLE.sub("", unicodedata.normalize("NFKC", text))):
        yield from (part for part in HYPHENS.split(APOSTROPHES.sub("", found[0])) if part)


def _plain(word: str) -> Iterator[Spellings]:
    end = 0
    for run in UNSPACED.finditer(word):
        if run.start() > end:
            yield forms_of(word[end : run.start()])
        yield from (forms_of(pair) for pair in pairs(run[0]))
        end = run.end()
    if end < len(word):
        yield forms_of(word[end:])


def pairs(run: str) -> list[str]:
    """Return the overlapping pairs of a run of characters; a single one is itself."""
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run]


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script that leaves no space between words."""
    return UNSPACED.fullmatch(word) is not None


def code_runs(code: str) -> set[str]:
    """Return what a SKU or barcode is found by: the whole without separators, and every run of its parts.

    `MUG-GREY-M` is found by `muggreym`, `mug`, `grey`, `m`, `muggrey` and `greym`.
    """
    parts = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", code).lower())[:MOST_PARTS]
    runs = {"".join(parts[a:b]) for a in range(len(parts)) for b in range(a + 1, len(parts) + 1)}
    return {run[:64] for run in runs}


MOST_PARTS = 8
"""Parts of a code that count: the runs grow with their square."""
