"""What a process needs that a test starts."""

import os
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"


def python_path(*others: Path) -> str:
    """Return where a process finds the product, and in a measured gate what loads it with its probes."""
    inherited = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part and part != str(SOURCE)]
    return os.pathsep.join([str(SOURCE), *map(str, others), *inherited])
