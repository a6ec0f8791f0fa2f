"""What makes words suspicious, whatever they are about. Nothing is refused for it: somebody looks at them first."""

import re
from hashlib import sha256

LETTERS, SHOUTED = 20, 0.7
"""Of a text with so many letters, the share of capitals from which on it shouts."""
LONG_ENOUGH = 20
"""Shorter texts may well be the same: "Great, thank you!"."""
LINK = re.compile(
    r"https?:|www\.|\b[\w-]{2,}\.(?:com|net|org|info|biz|shop|store|site|online|xyz|top|ru|cn|io|ly|de|fr|uk|co|me)\b",
    re.IGNORECASE,
)


def text_key(body: str) -> bytes | None:
    """Return the key by which texts are compared: the words, whatever their case and what is between them."""
    words = " ".join(re.findall(r"\w+", body.casefold()))
    return sha256(words.encode()).digest() if len(words) >= LONG_ENOUGH else None


def has_link(text: str) -> bool:
    """Whether a text leads somewhere else."""
    return LINK.search(text) is not None


def shouts(text: str) -> bool:
    """Whether a text is mostly capitals."""
    capitals, small = sum(c.isupper() for c in text), sum(c.islower() for c in text)
    return capitals + small >= LETTERS and capitals > SHOUTED * (capitals + small)
