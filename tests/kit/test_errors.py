"""Every failure is a problem document, and none gives anything away."""

from typing import Any

import httpx2
import psycopg
import pytest
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from kit.application import KitApp, client_of
from mercat.kit.errors import BY_STATUS, from_validation, translate_database_error
from mercat.kit.problems import CONSTRAINTS, Conflict, Malformed

STATUSES = [400, 401, 402, 403, 404, 405, 409, 412, 413, 415, 422, 429, 503]
MEMBERS = {"type", "title", "status", "detail", "code", "request_id", "errors"}


def problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """Check what every problem answer has, and return its document."""
    document: dict[str, Any] = answer.json()
    assert answer.status_code == document["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["code"] == code
    assert document["type"] == f"urn:mercat:problem:{code}"
    assert document["request_id"] == answer.headers["x-request-id"] != ""
    assert document.keys() >= MEMBERS
    assert answer.headers["cache-control"] == "no-store"
    return document


def test_there_is_a_category_for_each_promised_status() -> None:
    assert sorted(BY_STATUS) == STATUSES
    assert len({kind.code for kind in BY_STATUS.values()}) == len(STATUSES)


@pytest.mark.parametrize("status", STATUSES)
async def test_a_category_has_its_status_code_and_request_id(http: httpx2.AsyncClient, status: int) -> None:
    answer = await http.get(f"/fails/{status}", headers={"X-Request-Id": "mine-1"})

    document = problem(answer, status, BY_STATUS[status].code)
    assert document["request_id"] == "mine-1"
    assert document["errors"] == []
    for name, value in BY_STATUS[status].headers.items():
        assert answer.headers[name] == value


async def test_what_one_should_do_next_is_in_the_headers(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/fails/401")).headers["www-authenticate"] == "Bearer"
    assert (await http.get("/fails/429")).headers["retry-after"] == "1"
    assert (await http.get("/fails/503")).headers["retry-after"] == "2"


async def test_extras_are_members_and_money_has_its_shape(http: httpx2.AsyncClient) -> None:
    document = problem(await http.get("/paint"), 409, "paint.gone")

    assert document["detail"] == "Only 3 tins are left, 1.99 EUR each."
    assert document["left"] == 3
    assert document["price"] == {"amount": "1.99", "currency": "EUR"}


@pytest.mark.parametrize(
    ("wanted", "locale", "detail"),
    [
        ("", "en", "There is nothing here."),
        ("de", "de", "Hier gibt es nichts."),
        ("de-AT,en;q=0.5", "de", "Hier gibt es nichts."),
        ("fr-CA;q=0.9,de;q=0.1", "fr", "Il n\u2019y a rien ici."),
        ("ja", "en", "There is nothing here."),
        ("de;q=0, *", "en", "There is nothing here."),
    ],
)
async def test_details_are_in_the_readers_language(
    http: httpx2.AsyncClient, wanted: str, locale: str, detail: str
) -> None:
    answer = await http.get("/fails/404", headers={"Accept-Language": wanted})

    assert problem(answer, 404, "request.not_found")["detail"] == detail
    assert answer.headers["content-language"] == locale


async def test_an_unknown_exception_is_a_500_that_tells_nothing(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/crash")

    document = problem(answer, 500, "internal_error")
    assert document.keys() == MEMBERS
    assert document["detail"] == "Something went wrong on our side."
    for word in ("inside", "Traceback", "RuntimeError", ".py"):
        assert word not in answer.text


async def test_the_routers_own_404_and_405_are_problems(http: httpx2.AsyncClient) -> None:
    problem(await http.get("/nowhere"), 404, "request.not_found")
    answer = await http.request("DELETE", "/pages")

    problem(answer, 405, "request.method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (404, 404, "request.not_found"),
        (410, 400, "request.malformed"),
        (418, 400, "request.malformed"),
        (500, 500, "internal_error"),
        (502, 500, "internal_error"),
    ],
)
async def test_a_frameworks_exception_is_a_problem_without_its_words(
    http: httpx2.AsyncClient, raised: int, status: int, code: str
) -> None:
    answer = await http.get(f"/http/{raised}")

    problem(answer, status, code)
    assert "inside" not in answer.text
    assert answer.headers["x-hint"] == "kept"


async def test_a_422_names_the_fields_and_never_what_was_in_them(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/accounts", json={"password": "hunter2hunter2", "nick": "hunter3hunter3", "email": 7})

    document = problem(answer, 422, "request.invalid")
    assert {(error["field"], error["code"]) for error in document["errors"]} == {
        ("email", "string_type"),
        ("nick", "extra_forbidden"),
    }
    assert "hunter" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"password": "hunter2hunter2"},
        {"email": "a@b.example", "password": "hunter2"},
        {"email": "a@b.example", "password": ["hunter2hunter2"]},
        "hunter2hunter2",
        ["hunter2hunter2"],
    ],
)
async def test_a_password_never_comes_back(http: httpx2.AsyncClient, body: object) -> None:
    answer = await http.post("/accounts", json=body)

    problem(answer, 422, "request.invalid")
    assert "hunter" not in answer.text


