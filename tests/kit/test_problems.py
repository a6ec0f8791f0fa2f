"""Problem documents, before HTTP."""

from http import HTTPStatus

import pytest

from mercat.kit.problems import (
    CONSTRAINTS,
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    Problem,
    TooMany,
    Unauthenticated,
    for_constraint,
)


class Sold(Conflict):
    code = "test.sold"
    detail = "Only {left} of {name} are left."


def test_the_document_has_every_member() -> None:
    problem = Invalid(errors=(FieldError("quantity", "too small", "greater_than"),))

    assert problem.to_wire("r-1") == {
        "type": "urn:mercat:problem:request.invalid",
        "title": HTTPStatus(422).phrase,
        "status": 422,
        "detail": "Some fields are not valid.",
        "code": "request.invalid",
        "request_id": "r-1",
        "errors": [{"field": "quantity", "message": "too small", "code": "greater_than"}],
    }


def test_extras_fill_the_sentence_and_travel() -> None:
    document = Sold(left=2, name="Vase").to_wire("r-1")

    assert document["detail"] == "Only 2 of Vase are left."
    assert (document["left"], document["name"]) == (2, "Vase")


def test_extras_cannot_take_the_place_of_a_member() -> None:
    document = Sold(status=200, code="fine", detail="fine", request_id="mine", type="t", title="t").to_wire("r-1")

    assert document["status"] == 409
    assert document["code"] == "test.sold"
    assert document["request_id"] == "r-1"
    assert document["type"] == "urn:mercat:problem:test.sold"
    assert document["title"] == "Conflict"


def test_a_translated_sentence_is_filled_too() -> None:
    german = {
        Sold.detail: "Nur {left} von {name}.",
        "at most {most}": "h\u00f6chstens {most}",
        "too {small": "zu {klein",
    }
    fields = (FieldError("a", "at most {most}", "most", {"most": 2}), FieldError("b", "too {small", "small"))

    wire = Sold(left=2, name="Vase", errors=fields).to_wire("", german.__getitem__)

    assert wire["detail"] == "Nur 2 von Vase."
    assert wire["errors"] == [
        {"field": "a", "message": "h\u00f6chstens 2", "code": "most"},
        {"field": "b", "message": "zu {klein", "code": "small"},
    ]


def test_an_extra_that_is_missing_does_not_hide_the_problem() -> None:
    assert Sold(left=2).to_wire("")["detail"] == "Only 2 of {name} are left."
    assert str(Sold(left=2)) == "test.sold: Only 2 of {name} are left."


def test_braces_in_an_extra_are_text() -> None:
    assert Sold(left=2, name="{left}").to_wire("")["detail"] == "Only 2 of {left} are left."


def test_a_known_constraint_has_its_own_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONSTRAINTS, "uq_things_name", Sold)

    assert type(for_constraint("uq_things_name")) is Sold


@pytest.mark.parametrize("name", [None, "", "fk_of_nobody"])
def test_an_unknown_constraint_is_a_conflict(name: str | None) -> None:
    assert type(for_constraint(name)) is Conflict


def test_what_nobody_named_is_a_500() -> None:
    assert (Problem.status, Problem.code) == (500, "internal_error")
    assert NotFound().status == 404


def test_a_refusal_may_know_more_for_its_head_than_its_kind() -> None:
    assert Unauthenticated().head() == {"WWW-Authenticate": "Bearer"}
    assert TooMany(limit=5, retry_after=42).head() == {
        "Retry-After": "42",
        "RateLimit-Limit": "5",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "42",
    }
