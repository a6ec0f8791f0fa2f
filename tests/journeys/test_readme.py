"""The README's tour, pasted block by block as it stands, beside a demo with a port and a folder of its own."""

import subprocess
from pathlib import Path

import pytest

from docs.documents import FENCE, ROOT

pytestmark = pytest.mark.long

PORT = "http://127.0.0.1:8000"


def tour() -> list[str]:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    part = page[page.index("## A tour in five minutes") : page.index("## Configuration")]
    return [body for kind, body in FENCE.findall(part) if kind == "sh"]


def test_the_tour_works_as_it_is_written(demo: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    url, environment = demo
    blocks = [block.replace(PORT, url).replace("/tmp/", f"{tmp_path}/") for block in tour()]  # noqa: S108 - the tour's
    assert len(blocks) >= 9
    script = tmp_path / "tour.sh"
    script.write_text("set -eu\n" + "\n".join(f"echo '### {n}'\n{block}" for n, block in enumerate(blocks)))
    done = subprocess.run(
        ["/bin/sh", str(script)], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    said = done.stdout.split("### ")[1:]
    assert "idempotent-replayed: true" in said[3].lower()
    assert said[4].split()[1:] == ["paid", "shipped"]
    assert said[5].splitlines()[1:4] == ["failed", "captured", "{'amount': '5.00', 'currency': 'EUR'}"]
    assert "everything agrees" in said[5]
    assert "To: " in said[6]
    assert said[7].splitlines()[-1] == "20"
    assert (tmp_path / "out.csv.gz").stat().st_size > 100
