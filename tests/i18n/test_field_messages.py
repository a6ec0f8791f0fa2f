"""Why a field is refused, in the reader's language: what Pydantic can find in our shapes, and what we say ourselves."""

import ast
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    AwareDatetime,
    BaseModel,
    Field,
    FutureDate,
    Json,
    NaiveDatetime,
    PastDate,
    SecretStr,
    TypeAdapter,
    UrlConstraints,
    ValidationError,
)
from pydantic_core import Url

from field_sentences import HANDED_ON, SOURCE, sentences
from mercat.i18n import DEFAULT_LOCALE, LOCALES, translate
from mercat.kit.errors import from_validation
from mercat.kit.field_messages import MESSAGES
from mercat.kit.money import Money
from mercat.kit.problems import FieldError
from mercat.kit.shapes import Moment, Shape, WholeNumber
from mercat.pricing.fields import Amount, Percent
from shopping import Shop

TRANSLATED = [locale for locale in LOCALES if locale != DEFAULT_LOCALE]


class Colour(StrEnum):
    red = "red"
    blue = "blue"


class Cat(Shape):
    kind: Literal["cat"]


class Dog(Shape):
    kind: Literal["dog"]


class Pet(Shape):
    pet: Cat | Dog = Field(discriminator="kind")


def _never(_: object) -> object:
    raise ValueError("a word of Python")


def _not_asserted(_: object) -> object:
    raise AssertionError("a word of Python")


SENT: list[tuple[str, Any, object, str]] = [
    ("missing", Cat, {}, ""),
    ("extra_forbidden", Cat, {"kind": "cat", "age": 7}, ""),
    ("none_required", None, 7, ""),
    ("string_type", str, 7, ""),
    ("string_too_short", Annotated[str, Field(min_length=3)], "a", "3"),
    ("string_too_short", Annotated[str, Field(min_length=1)], "", "1"),
    ("string_too_long", Annotated[str, Field(max_length=1)], "aa", "1"),
    ("string_too_long", Annotated[str, Field(max_length=255)], "a" * 256, "255"),
    ("string_pattern_mismatch", Annotated[str, Field(pattern="^[a-z0-9]{7}$")], "A", "^[a-z0-9]{7}$"),
    ("too_short", Annotated[list[int], Field(min_length=2)], [1], "2"),
    ("too_short", Annotated[list[int], Field(min_length=1)], [], "1"),
    ("too_long", Annotated[list[int], Field(max_length=1)], [1, 2], "1"),
    ("too_long", Annotated[list[int], Field(max_length=20)], [1] * 21, "20"),
    ("too_short", Annotated[SecretStr, Field(min_length=8)], "hunter2", "8"),
    ("too_long", Annotated[SecretStr, Field(max_length=2)], "hunter2", "2"),
    ("greater_than", Annotated[int, Field(gt=4)], 4, "4"),
    ("greater_than_equal", Annotated[int, Field(ge=5)], 4, "5"),
    ("greater_than_equal", Annotated[Decimal, Field(ge=Decimal("0.25"))], "0.2", "0.25"),
    ("less_than", Annotated[float, Field(lt=4.5)], 4.5, "4.5"),
    ("less_than_equal", Annotated[int, Field(le=10_000)], 10_001, "10000"),
    ("multiple_of", Annotated[int, Field(multiple_of=5)], 4, "5"),
    ("finite_number", Annotated[float, Field(allow_inf_nan=False)], float("inf"), ""),
    ("literal_error", Literal["price", "-price"], "cost", "price, -price"),
    ("enum", Colour, "green", "red, blue"),
    ("bool_type", bool, [], ""),
    ("bool_parsing", bool, "perhaps", ""),
    ("int_type", int, [], ""),
    ("int_parsing", int, "seven", ""),
    ("int_parsing", WholeNumber, "1_000", ""),
    ("int_parsing_size", int, "9" * 5000, ""),
    ("int_from_float", int, 1.5, ""),
    ("float_type", float, [], ""),
    ("float_parsing", float, "seven", ""),
    ("decimal_type", Decimal, [], ""),
    ("decimal_parsing", Decimal, "seven", ""),
    ("decimal_max_digits", Annotated[Decimal, Field(max_digits=4)], "12345", "4"),
    ("decimal_max_digits", Annotated[Decimal, Field(max_digits=1)], "12", "1"),
    ("decimal_max_places", Annotated[Decimal, Field(decimal_places=2)], "1.234", "2"),
    ("decimal_max_places", Annotated[Decimal, Field(decimal_places=1)], "1.23", "1"),
    ("decimal_whole_digits", Annotated[Decimal, Field(max_digits=5, decimal_places=2)], "12345", "3"),
    ("decimal_whole_digits", Annotated[Decimal, Field(max_digits=3, decimal_places=2)], "12", "1"),
    ("uuid_type", UUID, 7, ""),
    ("uuid_parsing", UUID, "7", ""),
    ("date_type", date, [], ""),
    ("date_from_datetime_parsing", date, "hunter2", ""),
    ("date_from_datetime_inexact", date, "2030-01-31T09:00:00Z", ""),
    ("date_past", PastDate, "2999-01-31", ""),
    ("date_future", FutureDate, "1999-01-31", ""),
    ("datetime_type", datetime, [], ""),
    ("datetime_type", Moment, 7, ""),
    ("datetime_rfc3339", Moment, "2030-01-31", ""),
    ("datetime_from_date_parsing", datetime, "hunter2", ""),
    ("timezone_naive", NaiveDatetime, "2030-01-31T09:00:00Z", ""),
    ("timezone_aware", AwareDatetime, "2030-01-31T09:00:00", ""),
    ("url_type", AnyHttpUrl, 7, ""),
    ("url_parsing", AnyHttpUrl, "hunter2", ""),
    ("url_scheme", AnyHttpUrl, "ftp://hunter2", "http, https"),
    ("url_too_long", Annotated[Url, UrlConstraints(max_length=30)], "https://a.example/" + "a" * 30, "30"),
    ("model_type", Cat, 7, ""),
    ("dict_type", dict[str, int], 7, ""),
    ("list_type", list[int], 7, ""),
    ("tuple_type", tuple[int, ...], 7, ""),
    ("set_type", set[int], 7, ""),
    ("frozen_set_type", frozenset[int], 7, ""),
    ("json_type", Json[int], 7, ""),
    ("json_invalid", Json[int], "hunter2", ""),
    ("union_tag_invalid", Pet, {"pet": {"kind": "hunter2"}}, "cat, dog"),
    ("union_tag_not_found", Pet, {"pet": {}}, "kind"),
    ("value_error", Annotated[str, AfterValidator(_never)], "a", ""),
    ("assertion_error", Annotated[str, AfterValidator(_not_asserted)], "a", ""),
    ("time_delta_parsing", timedelta, "hunter2", ""),
    ("money_amount", Money, {"amount": "1.234", "currency": "EUR"}, "2"),
    ("money_amount", Money, {"amount": "1.00", "currency": "XQX"}, ""),
    ("money_shape", Money, {"amount": "1.00"}, "19.99"),
    ("amount", Amount, "-1", "EUR"),
    ("percent", Percent, "101", "100"),
]
"""The type of the finding, a shape, what is sent, and what of its numbers the message has to carry."""
NAMES = [f"{n} {kind}" for n, (kind, *_) in enumerate(SENT)]


