"""Shapes take what they name and nothing else, and do not guess."""

from datetime import datetime

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Count, Flag, Line, Prose, Quantity, Shape, WholeNumber


class Order(Shape):
    quantity: Quantity = 1
    """How many."""
    note: Line = "none"
    gift: Flag = False


def refused(kind: object, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return True
    return False


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError) as refusal:
        Order.model_validate({"quantity": 1, "price": 0})

    assert [(error["loc"], error["type"]) for error in refusal.value.errors()] == [(("price",), "extra_forbidden")]


@pytest.mark.parametrize(
    "value", ["3", "", "three", True, False, None, 1.0, 1.5, 0, -1, 10_001, 2**31, 2**63, 10**30, float("nan"), [1], {}]
)
def test_a_quantity_is_a_whole_number_from_1(value: object) -> None:
    assert refused(Quantity, value)


@pytest.mark.parametrize("value", ["3", True, None, 1.0, -1, 1_000_000_001, 2**63])
def test_a_count_is_a_whole_number_from_0(value: object) -> None:
    assert refused(Count, value)


@pytest.mark.parametrize("value", [1, 0, "true", "yes", "1", None, 1.0])
def test_a_flag_is_true_or_false(value: object) -> None:
    assert refused(Flag, value)


@pytest.mark.parametrize("value", ["", "   ", "a\nb", "a\0b", "a\tb", "a\x1bb", "a\x7fb", "x" * 256, None, 3, ["a"]])
def test_a_line_is_one_line_of_text(value: object) -> None:
    with pytest.raises(ValidationError):
        Order.model_validate({"note": value})


def test_what_is_right_is_taken() -> None:
    order = Order.model_validate({"quantity": 10_000, "note": "  Caf\u00e9 \u65e5\u672c \U0001f600  ", "gift": True})

    assert order.model_dump() == {"quantity": 10_000, "note": "Caf\u00e9 \u65e5\u672c \U0001f600", "gift": True}
    assert not refused(Count, 0)
    assert not refused(Count, 1_000_000_000)
    assert not refused(Line, "x" * 255)


def test_prose_has_lines_and_an_end() -> None:
    assert not refused(Prose, "a\nb" + "x" * 49_997)
    assert refused(Prose, "x" * 50_001)


def test_a_shape_does_not_change() -> None:
    order = Order()

    with pytest.raises(ValidationError, match="frozen"):
        order.quantity = 2


def test_what_a_field_means_is_written_once() -> None:
    assert Order.model_json_schema()["properties"]["quantity"]["description"] == "How many."
    assert PageParams.model_json_schema()["properties"]["page"]["type"] == "integer"
    assert Order.model_json_schema()["additionalProperties"] is False


@pytest.mark.parametrize("value", ["1_000", " 7", "7 ", "+7", "-7", "7.0", "1e3", "", "\u0667", "\u00b2", "9" * 19])
def test_a_whole_number_in_a_query_is_digits(value: str) -> None:
    assert refused(WholeNumber, value)


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("1000", 1000), ("007", 7), ("9" * 18, 10**18 - 1), (5, 5)])
def test_digits_are_a_whole_number(value: object, number: int) -> None:
    assert TypeAdapter(WholeNumber).validate_python(value) == number


def test_moments_are_read_from_text() -> None:
    class Moment(Shape):
        at: datetime

    assert Moment.model_validate({"at": "2026-11-01T10:00:00Z"}).at.tzinfo is not None


class Move(Shape):
    from_: str = Field(alias="from")


def test_a_name_that_python_keeps_for_itself_is_the_clients_name_however_it_is_written() -> None:
    move = Move.model_validate({"from": "paid"})

    assert move.model_dump_json() == '{"from":"paid"}'
    assert move.model_dump() == {"from": "paid"}
