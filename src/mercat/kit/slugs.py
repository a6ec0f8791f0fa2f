"""Slugs: texts as they stand in addresses, and names as they are compared."""

from collections.abc import Collection
from functools import lru_cache

from slugify import slugify

from mercat.kit.ids import parse_id

LONGEST_SLUG = 180


def slug_of(text: str, instead: str, *, longest: int = LONGEST_SLUG) -> str:
    """Return the slug of a text; `instead` if no letter of it can be written in one."""
    return slugify(text, max_length=longest) or instead


@lru_cache(maxsize=16_384)
def name_slug(name: str) -> str:
    """Return the slug by which names are compared: those that only differ in capitals or punctuation are one name.

    A name without letters in any script is its own.
    """
    return slug_of(name, name)


def is_reachable(slug: str, reserved: Collection[str]) -> bool:
    """Whether something is found by this slug: what is called like a route, or like an id, never is."""
    return slug not in reserved and parse_id(slug) is None
