"""What the guide to the API says of routes is what the application has."""

import re
from pathlib import Path

from mercat.kit.openapi import operations
from mercat.main import create_app
from mercat.routes import PREFIX

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "api.md").read_text(encoding="utf-8")


def keyed(*, required: bool) -> set[str]:
    return {
        path.removeprefix(PREFIX)
        for method, path, operation in operations(create_app().openapi())
        for header in operation.get("parameters", ())
        if method == "POST" and header["name"] == "Idempotency-Key" and header["required"] is required
    }


def test_it_names_every_route_that_takes_a_key() -> None:
    rows = {row.split("|")[1].strip().partition(",")[0]: row for row in GUIDE.splitlines() if row.startswith("| ")}

    for name, required in (("required", True), ("optional", False)):
        named = set(re.findall(r"`(?:POST )?(/[^`]+)`", rows[name].split("|")[2]))
        assert named == keyed(required=required)
