"""What it costs to load the application, in processor time, against the two libraries that it stands on."""

import os
import subprocess
import sys

from benchmarks.bench import Bench
from benchmarks.figures import Figure, at_most
from benchmarks.requests import ROOT

TIMES_THE_LIBRARIES, ROUNDS = 4.5, 5
LIBRARIES, APPLICATION = "fastapi, sqlalchemy.orm", "mercat.main"
PROGRAM = """
import resource
import {}
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""


def figures(bench: Bench) -> list[Figure]:
    """Load both in turn, each in processes of its own; the first of each writes the bytecode and does not count."""
    bench.say("measuring: loading the application")
    pairs = [(_seconds(LIBRARIES), _seconds(APPLICATION)) for _ in range(ROUNDS + 1)][1:]
    libraries, application = (min(side) for side in zip(*pairs, strict=True))
    return [
        at_most(
            "loading the application",
            application / libraries,
            TIMES_THE_LIBRARIES,
            "x",
            details=f"{application:.2f} s and {libraries:.2f} s of CPU",
            values={"application": application, "libraries": libraries},
        )
    ]


def _seconds(modules: str) -> float:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", PROGRAM.format(modules)]
    environment = {**kept, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(  # noqa: S603 - our own program
        command, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
