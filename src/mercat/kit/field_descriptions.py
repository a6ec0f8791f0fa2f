"""What the docstrings below a shape's fields say, read from the source when somebody asks for a schema.

pydantic can read them (`use_attribute_docstrings`), but does so while a class is made and parses each class by itself:
half a second of every process's start, for documentation that few processes ever draw.
"""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


def describe_fields(model: type[BaseModel]) -> dict[str, str]:
    """Give each field that says nothing of itself its docstring; returns the descriptions by the names on the wire."""
    described = {}
    for name, field in model.model_fields.items():
        if field.description is None:
            owner = next(kind for kind in model.__mro__ if name in inspect.get_annotations(kind))
            field.description = _docstrings(owner.__module__).get(owner.__qualname__, {}).get(name)
        if field.description is not None:
            names = (name, field.alias, field.validation_alias, field.serialization_alias)
            described.update({one: field.description for one in names if isinstance(one, str)})
    return described


def describe_all(base: type[BaseModel]) -> None:
    """Describe the fields of every model below `base`, for those who read fields instead of schemas."""
    for model in base.__subclasses__():
        describe_fields(model)
        describe_all(model)


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """Return the docstrings below annotated names, by the qualified name of their class."""
    try:
        source = inspect.getsource(sys.modules[module])
    except (KeyError, OSError, TypeError):  # made by a program, or bytecode alone
        return {}
    return {name: dict(_of_class(node)) for name, node in _classes(ast.parse(source).body, "")}


def _classes(body: Iterable[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield prefix + node.name, node
            yield from _classes(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _classes(node.body, f"{prefix}{node.name}.<locals>.")


def _of_class(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(node.body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            yield field.target.id, inspect.cleandoc(below.value.value)
