"""Pages by number and by cursor."""

import base64

import httpx2
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mercat.kit.pagination import (
    MAX_PAGE,
    BadCursor,
    PageParams,
    decode_cursor,
    encode_cursor,
    envelope,
    pages,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50)
INT64 = st.integers(-(2**63) + 1, 2**63 - 1)


def cursor_of(*position: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(list(position))).decode().rstrip("=")


@given(TEXT, INT64, st.floats(allow_nan=False, allow_infinity=False))
def test_a_cursor_brings_its_position_back(text: str, number: int, real: float) -> None:
    cursor = encode_cursor("-created_at", text, number, real)

    assert decode_cursor(cursor, "-created_at", str, int, float) == [text, number, real]
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&?# ")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "=",
        "====",
        "a",
        "abc",
        "!!!!",
        "\u00e9",
        "\0",
        "x" * 5000,
        cursor_of("price"),
        cursor_of("price", 5),
        cursor_of("price", 5, "id", "more"),
        cursor_of("name", 5, "id"),
        cursor_of(None, 5, "id"),
        cursor_of("price", "5", "id"),
        cursor_of("price", 5.0, "id"),
        cursor_of("price", bool(1), "id"),
        cursor_of("price", None, "id"),
        cursor_of("price", [5], "id"),
        cursor_of("price", {"$gt": 5}, "id"),
        cursor_of("price", 2**63, "id"),
        cursor_of("price", 5, "a\0b"),
        cursor_of("price", 5, 5),
        base64.urlsafe_b64encode(b'["price",-9223372036854775809,"id"]').decode(),
        base64.urlsafe_b64encode(b'["price",123456789012345678901234567890,"id"]').decode(),
        base64.urlsafe_b64encode(b'["price",NaN,"id"]').decode(),
        base64.urlsafe_b64encode(b'["price",5,"\\ud800"]').decode(),
        base64.urlsafe_b64encode(b'["price",5,"\xff"]').decode(),
        base64.urlsafe_b64encode(b'{"price":5}').decode(),
        base64.urlsafe_b64encode(b"[" * 3000).decode(),
        base64.urlsafe_b64encode(b"null").decode(),
    ],
)
def test_a_cursor_of_another_making_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor) as refusal:
        decode_cursor(cursor, "price", int, str)

    assert refusal.value.status == 422
    assert [error.field for error in refusal.value.errors] == ["cursor"]


@given(st.data())
def test_a_cursor_with_a_stray_character_is_refused(data: st.DataObject) -> None:
    cursor = encode_cursor("price", 1999, "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55")
    at = data.draw(st.integers(0, len(cursor) - 1))
    stray = data.draw(st.sampled_from("! .~\n%")) * data.draw(st.integers(1, 4))

    with pytest.raises(BadCursor):
        decode_cursor(cursor[:at] + stray + cursor[at:], "price", int, str)


@given(st.text(max_size=200))
def test_no_text_whatever_does_more_than_be_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(text, "price", int, str)


@pytest.mark.parametrize("json", [b'["price",1e309,"id"]', b'["price",-1e309,"id"]'])
def test_a_float_position_is_finite(json: bytes) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(base64.urlsafe_b64encode(json).decode(), "price", float, str)


@given(st.integers(0, 10**6), st.integers(1, 100))
def test_pages_hold_every_row_and_none_is_empty(total: int, size: int) -> None:
    count = pages(total, size)

    assert count * size >= total
    assert count == 0 if total == 0 else (count - 1) * size < total


def test_the_envelope_says_where_one_is() -> None:
    params = PageParams(page=3, size=20)

    assert params.offset == 40
    assert envelope(["a"], params, 41).model_dump() == {"items": ["a"], "page": 3, "size": 20, "total": 41, "pages": 3}


async def test_pages_are_asked_for_in_the_query(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/pages")).json() == {"page": 1, "size": 20, "offset": 0}
    assert (await http.get("/pages?page=3&size=100")).json() == {"page": 3, "size": 100, "offset": 200}
    assert (await http.get(f"/pages?page={MAX_PAGE}")).status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        (f"page={MAX_PAGE + 1}", "page"),
        ("page=99999999999999999999999", "page"),
        ("page=" + "9" * 5000, "page"),
        ("page=1_000", "page"),
        ("page=+1", "page"),
        ("page=%201", "page"),
        ("page=1.0", "page"),
        ("page=%D9%A3", "page"),
        ("page=%C2%B2", "page"),
        ("page=true", "page"),
        ("page=", "page"),
        ("page=x", "page"),
        ("size=0", "size"),
        ("size=101", "size"),
        ("sise=10", "sise"),
    ],
)
async def test_a_page_that_is_none_is_a_422(http: httpx2.AsyncClient, query: str, field: str) -> None:
    answer = await http.get(f"/pages?{query}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
