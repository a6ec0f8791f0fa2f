"""Bytes that no route may see are refused before any route."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.application import LIMITS, MAX_BYTES, MAX_DEPTH, Answer, KitApp, speak
from mercat.kit.bodies import kinds_of
from mercat.kit.body_guard import BadText, BodyGuard, BodyKinds, BodyLimits, TooManyValues, check_json
from mercat.kit.problems import Problem
from mercat.main import create_app

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MEGABYTE = b"x" * 1_000_000


def nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    return opening * depth + closing * depth


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"a": NaN}', 400, "request.malformed_json"),
        (b"[Infinity]", 400, "request.malformed_json"),
        (b"[-Infinity]", 400, "request.malformed_json"),
        (b"[1e309]", 400, "request.malformed_json"),
        (b"[-1e309]", 400, "request.malformed_json"),
        (b"[1" + b"0" * 400 + b".0]", 400, "request.malformed_json"),
        (b"[123456789012345678901]", 400, "request.malformed_json"),
        (b"[1" + b"0" * 5000 + b"]", 400, "request.malformed_json"),
        (b'{"a": 1, "a": 2}', 400, "request.malformed_json"),
        (b'{"a": {"b": 1, "b": 1}}', 400, "request.malformed_json"),
        (b'{"a": 1, "\\u0061": 2}', 400, "request.malformed_json"),
        (nested(900), 400, "request.malformed_json"),
        (nested(20_000), 400, "request.too_many_values"),
        (b"[" * 20_000, 400, "request.too_many_values"),
        (nested(900, b'{"a":', b"}").replace(b":}", b":1}", 1), 400, "request.malformed_json"),
        (nested(MAX_DEPTH + 1), 400, "request.malformed_json"),
        (b'["\\\\", %s]' % nested(MAX_DEPTH), 400, "request.malformed_json"),
        (b'"\xff"', 400, "request.malformed_json"),
        (b'"\xc3"', 400, "request.malformed_json"),
        (b'"\xed\xa0\x80"', 400, "request.malformed_json"),
        ('{"a": 1}'.encode("utf-16"), 400, "request.malformed_json"),
        ('{"a": 1}'.encode("utf-16-le"), 400, "request.malformed_json"),
        ('{"a": 1}'.encode("utf-32"), 400, "request.malformed_json"),
        (b'"a\0b"', 400, "request.malformed_json"),
        (b'{"a": 1}\0', 400, "request.malformed_json"),
        (b'"a\nb"', 400, "request.malformed_json"),
        (b'{"a": 1,}', 400, "request.malformed_json"),
        (b"{'a': 1}", 400, "request.malformed_json"),
        (b"{} {}", 400, "request.malformed_json"),
        (b"hunter2", 400, "request.malformed_json"),
        (b'"\\u0000"', 422, "request.bad_text"),
        (b'{"a": ["b", {"c": "x\\u0000y"}]}', 422, "request.bad_text"),
        (b'{"a\\u0000": 1}', 422, "request.bad_text"),
        (b'"\\ud800"', 422, "request.bad_text"),
        (b'"\\uDBFF"', 422, "request.bad_text"),
        (b'"\\udc00"', 422, "request.bad_text"),
        (b'"\\uDFFF"', 422, "request.bad_text"),
        (b'"\\udc00\\ud800"', 422, "request.bad_text"),
        (b'"\\ud83d\\ude00\\ude00"', 422, "request.bad_text"),
        (b'{"\\ud800": 1}', 422, "request.bad_text"),
    ],
)
async def test_json_that_some_layer_could_not_hold_is_refused(
    http: httpx2.AsyncClient, body: bytes, status: int, code: str
) -> None:
    answer = await http.post("/echo", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"0",
        b'"text"',
        b'{"a": [1, -2.5e10, true, null, "\xc3\xa9"]}',
        b'"\\ud83d\\ude00"',
        b'"\\\\u0000 \\\\ud800"',
        b"[12345678901234567890]",
        b"[1.7976931348623157e308]",
        b"[1e-400]",
        b'["%s", "\\"%s", "\\\\", "%s"]' % (b"[" * 40, b"{" * 40, b"[" * 40),
        b"[" + b",".join([b"[]"] * 500) + b"]",
        nested(MAX_DEPTH),
        b'[{"a": 1}, {"a": 1}]',
        b'{"a": 1, "A": 2}',
    ],
)
async def test_ordinary_json_passes_unchanged(http: httpx2.AsyncClient, body: bytes) -> None:
    answer = await http.post("/echo", content=body, headers=JSON)

    assert answer.status_code == 200
    assert answer.json() == {"got": json.loads(body)}


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/problem+json",
        "APPLICATION/VND.MERCAT+JSON",
    ],
)
async def test_however_json_is_spelt_it_is_checked(http: httpx2.AsyncClient, kind: str) -> None:
    answer = await http.post("/accounts", content=b'{"email": "\\ud800"}', headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["code"]) == (422, "request.bad_text")


LEAVES = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
VALUES = st.recursive(
    LEAVES | TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)


@given(VALUES, st.booleans())
def test_whatever_json_can_say_and_we_can_keep_is_taken(value: object, ascii_only: bool) -> None:  # noqa: FBT001 - drawn
    check_json(json.dumps(value, ensure_ascii=ascii_only).encode(), BodyLimits(max_depth=1000))


@given(TEXTS, TEXTS, st.sampled_from(["\0", "\ud800", "\udbff", "\udc00", "\udfff"]))
def test_one_bad_character_anywhere_is_found(before: str, after: str, bad: str) -> None:
    for value in (before + bad + after, {before + bad + after: 1}, [[{"a": [before + bad + after]}]]):
        with pytest.raises(BadText):
            check_json(json.dumps(value).encode(), LIMITS)


@given(st.binary(max_size=200))
def test_any_bytes_whatever_are_taken_or_are_a_problem(body: bytes) -> None:
    try:
        check_json(body, LIMITS)
    except Problem as problem:
        assert problem.status in {400, 422}  # noqa: PT017 - either outcome is right; another exception is not
    else:
        assert not body.strip() or json.dumps(json.loads(body)).encode("utf-8")


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"[]," * 2000 + b"[]]",
        b'["\\\\",' + b"0," * 2000 + b"0]",
        b"[" + b'"",' * 2000 + b'""]',
        b"{" + b",".join(b'"%d":{}' % n for n in range(2000)) + b"}",
        b'["\\"",' + b"{}," * 2000 + b"1]",
        b"[" * 2001,
    ],
)
async def test_more_values_than_anybody_means_are_refused(http: httpx2.AsyncClient, body: bytes) -> None:
    answer = await http.post("/echo", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (400, "request.too_many_values")
    assert answer.json()["limit"] == 2_000


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"[]," * 1998 + b"[]]",
        b'["' + b",[{" * 9000 + b'"]',
        b'["' + b'\\",' * 9000 + b'"]',
        b'["' + b"\\\\" * 9000 + b'",1]',
        b'{"a,[{": ["}]",",,"]}',
    ],
)
async def test_values_are_counted_and_not_what_texts_hold(http: httpx2.AsyncClient, body: bytes) -> None:
    answer = await http.post("/echo", content=body, headers=JSON)

    assert (answer.status_code, answer.json()) == (200, {"got": json.loads(body)})


def values_in(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(values_in(item) for item in inner)


@given(VALUES)
def test_every_value_counts_and_nothing_else(value: object) -> None:
    body, values = json.dumps(value, indent=1).encode(), values_in(value)
    check_json(body, BodyLimits(max_values=values))
    if values > 1:
        with pytest.raises(TooManyValues):
            check_json(body, BodyLimits(max_values=values - 1))


async def test_nobody_looks_into_what_is_signed_before_its_signature(kit: KitApp) -> None:
    seen: list[Message] = []

    async def route(_scope: Scope, receive: Receive, _send: Send) -> None:
        seen.append(await receive())

    guard = BodyGuard(
        route,
        limits=BodyLimits(max_bytes=2, max_signed_bytes=6),
        refuse=lambda *_: kit.app,
        kinds=BodyKinds(signed=("/hooks/",)),
    )
    as_json = [(b"content-type", b"application/json")]
    await speak(guard, "POST", "/hooks/stripe", headers=as_json, body=[b'[\0"\xff'])
    await speak(guard, "POST", "/hooks/stripe", headers=as_json, body=[b"x" * 7])

    assert [message["body"] for message in seen] == [b'[\0"\xff']


async def test_only_routes_that_say_so_take_large_bodies() -> None:
    app = create_app()
    kinds = kinds_of(app, signed=())
    large = {
        ("POST", "/api/v1/products"),
        ("PATCH", "/api/v1/vendor/products"),
        ("PUT", "/api/v1/vendor/stock"),
        ("POST", "/api/v1/vendors/apply"),
    }
    ordinary = {("POST", "/api/v1/auth/token"), ("POST", "/api/v1/orders"), ("PATCH", "/api/v1/users/me")}
    assert {
        (method, path) for method, path in large | ordinary if kinds.large({"method": method, "path": path})
    } == large


async def test_others_go_ahead_of_large_bodies_which_take_turns(kit: KitApp) -> None:
    seen: list[int] = []

    async def route(_scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(len((await receive())["body"]))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    guard = BodyGuard(route, limits=LIMITS, refuse=lambda *_: kit.app, kinds=BodyKinds(large=lambda _: True))
    as_json = [(b"content-type", b"application/json")]
    sizes = [MAX_BYTES + 2, MAX_BYTES + 1, MAX_BYTES, 2]
    bodies = [b'"' + b"x" * (size - 2) + b'"' for size in sizes]

    answers = await asyncio.gather(
        *(speak(guard, "POST", "/products", headers=as_json, body=[body]) for body in bodies)
    )

    assert {answer.status for answer in answers} == {204}
    assert seen == [MAX_BYTES, 2, MAX_BYTES + 2, MAX_BYTES + 1]


async def test_an_announced_body_beyond_the_limit_is_refused_unread(kit: KitApp) -> None:
    answer = await speak(
        kit.app,
        "POST",
        "/length",
        headers=[(b"content-length", b"100000000")],
        body=(MEGABYTE for _ in range(100)),
    )

    refused_as_too_large(answer)
    assert answer.taken == 0


async def test_an_endless_body_is_refused_once_it_is_too_long(kit: KitApp) -> None:
    given_out = 0

    def endless() -> Iterator[bytes]:
        nonlocal given_out
        while True:
            given_out += 1
            yield MEGABYTE

    refused_as_too_large(await speak(kit.app, "POST", "/length", body=endless()))
    assert given_out <= 2


async def test_100_mb_in_chunks_are_refused(http: httpx2.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield MEGABYTE

    answer = await http.post("/length", content=chunks())

    assert answer.status_code == 413
    assert answer.json()["limit"] == MAX_BYTES


async def test_a_length_that_lies_does_not_help(kit: KitApp) -> None:
    answer = await speak(
        kit.app, "POST", "/length", headers=[(b"content-length", b"5")], body=[b"x" * MAX_BYTES, b"more"]
    )

    refused_as_too_large(answer)


def refused_as_too_large(answer: Answer) -> None:
    document = json.loads(answer.body)
    assert answer.status == document["status"] == 413
    assert document["code"] == "request.too_large"
    assert document["detail"] == f"The body is larger than {MAX_BYTES} bytes."


async def test_a_body_of_just_the_limit_arrives_whole_from_its_units(kit: KitApp) -> None:
    pieces = [b"x" * (MAX_BYTES // 4)] * 4

    answer = await speak(kit.app, "POST", "/length", body=pieces)

    assert (answer.status, answer.body) == (200, b'{"length":%d}' % MAX_BYTES)


async def test_an_upload_goes_through_unread_where_uploads_are_taken_and_nowhere_else() -> None:
    seen: list[str] = []

    async def route(scope: Scope, receive: Receive, _send: Send) -> None:
        assert (await receive())["more_body"]
        seen.append(scope["path"])

    def refuse(problem: Problem, scope: Scope) -> ASGIApp:
        async def answer(_scope: Scope, _receive: Receive, _send: Send) -> None:
            seen.append(f"{scope['path']} {problem.status}")

        return answer

    guard = BodyGuard(
        route,
        limits=BodyLimits(max_bytes=10),
        refuse=refuse,
        kinds=BodyKinds(upload=lambda scope: scope["path"] == "/uploads"),
    )
    multipart, other = b"Multipart/Form-Data; boundary=x", b"application/json; multipart/form-data"
    for path, kind in (("/uploads", multipart), ("/uploads", other), ("/others", multipart)):
        await speak(guard, "POST", path, headers=[(b"content-type", kind)], body=[b"x" * 20, b"\0"])

    assert seen == ["/uploads", "/uploads 413", "/others 413"]


async def test_nothing_is_answered_to_a_client_that_left(kit: KitApp) -> None:
    answer = await speak(kit.app, "POST", "/length", body=[b"half"], leaves=True)

    assert answer.taken == 1
    assert answer.messages == []


@pytest.mark.parametrize(
    "url",
    ["/pages?page=%00", "/pages?%00=1", "/pages?a=b&c=d%00e", "/a%00b", "/fails/404%00", "/pages/%00"],
)
async def test_nul_in_a_url_is_refused(http: httpx2.AsyncClient, url: str) -> None:
    answer = await http.get(url)

    assert (answer.status_code, answer.json()["code"]) == (422, "request.bad_text")


async def test_a_percent_sign_that_is_only_text_is_fine(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/pages?page=1&size=%2500")).json()["errors"][0]["field"] == "size"


@pytest.mark.parametrize("body", [b"name=a%00b", b"name=a\0b", b"na%00me=a"])
async def test_nul_in_a_form_is_refused(http: httpx2.AsyncClient, body: bytes) -> None:
    answer = await http.post("/forms", content=body, headers=FORM)

    assert (answer.status_code, answer.json()["code"]) == (422, "request.bad_text")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"name=Ada+L", "Ada L"),
        (b"name=%C3%A9", "\u00e9"),
        (b"name=%2500", "%00"),
        (b"name=%ED%A0%80", "\ufffd\ufffd\ufffd"),
        (b"name=%ff", "\ufffd"),
    ],
)
async def test_a_form_never_brings_half_a_character(http: httpx2.AsyncClient, body: bytes, name: str) -> None:
    answer = await http.post("/forms", content=body, headers=FORM)

    assert answer.json() == {"name": name}


async def test_refusals_are_in_the_readers_language(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/echo", content=b'"\\u0000"', headers={**JSON, "Accept-Language": "de"})

    assert answer.json()["detail"].startswith("Die Anfrage enth\u00e4lt ein Zeichen")
    assert answer.headers["content-language"] == "de"


async def test_other_kinds_of_connection_pass(kit: KitApp) -> None:
    seen: list[str] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    guard = BodyGuard(inner, limits=BodyLimits(max_bytes=1), refuse=lambda *_: kit.app)
    await speak(guard, type="websocket", query_string=b"%00")

    assert seen == ["websocket"]
