"""Docstrings below fields describe them in schemas."""

from typing import Annotated, Generic, TypeVar

from fastapi import FastAPI, Query
from pydantic import BaseModel, Field

from mercat.kit.field_descriptions import describe_all, describe_fields
from mercat.kit.shapes import Shape

Item = TypeVar("Item")


class Colour(Shape):
    """A colour."""

    name: str
    """As painters say it."""


class Vase(Shape):
    """A vase."""

    height: int
    """In millimetres,
    with its foot."""
    colour: Colour
    """What it is painted with."""
    weight: int = Field(description="In grams.")
    """Not this."""
    glaze: str
    sold_by: str = Field(alias="seller")
    """Whose it is."""

    class Lid(Shape):
        """Its lid."""

        height: int
        """Of the lid alone."""


class Tall(Vase):
    """A vase for the floor."""

    glaze: str
    """Only tall ones are glazed."""
    height: int


class Box(Shape, Generic[Item]):
    """What things come in."""

    inside: Item
    """What is in it."""


def described(model: type[BaseModel]) -> dict[str, str | None]:
    return {name: part.get("description") for name, part in model.model_json_schema()["properties"].items()}


def test_a_docstring_describes_the_field_above_it_and_no_other() -> None:
    assert described(Vase) == {
        "height": "In millimetres,\nwith its foot.",
        "colour": "What it is painted with.",
        "weight": "In grams.",
        "glaze": None,
        "seller": "Whose it is.",
    }
    assert described(Vase.Lid) == {"height": "Of the lid alone."}
    assert Vase.model_json_schema()["$defs"]["Colour"]["properties"]["name"]["description"] == "As painters say it."


def test_what_is_inherited_keeps_its_description_and_what_is_declared_anew_has_its_own() -> None:
    assert described(Tall) == {
        "height": None,
        "colour": "What it is painted with.",
        "weight": "In grams.",
        "glaze": "Only tall ones are glazed.",
        "seller": "Whose it is.",
    }


def test_a_kind_of_a_generic_shape_is_described_like_it() -> None:
    assert described(Box[int]) == {"inside": "What is in it."}


def test_a_class_within_a_function_is_found() -> None:
    class Local(Shape):
        name: str
        """Here alone."""

    assert describe_fields(Local) == {"name": "Here alone."}


def test_a_class_without_source_has_no_descriptions() -> None:
    namespace: dict[str, object] = {"Shape": Shape, "__name__": "no_such_source"}
    exec("class Made(Shape):\n    name: str\n    '''Nobody reads this.'''\n", namespace)  # noqa: S102
    made = namespace["Made"]
    assert isinstance(made, type)
    assert issubclass(made, Shape)
    assert describe_fields(made) == {}


def test_the_fields_of_a_query_are_described_too() -> None:
    describe_all(Shape)
    app = FastAPI()

    @app.get("/vases")
    async def vases(colour: Annotated[Colour, Query()]) -> None:
        pass

    (parameter,) = app.openapi()["paths"]["/vases"]["get"]["parameters"]
    assert parameter["description"] == "As painters say it."
