"""What a process loads before it is asked for anything: no library that one request in a thousand needs."""

import json
import os
import subprocess
import sys

from surroundings import python_path

LATER = {
    "PIL",
    "aiosmtplib",
    "alembic",
    "authlib",
    "celery",
    "httpx2",
    "jinja2",
    "mercat.demo",
    "mjml",
    "puremagic",
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
COMMANDS = """
import json, sys
import mercat.cli
print(json.dumps(sorted(sys.modules)))
"""
KEPT = """
import gc, json
import mercat.main
print(json.dumps([gc.get_freeze_count(), len(gc.get_objects())]))
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
    environment = {**os.environ, "PYTHONPATH": python_path()}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    found: list[object] = json.loads(done.stdout)
    return found


def test_the_application_loads_no_library_before_somebody_needs_it() -> None:
    assert LATER & set(run(LOADED)) == set()


def test_the_command_line_loads_nothing_of_the_application_before_it_knows_the_command() -> None:
    assert {"fastapi", "psycopg", "pydantic", "redis", "sqlalchemy"} & set(run(COMMANDS)) == set()


def test_the_garbage_collector_passes_over_what_was_imported() -> None:
    passed_over, looked_through = run(KEPT)
    assert isinstance(passed_over, int)
    assert isinstance(looked_through, int)
    assert passed_over > 100_000
    assert looked_through < 1000


def test_shapes_are_built_when_they_are_used() -> None:
    shapes, built = run(BUILT)
    assert isinstance(shapes, int)
    assert isinstance(built, int)
    assert shapes > 300
    assert built < shapes / 10
