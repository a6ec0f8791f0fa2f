"""A small file must not cost much: what it unpacks to is bounded, and nobody waits for a reader that is told to end."""

import asyncio
import gzip
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.feeds.conftest import ReadFeed
from mercat.auth import Actor
from mercat.catalog.feeds import import_file, importer
from mercat.catalog.feeds.guard import Guard, Stopped
from mercat.catalog.feeds.reader import read
from mercat.kit.database import Database
from mercat.kit.settings_memory import read_anew

HEADER = "Handle,Title,Variant Price\n"
WOO = "Type,SKU,Name,Regular price\n"


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MERCAT_IMPORT_MAX_BYTES", "1048576")
    monkeypatch.setenv("MERCAT_IMPORT_MAX_ROWS", "1000")
    read_anew()
    yield
    monkeypatch.undo()
    read_anew()


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.usefixtures("small_limits")
def test_no_more_is_read_than_the_setting_says(tmp_path: Path, read_feed: ReadFeed, *, packed: bool) -> None:
    rows = "".join(f"h{n},{'x' * 200},1\n" for n in range(300))
    text = (HEADER + rows + "y" * 5_000_000).encode()
    path = tmp_path / "feed.csv"
    path.write_bytes(gzip.compress(text) if packed else text)

    outcome = read_feed(path)

    assert len(outcome.products) == 300
    assert [error.code for error in outcome.errors] == ["broken_file"]
    assert "1048576 bytes" in outcome.errors[0].message


@pytest.mark.usefixtures("small_limits")
def test_a_file_of_just_the_limit_is_whole(tmp_path: Path, read_feed: ReadFeed) -> None:
    start = HEADER + "a,A,1\nb,"
    path = tmp_path / "feed.csv"
    path.write_text(start + "x" * 255 + ",1\n" + "\n" * (1_048_576 - len(start) - 258), encoding="utf-8")

    outcome = read_feed(path)

    assert path.stat().st_size == 1_048_576
    assert (len(outcome.products), outcome.errors) == (2, [])


@pytest.mark.parametrize("header", [HEADER, WOO])
@pytest.mark.parametrize(("rows", "codes"), [(1_000, []), (1_001, ["broken_file"])])
@pytest.mark.usefixtures("small_limits")
def test_no_more_rows_are_read_than_the_setting_says(
    tmp_path: Path, read_feed: ReadFeed, header: str, rows: int, codes: list[str]
) -> None:
    line = "simple,s{0},N{0},1\n" if header == WOO else "h{0},N{0},1\n"
    path = tmp_path / "feed.csv"
    path.write_text(header + "".join(line.format(n) for n in range(rows)), encoding="utf-8")

    outcome = read_feed(path)

    assert len(outcome.products) == 1_000
    assert [error.code for error in outcome.errors] == codes


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(HEADER.encode() + b"x" * 20_000_000),
        HEADER.encode() + b'"open' * 300_000,
        HEADER.encode() + b'a,"A\n' * 100_000,
        WOO.encode() + b"simple,S,N,1\n" * 50_000,
    ],
    ids=["gzip", "one long line", "open quotes", "many rows"],
)
def test_a_reader_that_is_told_to_end_ends(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes(content)
    guard = Guard()
    guard.stop()

    with pytest.raises(Stopped):
        list(read(path, currency="EUR", on_error=lambda _: None, guard=guard))


async def test_whoever_gives_up_an_import_does_not_wait_for_its_file(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes(HEADER.encode() + b'a,"A\n' * 2_000_000)
    reading, ended = threading.Event(), threading.Event()
    guards: list[Guard] = []
    real = importer.Guard

    def watched() -> Guard:
        guard = real(most_bytes=1 << 40, most_rows=1 << 40)
        check = guard.check

        def told() -> None:
            reading.set()
            try:
                check()
            except Stopped:
                ended.set()
                raise

        monkeypatch.setattr(guard, "check", told)
        guards.append(guard)
        return guard

    monkeypatch.setattr(importer, "Guard", watched)
    task = asyncio.create_task(import_file(database, path, vendor_slug="acme", actor=Actor(name="test")))
    await asyncio.to_thread(reading.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
