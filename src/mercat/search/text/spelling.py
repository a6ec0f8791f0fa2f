"""Words that were meant: those of the catalogue that are a slip or two from what was typed.

Words that differ by few edits share what remains when a few letters are deleted (the symmetric deletion method of Wolf
Garbe, 2012). So the beginnings of words are stored with their deletions, and an index finds all that come into
question; each is then measured.
"""

from collections.abc import Iterable
from itertools import combinations

from rapidfuzz.distance import OSA

SHORTEST = 3
"""Characters of the shortest word that is corrected."""
LONG = 6
"""From so many characters on, two slips are forgiven."""
BEGINNING = 7
"""Characters of a word whose deletions are stored."""


def allowed_distance(word: str) -> int:
    """Return how many slips are forgiven in a word of this length."""
    if len(word) < SHORTEST or any(character.isdigit() for character in word):
        return 0
    return 2 if len(word) >= LONG else 1


def deletions(word: str) -> set[str]:
    """Return the beginning of a word without any one or two of its letters, and as it is: the keys it is found by."""
    beginning = word[:BEGINNING]
    keys = {beginning}
    for gone in range(1, allowed_distance(word) + 1):
        for places in combinations(range(len(beginning)), gone):
            keys.add("".join(c for place, c in enumerate(beginning) if place not in places))
    return keys


def closest(word: str, candidates: Iterable[tuple[str, int]]) -> list[str]:
    """Return the words within the allowed distance, the closest first, of equals the one in most documents.

    A short word begins like what was meant: with another first letter it is more often another word (`bike`, `like`).

    Args:
        word: what was typed, folded.
        candidates: words, and in how many documents each is.
    """
    most = allowed_distance(word)
    measured = [
        (distance, candidate[0] != word[0], -documents, candidate)
        for candidate, documents in candidates
        if (len(word) >= LONG or candidate[0] == word[0])
        and (distance := OSA.distance(word, candidate, score_cutoff=most)) <= most
    ]
    return [candidate for *_, candidate in sorted(measured)]
