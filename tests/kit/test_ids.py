"""Ids are UUIDv7, and only their canonical form is one."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mercat.kit import clock
from mercat.kit.ids import made_at, new_id, parse_id

ID = "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"


def test_ids_are_version_7_in_the_order_of_their_making() -> None:
    made = [new_id() for _ in range(1000)]

    assert all(type(id_) is UUID and id_.version == 7 for id_ in made)
    assert len(set(made)) == 1000
    assert [id_.int >> 80 for id_ in made] == sorted(id_.int >> 80 for id_ in made)


@given(st.uuids())
def test_canonical_text_is_read(id_: UUID) -> None:
    assert parse_id(str(id_)) == id_
    assert parse_id(str(id_).upper()) == id_


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 36,
        ID[:-1],
        ID + "0",
        ID.replace("-", ""),
        "{" + ID + "}",
        "urn:uuid:" + ID,
        "0199a3c4-7d1e7c30-9a402f3f-6a1b-7c55",
        "0199a3c4-7_1e-7c30-9a40-2f3f6a1b7c55",
        "+199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55",
        " 199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55",
        "\u0661199a3c4-7d1e-7c30-9a40-2f3f6a1b7c5"[:36],
        ID[:-1] + "\u0665",
        ID[:-1] + "g",
        ID[:-1] + "\0",
    ],
)
def test_nothing_else_is_an_id(text: str) -> None:
    assert parse_id(text) is None


@given(st.text(max_size=40))
def test_a_slug_is_never_taken_for_an_id(text: str) -> None:
    found = parse_id(text)

    assert found is None or str(found) == text.lower()


def test_foreign_versions_are_read_too() -> None:
    other = uuid4()

    assert parse_id(str(other)) == other


def test_an_id_says_when_it_was_made() -> None:
    before = clock.now() - timedelta(milliseconds=1)
    assert before <= made_at(new_id()) <= clock.now()
