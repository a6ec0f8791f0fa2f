"""What a process of the API loads before its first request: no library that one request in a thousand needs."""

import json
import subprocess
import sys

LATER = {
    "alembic",
    "authlib",
    "celery",
    "jinja2",
    "mercat.demo",
    "mjml",
    "stripe",
    "typst",
    "uvicorn",
    "webauthn",
    "zxcvbn",
}
"""Imported inside the functions that need them; nothing at the top of a module may bring them in."""
LOADED = """
import json, sys
import mercat.main
print(json.dumps(sorted(sys.modules)))
"""
BUILT = """
import json
import mercat.main
from pydantic import TypeAdapter
from mercat.kit.shapes import Shape
def below(kind):
    return [one for sub in kind.__subclasses__() for one in (sub, *below(sub))]
print(json.dumps([len(below(Shape)), sum(shape.__pydantic_complete__ for shape in below(Shape))]))
"""


def run(program: str) -> list[object]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found: list[object] = json.loads(done.stdout)
    return found


def test_the_application_loads_no_library_before_somebody_needs_it() -> None:
    assert LATER & set(run(LOADED)) == set()


def test_shapes_are_built_when_they_are_used() -> None:
    shapes, built = run(BUILT)
    assert isinstance(shapes, int)
    assert isinstance(built, int)
    assert shapes > 300
    assert built < shapes / 10
