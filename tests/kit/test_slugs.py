"""Slugs of texts, and names that are one name."""

import pytest

from mercat.kit.ids import new_id
from mercat.kit.slugs import LONGEST_SLUG, is_reachable, name_slug, slug_of


@pytest.mark.parametrize(
    ("text", "slug"), [("Grüße & Küsse", "grusse-kusse"), ("!!!", "thing"), ("x" * 255, "x" * LONGEST_SLUG)]
)
def test_a_slug_is_made_of_what_can_be_written_in_one(text: str, slug: str) -> None:
    assert slug_of(text, "thing") == slug


def test_a_slug_may_be_shorter() -> None:
    assert slug_of("stoneware cup", "thing", longest=9) == "stoneware"


def test_names_that_differ_in_capitals_or_punctuation_are_one() -> None:
    assert name_slug("Slow-Living") == name_slug("slow living")
    assert name_slug("★") == "★"


def test_what_is_called_like_a_route_or_an_id_is_not_reachable() -> None:
    assert is_reachable("cup", {"search"})
    assert not is_reachable("search", {"search"})
    assert not is_reachable(str(new_id()), ())
