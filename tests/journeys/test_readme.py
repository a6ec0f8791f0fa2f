"""The README's tour, pasted block by block as it stands, beside a demo with a port and a folder of its own."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.documents import FENCE, ROOT

pytestmark = pytest.mark.long

PORT = "http://127.0.0.1:8000"


def tour() -> list[str]:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    part = page[page.index("## A tour in five minutes") : page.index("## Configuration")]
    return [body for kind, body in FENCE.findall(part) if kind == "sh"]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A demo in a folder of its own; yields its address and the environment of a terminal beside it."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("MERCAT_")}
    environment = {**settings, "MERCAT_DATA_DIR": str(tmp_path / "marketplace"), "TMPDIR": str(tmp_path)}
    command = ["./mercat", "demo", "--port", "0", "--json"]
    with (tmp_path / "demo.log").open("wb") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log)
    assert running.stdout is not None
    try:
        yield json.loads(running.stdout.readline())["url"], environment
    finally:
        running.send_signal(signal.SIGTERM)
        running.stdout.close()
        assert running.wait() == 0


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
