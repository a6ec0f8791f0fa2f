"""What the guide to the API says of routes is what the application has."""

import re
from pathlib import Path

from mercat.kit.openapi import operations
from mercat.main import create_app
from mercat.outbox.config import JobSettings
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


def test_commands_of_all_guides_name_things_alike() -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    shouted = {
        f"{page.name}: {word}"
        for page in docs.rglob("*.md")
        for word in re.findall(r"\$\{?([A-Z][A-Z_]+)", page.read_text(encoding="utf-8"))
        if page.parent.name in {"guides", "operations"} and not word.startswith("MERCAT_")
    }

    assert shouted == set()
    assert not [page for page in docs.rglob("*.md") if "uuidgen" in page.read_text(encoding="utf-8")]


def test_the_guide_to_jobs_tells_how_often_they_are_tried() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "jobs.md").read_text(encoding="utf-8")

    assert f"`MERCAT_JOB_MAX_ATTEMPTS` ({JobSettings.model_fields['job_max_attempts'].default})" in guide