async def test_a_password_that_is_too_short_is_measured_in_characters(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/accounts", json={"email": "a@b.example", "password": "hunter2"})

    told = [error["message"] for error in problem(answer, 422, "request.invalid")["errors"]]
    assert told == ["should have at least 8 characters"]


async def test_reasons_that_pydantic_words_with_the_input_are_reworded(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/pets", json={"pet": {"kind": "hunter2"}})

    document = problem(answer, 422, "request.invalid")
    assert [(error["field"], error["code"]) for error in document["errors"]] == [("pet", "union_tag_invalid")]
    assert "hunter" not in answer.text


async def test_very_many_mistakes_are_not_all_listed(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/accounts", json={f"field{n}": 1 for n in range(500)})

    assert len(problem(answer, 422, "request.invalid")["errors"]) == 50


@pytest.mark.parametrize(("name", "told"), [("isAdmin", "isAdmin"), ("x" * 5000, ""), ("hunter2 hunter2", "")])
async def test_an_unknown_field_is_named_if_that_is_a_name(http: httpx2.AsyncClient, name: str, told: str) -> None:
    answer = await http.post("/accounts", json={"email": "a", "password": "hunter2hunter2", name: 1})

    document = problem(answer, 422, "request.invalid")
    assert [(error["field"], error["code"]) for error in document["errors"]] == [(told, "extra_forbidden")]


@pytest.mark.parametrize("body", [b'{"name": "a", "password": "hunter2"}', b"name=a&password=half&hunter2", b"hunter2"])
async def test_a_form_may_be_anything_and_its_unknown_names_are_not_repeated(
    http: httpx2.AsyncClient, body: bytes
) -> None:
    answer = await http.post("/forms", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})

    document = problem(answer, 422, "request.invalid")
    assert ("", "extra_forbidden") in {(error["field"], error["code"]) for error in document["errors"]}
    assert "hunter" not in answer.text


async def test_a_body_of_another_type_is_a_415(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/accounts", content=b"hunter2hunter2", headers={"Content-Type": "text/plain"})

    problem(answer, 415, "request.unsupported_media_type")
    assert "hunter" not in answer.text


async def test_a_missing_body_is_a_422(http: httpx2.AsyncClient) -> None:
    problem(await http.post("/accounts", headers={"Content-Type": "application/json"}), 422, "request.invalid")
    problem(await http.post("/accounts"), 422, "request.invalid")


def test_unreadable_json_is_malformed_and_not_quoted() -> None:
    found = RequestValidationError([{"type": "json_invalid", "loc": ("body", 7), "msg": "hunter2", "input": {}}])

    assert type(from_validation(found.errors())) is Malformed


class Wrapped(psycopg.errors.UniqueViolation):
    """A driver's error with the diagnostics a server would have sent."""

    class _Diagnostics:
        constraint_name = "uq_test_things"

    diag = _Diagnostics()  # type: ignore[assignment]  # stands for the server's own


class Taken(Conflict):
    code = "test.taken"
    detail = "Taken."


def by_sqlalchemy(kind: type[Exception], cause: Exception) -> Exception:
    error = kind("INSERT ...", {}, cause)
    assert isinstance(error, Exception)
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Wrapped(), "test.taken"),
        (by_sqlalchemy(IntegrityError, Wrapped()), "test.taken"),
        (psycopg.errors.ForeignKeyViolation(), "request.conflict"),
        (psycopg.errors.DeadlockDetected(), "request.busy"),
        (by_sqlalchemy(OperationalError, psycopg.errors.DeadlockDetected()), "request.busy"),
        (psycopg.errors.SerializationFailure(), "request.busy"),
        (psycopg.errors.QueryCanceled(), "service.unavailable"),
        (psycopg.errors.ReadOnlySqlTransaction(), "service.unavailable"),
        (psycopg.errors.AdminShutdown(), "service.unavailable"),
        (psycopg.errors.TooManyConnections(), "service.unavailable"),
        (psycopg.OperationalError("connection refused"), "service.unavailable"),
        (by_sqlalchemy(OperationalError, psycopg.OperationalError()), "service.unavailable"),
        (psycopg.InterfaceError(), "service.unavailable"),
        (PoolExhausted(), "service.unavailable"),
        (ConnectionRefusedError(), "service.unavailable"),
        (psycopg.errors.NumericValueOutOfRange(), "request.invalid"),
        (by_sqlalchemy(DataError, psycopg.errors.NumericValueOutOfRange()), "request.invalid"),
        (psycopg.errors.CharacterNotInRepertoire(), "request.invalid"),
    ],
)
def test_database_failures_have_a_meaning(error: Exception, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONSTRAINTS, "uq_test_things", Taken)

    found = translate_database_error(error)

    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "error", [ValueError(), OSError(), psycopg.errors.SyntaxError(), psycopg.errors.UndefinedTable(), KeyError("id")]
)
def test_defects_of_ours_are_not_passed_off_as_anything_else(error: Exception) -> None:
    assert translate_database_error(error) is None


def test_a_drivers_error_wrapped_by_another_library_is_found() -> None:
    outer = RuntimeError("the queue's own words")
    outer.__cause__ = psycopg.errors.DeadlockDetected()

    found = translate_database_error(outer)

    assert found is not None
    assert found.code == "request.busy"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (psycopg.errors.UniqueViolation("Key (email)=(ada@example.com) exists"), 409, "request.conflict"),
        (psycopg.OperationalError("host=10.0.0.7 refused"), 503, "service.unavailable"),
        (ConnectionResetError("10.0.0.7"), 503, "service.unavailable"),
        (psycopg.errors.SyntaxError("at or near SELECT"), 500, "internal_error"),
        (FileNotFoundError("/etc/secret"), 500, "internal_error"),
    ],
)
async def test_database_failures_in_a_route_are_answered_without_their_words(
    kit: KitApp, error: Exception, status: int, code: str
) -> None:
    @kit.app.get("/database")
    async def database() -> None:
        raise error

    async with client_of(kit.app) as client:
        answer = await client.get("/database")

    problem(answer, status, code)
    assert str(error) not in answer.text
