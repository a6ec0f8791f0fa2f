"""Every table there is: importing this module fills `metadata`, for migrations and their check.

A table lives in a module named `models`, whichever package has it; those of the kit are named here.
"""

from importlib import import_module
from pathlib import Path

from mercat.kit import idempotency
from mercat.kit.models import Base

ROOT = Path(__file__).parent

for file in sorted(ROOT.rglob("models.py")):
    import_module(".".join((ROOT.name, *file.relative_to(ROOT).with_suffix("").parts)))

OWN_TABLES = (idempotency.StoredAnswer,)
metadata = Base.metadata
