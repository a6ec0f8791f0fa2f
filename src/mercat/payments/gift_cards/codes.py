"""Codes of gift cards: written down by hand, read by people, worth money.

A code is 100 random bits. So the database stores plain hashes: no code can be found for one, and a replaced secret key
invalidates no code.
"""

import re
import secrets
import unicodedata
from hashlib import sha256

GROUPS, GROUP = 5, 4
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 letters and digits (Crockford's): an O or an L is read as a 0 or a 1."""
MISREAD = str.maketrans("OIL", "011")
SPACING = re.compile(r"[\s-]+")
CODE = re.compile(f"[{LETTERS}]{{{GROUPS * GROUP}}}")
LONGEST = 60
"""Characters that a code is read from: what is longer is none, whatever its spacing."""
PURPOSE = b"gift card "


def new() -> str:
    """Return a new, unused code: `7K2M-Q9XD-40RT-V8WZ-C3PN`."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def ending(code: str) -> str:
    """Return the characters by which operators tell cards apart."""
    return code[-GROUP:]


def hash_of(typed: str) -> bytes | None:
    """Return what a code is looked up by, or None if it can be none; capital or small, with or without hyphens."""
    read = SPACING.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(MISREAD)
    return sha256(PURPOSE + read.encode()).digest() if CODE.fullmatch(read) else None
