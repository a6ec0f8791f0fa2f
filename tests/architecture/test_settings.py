"""`.env.example` names every setting there is, with the value it has when nothing is set; a process reads them once."""

import ast
import json
import re
from pathlib import Path

from pydantic import SecretStr

import mercat.main
import mercat.worker
from mercat.kit.config import Settings

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def declared() -> dict[str, str]:
    assert mercat.main
    assert mercat.worker  # importing both has registered every domain's settings
    found = {}
    for settings in Settings.registry:
        for name, field in settings.model_fields.items():
            default = field.get_default()
            if isinstance(default, SecretStr):
                default = default.get_secret_value()
            found[f"MERCAT_{name.upper()}"] = default if isinstance(default, str) else json.dumps(default)
    return found


def test_every_setting_is_in_the_example_with_its_default() -> None:
    lines = re.findall(r"^#?(MERCAT_[A-Z_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(lines) == declared()
    assert len(lines) == len(dict(lines))


def test_every_setting_is_explained() -> None:
    for settings in Settings.registry:
        for name, field in settings.model_fields.items():
            assert field.description, f"{settings.__name__}.{name}"


SOURCE = Path(__file__).resolve().parents[2] / "src" / "mercat"
PUT_TOGETHER = {"main.py", "worker.py", "outbox/celery_fleet.py", "kit/startup.py"}
"""Those who put a process together read its settings themselves, and so do the operator's commands."""


def made(path: Path) -> list[str]:
    return [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr).endswith("Settings")
        and not node.args
        and not node.keywords
    ]


def test_settings_are_read_once_and_not_by_every_request() -> None:
    files = [path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).as_posix() not in PUT_TOGETHER]
    assert [place for path in files if path.parts[len(SOURCE.parts)] != "cli" for place in made(path)] == []