def findings(shape: object, sent: object) -> list[Any]:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter[Any](shape).validate_python(sent)
    return list(caught.value.errors())


def refusal(shape: object, sent: object) -> FieldError:
    """Return the first field of the 422 about what was sent."""
    found = findings(shape, sent)
    if found[0]["type"] == "json_invalid":  # a whole body is a 400; this one is a field of a form
        found[0]["type"], kind = "json_type", "json_invalid"
        [error] = from_validation(found).errors
        return FieldError(error.field, error.message, kind, error.values)
    return from_validation(found).errors[0]


@pytest.mark.parametrize(("kind", "shape", "sent", "told"), SENT, ids=NAMES)
def test_a_field_is_refused_in_the_reader_s_language(kind: str, shape: object, sent: object, told: str) -> None:
    error = refusal(shape, sent)
    pydantic = findings(shape, sent)[0]["msg"]
    said = {locale: error.told(lambda text, at=locale: translate(at, text)) for locale in LOCALES}

    assert error.code == kind
    assert len(set(said.values())) == len(LOCALES), said
    for locale, message in said.items():
        assert told in message, locale
        assert not {"{", "Input", "hunter"} & set(re.findall(r"\{(?=[a-z])|Input|hunter", message))
        if locale != DEFAULT_LOCALE:
            assert message != pydantic
            assert pydantic not in message


def test_a_number_of_one_is_singular() -> None:
    one, many = (refusal(Annotated[list[int], Field(min_length=n)], []) for n in (1, 2))

    assert (one.told(), many.told()) == ("should have at least 1 entry", "should have at least 2 entries")


def test_what_our_own_validators_raise_under_a_name_of_pydantic_needs_no_numbers() -> None:
    from_ours = [{"type": "string_too_short", "loc": ("body", "a"), "msg": "hunter2", "input": 7}]

    assert [error.told() for error in from_validation(from_ours).errors] == ["is not valid"]


