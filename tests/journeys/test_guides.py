"""The commands of every guide, pasted as they stand beside one demo, after the lines that all of them need."""

import subprocess
from pathlib import Path

import pytest

from docs.documents import FENCE, ROOT, blocks

pytestmark = pytest.mark.long

PORT = "http://127.0.0.1:8000"
FIRST = ROOT / "docs" / "guides" / "README.md"
GUIDES = [page for page in sorted((ROOT / "docs").glob("*/*.md")) if page.parent.name != "adr" and page != FIRST]
SHOWN = {"console", "dotenv", "html", "js", "json", "sql", "text"}
"""Fences of what is looked at and not pasted; `console` has commands that need more than a demo."""


def test_every_fence_says_whether_it_is_pasted() -> None:
    fences = {(page.name, kind) for page in GUIDES for kind, _ in FENCE.findall(page.read_text(encoding="utf-8"))}
    assert {found for found in fences if found[1] not in SHOWN | {"sh"}} == set()


def test_a_guide_with_commands_says_what_comes_first() -> None:
    with_commands = {page: page.read_text(encoding="utf-8") for page in GUIDES if blocks(page, "sh")}
    assert [page.name for page, text in with_commands.items() if "README.md#the-commands" not in text] == []


def test_the_commands_of_the_guides_work(demo: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    url, environment = demo
    (tmp_path / ".curlrc").write_text("fail-with-body\n")  # a refusal is a failure, for curl as for a reader
    failed = {}
    for guide in GUIDES:
        pasted = "\n".join([*blocks(FIRST, "sh"), *blocks(guide, "sh")])
        script = tmp_path / "guide.sh"
        script.write_text("set -eux\n" + pasted.replace(PORT, url).replace("/tmp/", f"{tmp_path}/"))  # noqa: S108 - theirs
        done = subprocess.run(
            ["/bin/sh", str(script)],
            cwd=ROOT,
            env={**environment, "CURL_HOME": str(tmp_path)},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            failed[guide.name] = f"{done.stderr[-1500:]} {done.stdout[-800:]}"
    assert failed == {}
