"""Codes of coupons: read as people write them down and type them in."""

import re
import unicodedata
from typing import Annotated

from pydantic import StringConstraints

CODE = re.compile(r"[A-Z0-9]{3,40}")
SPACING = re.compile(r"[\s-]+")
ALIKE = str.maketrans("OIL", "011")

CouponCode = Annotated[
    str, StringConstraints(min_length=3, max_length=40, pattern=r"^[A-Za-z0-9]{2}[A-Za-z0-9-]*[A-Za-z0-9]$")
]


def key_of(code: str) -> str | None:
    """Return what a code is looked up by, or None if it can be none.

    Capital or small, with or without hyphens and blanks, O for 0, I or L for 1: no two coupons differ in that alone.
    """
    folded = SPACING.sub("", unicodedata.normalize("NFKC", code)).upper()
    return folded.translate(ALIKE) if CODE.fullmatch(folded) else None
