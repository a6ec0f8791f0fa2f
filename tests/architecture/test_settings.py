"""`.env.example` names every setting there is, with the value it has when nothing is set."""

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
