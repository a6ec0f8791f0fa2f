import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mercat.embedded import Postgres

QUICK = {"fsync": "off", "synchronous_commit": "off"}


@pytest.fixture
def home() -> Iterator[Path]:
    """A home only its owner may enter, with a space in its name, as people have them."""
    folder = Path(tempfile.mkdtemp(prefix="mercat home "))
    folder.chmod(0o700)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A cluster that tests take turns on; each starts and stops its own server and leaves the folder usable."""
    home = Path(tempfile.mkdtemp(prefix="mercat cluster "))
    with Postgres(home / "pg data", settings=QUICK):
        pass
    yield home / "pg data"
    shutil.rmtree(home)