CORE = {
    "str": {"string_type", "string_unicode"},
    "int": {"int_type", "int_parsing", "int_parsing_size", "int_from_float"},
    "float": {"float_type", "float_parsing", "finite_number"},
    "decimal": {"decimal_type", "decimal_parsing", "finite_number"},
    "bool": {"bool_type", "bool_parsing"},
    "uuid": {"uuid_type", "uuid_parsing"},
    "date": {"date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"},
    "datetime": {"datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"},
    "time": {"time_type", "time_parsing"},
    "url": {"url_type", "url_parsing", "url_syntax_violation", "url_scheme", "url_too_long"},
    "none": {"none_required"},
    "literal": {"literal_error"},
    "enum": {"enum"},
    "list": {"list_type"},
    "tuple": {"tuple_type"},
    "set": {"set_type"},
    "frozenset": {"frozen_set_type"},
    "dict": {"dict_type"},
    "model": {"model_type", "model_attributes_type"},
    "model-fields": {"missing", "extra_forbidden"},
    "dataclass": {"dataclass_type"},
    "tagged-union": {"union_tag_invalid", "union_tag_not_found"},
    "json": {"json_type", "json_invalid"},
    "bytes": {"bytes_type"},
}
"""What Pydantic may find at each kind of a schema's nodes."""
OTHERS = {
    "any", "nullable", "union", "default", "definitions", "definition-ref", "function-before", "function-after",
    "function-wrap", "function-plain", "model-field", "is-instance", "lax-or-strict", "json-or-python", "chain",
    "dataclass-args", "dataclass-field", "computed-field", "to-string", "format", "include-exclude-sequence",
    "include-exclude-dict", "no-info", "with-info", "custom-error", "callable",
}  # fmt: skip
"""Nodes that find nothing of their own, and the serializing half of schemas."""
BOUNDS = {
    "gt": "greater_than", "ge": "greater_than_equal", "lt": "less_than", "le": "less_than_equal",
    "multiple_of": "multiple_of", "pattern": "string_pattern_mismatch", "max_digits": "decimal_max_digits",
    "decimal_places": "decimal_max_places",
}  # fmt: skip


LENGTHS = {"min_length", "max_length"}


def nodes(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for name, inner in schema.items():
            if name not in {"metadata", "serialization", "cls", "default"}:
                yield from nodes(inner)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            yield from nodes(inner)


def below(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def test_whatever_pydantic_can_find_in_our_shapes_has_words_of_ours() -> None:
    import mercat.main  # noqa: F401, PLC0415 - all shapes are there once the application is

    shapes = [shape for shape in below(Shape) if shape.__module__.startswith("mercat.")]
    kinds, found = set[str](), set[str]()
    for shape in shapes:
        shape.model_rebuild()  # it is built when it is first used, which may not have been yet
        for node in nodes(shape.__pydantic_core_schema__):
            kinds.add(node["type"])
            found |= CORE.get(node["type"], set())
            found |= {error for bound, error in BOUNDS.items() if bound in node and node["type"] in CORE}
            short, long = (
                ("string_too_short", "string_too_long") if node["type"] == "str" else ("too_short", "too_long")
            )
            found |= {e for bound, e in (("min_length", short), ("max_length", long)) if bound in node}

    assert len(shapes) > 100
    assert kinds - CORE.keys() - OTHERS == set()
    assert found - MESSAGES.keys() == set()
    assert found > {"missing", "greater_than_equal", "string_too_long", "uuid_parsing", "too_long", "literal_error"}


def test_every_sentence_about_a_field_can_be_found() -> None:
    said, other = sentences()

    assert len(said) > 50
    assert other == HANDED_ON


def test_a_name_of_pydantic_has_one_sentence() -> None:
    """Ours replaces whatever a validator of ours says under such a name: it has to say the same."""
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PydanticCustomError":
                code, sentence = node.args[:2]
                if isinstance(code, ast.Constant) and isinstance(sentence, ast.Constant):
                    mine = MESSAGES.get(str(code.value), sentence.value)
                    wrong += [f"{path}: {sentence.value}"] if mine != sentence.value else []
    assert wrong == []


async def test_the_answer_to_a_request_speaks_german_and_french(shop: Shop) -> None:
    """One request over HTTP: the code is stable, the message is the reader's."""
    told = {}
    for locale in LOCALES:
        answer = await shop.client.get("/products", params={"size": 1000}, headers={"Accept-Language": locale})
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["field"], error["code"]) == (422, "size", "less_than_equal")
        told[locale] = error["message"]

    assert told == {
        "en": "should be 100 or less",
        "de": "darf h\u00f6chstens 100 sein",
        "fr": "doit \u00eatre au plus 100",
    }
