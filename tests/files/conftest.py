"""Files go to a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mercat.kit.settings_memory import read_anew
from s3_server import S3Server, running


@pytest.fixture(autouse=True)
def _own_folder(folder: Path) -> None:
    """No file of these tests lies anywhere else."""
    assert folder


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """One server that speaks S3 for all tests."""
    with running() as server:
        yield server


@pytest.fixture
def s3(s3_server: S3Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """This test's files go to a bucket, which is empty."""
    assert folder  # set up first: that reads the settings anew as well
    s3_server.empty()
    for name, value in s3_server.settings.items():
        monkeypatch.setenv(name, value)
    read_anew()
    return s3_server


@pytest.fixture(params=["folder", "s3"])
def wherever(request: pytest.FixtureRequest) -> str:
    """The same test once for each kind of storage."""
    if request.param == "s3":
        request.getfixturevalue("s3")
    return str(request.param)
