"""Whatever is sent to whichever operation: a refusal that says so, never a failure of ours, and never an echo."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

import contract
from mercat.routes import PREFIX
from shopping import Shop

SECRET = "hunter2-do-not-repeat-me"
FORM = "application/x-www-form-urlencoded"
BODIES = {
    "NaN": b'{"quantity": NaN, "price": NaN, "password": "%b"}',
    "Infinity": b'{"quantity": Infinity, "price": -Infinity, "password": "%b"}',
    "1e309": b'{"quantity": 1e309, "price": 1e309, "password": "%b"}',
    "lone surrogate": b'{"name": "\\ud800", "email": "\\ud800@example.com", "password": "%b"}',
    "escaped NUL": b'{"name": "a\\u0000b", "password": "%b"}',
    "raw NUL": b'{"name": "a\x00b", "password": "%b"}',
    "900 deep": b'{"password": "%b", "items": ' + b"[" * 900 + b"]" * 900 + b"}",
    "not UTF-8": b'{"name": "\xff\xfe", "password": "%b"}',
    "a key twice": b'{"password": "a", "password": "%b"}',
    "not JSON": b"{'password': '%b'",
    "another type": b'["%b"]',
    "a number": b"1" * 400,
    "unknown fields": b'{"is_admin": true, "roles": ["admin"], "id": 1, "password": "%b", "x": {"y": [1, null]}}',
    "wrong kinds": b'{"items": {"a": 1}, "quantity": "1", "name": ["x"], "price": {"amount": [], "currency": 3},'
    b' "email": 7, "status": "gone", "shipping_address": "here", "variants": [[]], "password": {"a": "%b"}}',
    "empty": b"{}",
    "nothing": b"",
}
IDS = [
    "9223372036854775808", "1_000", "-1", "0", "null", "%00", "%C0%AF", "..%2F..%2Fetc", "a" * 300,
    "'; DROP TABLE x;--", "{}",
]  # fmt: skip
QUERIES = [
    "page=0", "page=1000000000", "page=1_0", "page=%00", "page=٣", "size=0", "size=101", "page=9223372036854775808",
    "limit=-1&cursor=", "cursor=AAAA", "cursor=%FF", "sort=drop", "min_price=NaN", "max_price=1e309", "min_price=1_0",
    "in_stock=maybe", "q=%00", "unknown=1", "page=1&page=2", "category=%ED%A0%80",
    "&".join(f"a{n}=1" for n in range(200)),
]  # fmt: skip
Operation = tuple[str, str, dict[str, Any]]


def by_room(wanted: Callable[[Operation], bool]) -> pytest.MarkDecorator:
    """Give a test the operations that are wanted, those of one room at a time: nothing changes: one database does."""
    rooms: dict[str, list[Operation]] = {}
    for operation in filter(wanted, contract.described()):
        rooms.setdefault(operation[1].removeprefix(PREFIX).split("/")[1], []).append(operation)
    return pytest.mark.parametrize("operations", rooms.values(), ids=rooms.keys())


def refused(answer: Any) -> bool:
    problem = answer.headers["content-type"] == "application/problem+json" and answer.json()["code"]
    return bool(400 <= answer.status_code < 500 and problem) and SECRET not in answer.text


@by_room(lambda one: "application/json" in one[2].get("requestBody", {}).get("content", {}))
async def test_no_body_breaks_an_operation(
    shop: Shop, operations: list[Operation], capfd: pytest.CaptureFixture[str]
) -> None:
    admin = await shop.admin()
    before = await shop.rows("SELECT count(*) FROM users")
    broken = []

    for method, path, _ in operations:
        url = path.removeprefix(PREFIX).replace("{", "").replace("}", "")
        url = "/".join(str(uuid4()) if part.endswith("_id") else part for part in url.split("/"))
        for name, template in BODIES.items():
            body = template.replace(b"%b", SECRET.encode())
            headers = {**admin.headers, "Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
            answer = await shop.client.request(method, url, content=body, headers=headers)
            # the one body that may be right somewhere: a change that changes nothing
            if name == "empty" and method == "PATCH" and answer.is_success:
                continue
            if not refused(answer):
                broken.append(f"{method} {path}: {name}: {answer.status_code} {answer.text[:300]}")

    assert broken == []
    assert await shop.rows("SELECT count(*) FROM users") == before
    out, err = capfd.readouterr()
    assert SECRET not in out + err


async def test_a_form_that_is_something_else_is_not_repeated(shop: Shop) -> None:
    """What `curl -d` sends without another word is called a form, JSON with a password in it too."""
    forms = [
        path for method, path, one in contract.described() if method == "POST" and FORM in str(one.get("requestBody"))
    ]
    assert len(forms) > 1
    for path in forms:
        for body in (b'{"username": "a", "password": "%b"}', b"username=a&password=half&%b", b'["%b"]'):
            content = body.replace(b"%b", SECRET.encode())
            answer = await shop.client.post(path.removeprefix(PREFIX), content=content, headers={"Content-Type": FORM})
            assert refused(answer), f"{path}: {body!r}: {answer.status_code} {answer.text[:300]}"


@by_room(lambda one: "{" in one[1])
async def test_no_id_breaks_an_operation(shop: Shop, operations: list[Operation]) -> None:
    admin = await shop.admin()
    broken = []

    for method, path, _ in operations:
        start, _, rest = path.removeprefix(PREFIX).partition("{")
        end = "".join("/" + (str(uuid4()) if part.startswith("{") else part) for part in rest.split("/")[1:])
        for bad in IDS:
            answer = await shop.client.request(method, f"{start}{bad}{end}", json={}, headers=admin.headers)
            if not refused(answer):
                broken.append(f"{method} {path}: {bad}: {answer.status_code} {answer.text[:300]}")

    assert broken == []


@by_room(lambda one: one[0] == "GET" and "{" not in one[1] and bool(one[2].get("parameters")))
async def test_no_query_breaks_a_list(shop: Shop, operations: list[Operation]) -> None:
    admin = await shop.admin()
    broken = []

    for _, path, operation in operations:
        known = {p["name"] for p in operation["parameters"] if p["in"] == "query"}
        for query in QUERIES:
            answer = await shop.client.get(f"{path.removeprefix(PREFIX)}?{query}", headers=admin.headers)
            name = query.partition("=")[0]
            # a parameter given twice is a mistake that some lists take for its last value
            wrong = name in known and not refused(answer) and query != "page=1&page=2"
            fails = answer.status_code >= 500 and (name in known or not known <= {"q"})
            if wrong or fails:
                broken.append(f"GET {path}?{query}: {answer.status_code} {answer.text[:300]}")

    assert broken == []


async def test_a_huge_body_is_refused_unread(shop: Shop) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b"x" * 1_048_576

    announced = await shop.client.post("/auth/register", content=b"x" * 65_537)
    streamed = await shop.client.post("/auth/register", content=endless())

    assert (announced.status_code, streamed.status_code) == (413, 413)
    assert announced.json()["code"] == "request.too_large"
