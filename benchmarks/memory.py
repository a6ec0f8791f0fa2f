"""What `mercat demo` keeps in memory while nobody asks for anything."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from select import select

from benchmarks.bench import Bench
from benchmarks.figures import Figure, at_most
from benchmarks.requests import ROOT
from benchmarks.stack import process_tree, proportional_bytes
from mercat import embedded

IDLE_MEGABYTES = 400.0
READY_SECONDS, IDLE_SECONDS = 90.0, 4.0


def figures(bench: Bench) -> list[Figure]:
    """Start the demo as a user would, wait until it has calmed down, add up its processes."""
    bench.say("measuring: idle memory of the demo")
    folder = bench.stack.folder / "demo"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MERCAT_")}
    command = [sys.executable, "-m", "mercat", "demo", "--port", str(embedded.free_port())]
    demo = embedded.spawn(
        [*command, "--data-dir", str(folder), "--json"],
        output=subprocess.PIPE,
        errors=subprocess.DEVNULL,
        environment={**kept, "PYTHONPATH": str(ROOT / "src")},
    )
    try:
        if demo.stdout is None or not select([demo.stdout], [], [], READY_SECONDS)[0] or not demo.stdout.readline():
            raise RuntimeError("the demo was not ready in time")
        time.sleep(IDLE_SECONDS)
        vendor_orders = _parts(demo.pid)
    finally:
        embedded.stop(demo, (signal.SIGTERM, 12.0))
    total = sum(vendor_orders.values()) / 1e6
    shown = ", ".join(f"{name} {size / 1e6:.0f}" for name, size in sorted(vendor_orders.items(), key=lambda p: -p[1]))
    values = {name: float(size) for name, size in vendor_orders.items()}
    return [at_most("idle memory of the demo", total, IDLE_MEGABYTES, " MB", details=f"PSS: {shown}", values=values)]


def _parts(pid: int) -> dict[str, int]:
    vendor_orders: dict[str, int] = defaultdict(int)
    for member in process_tree(pid):
        with contextlib.suppress(OSError):  # one of PostgreSQL's helpers may end meanwhile
            vendor_orders[_kind(member)] += proportional_bytes(member)
    return dict(vendor_orders)


def _kind(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").split()
    for word in ("serve", "worker", "demo"):
        if word in words:
            return word
    return Path(words[0]).name.rstrip(":") if words else "?"
