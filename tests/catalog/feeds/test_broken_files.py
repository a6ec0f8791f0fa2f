"""Files that are not what they should be: nothing good is lost, nothing bad goes unsaid."""

import gzip
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from catalog.feeds.conftest import ReadFeed, plain, text_of
from mercat.catalog.feeds.reader import read
from mercat.catalog.feeds.records import CELL_LIMIT, LINE_LIMIT

HEADER = "Handle,Title,Body (HTML),Variant Price\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feed.csv"


def test_an_empty_file(path: Path, read_feed: ReadFeed) -> None:
    path.write_bytes(b"")
    assert read_feed(path).codes == [(1, "empty_file")]


@pytest.mark.parametrize("header", ["Variant Price,Title", "Title", "a;b;c"])
def test_missing_columns_are_reported_on_line_1(path: Path, read_feed: ReadFeed, header: str) -> None:
    path.write_text(f"{header}\nx,y\n", encoding="utf-8")
    outcome = read_feed(path)
    assert [(e.line, e.field, e.code) for e in outcome.errors] == [(1, "Handle", "missing_column")]
    assert outcome.products == []


def test_bytes_that_are_no_utf8_cost_their_row(path: Path, read_feed: ReadFeed) -> None:
    rows = f"{HEADER}a,Ä,,1\nb,".encode() + "Ü".encode("latin-1") + b",,2\nc,C,,3\n"
    path.write_bytes(rows)
    outcome = read_feed(path)
    assert outcome.handles == ["a", "c"]
    assert outcome.codes == [(3, "wrong_encoding")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_byte_order_marks(path: Path, read_feed: ReadFeed, encoding: str) -> None:
    path.write_text(f"{HEADER}a,Größe,,1\n", encoding=encoding)
    outcome = read_feed(path)
    assert (outcome.product.name, outcome.errors) == ("Größe", [])


def test_nul_characters_cost_their_row(path: Path, read_feed: ReadFeed) -> None:
    path.write_text(f"{HEADER}a,A,,1\nb,B\0,,1\nc,C,,1\n", encoding="utf-8")
    outcome = read_feed(path)
    assert (outcome.handles, outcome.codes) == (["a", "c"], [(3, "nul_character")])


def test_rows_with_too_few_or_too_many_cells(path: Path, read_feed: ReadFeed) -> None:
    path.write_text(f"{HEADER}a,A,,1\nb,B,1\n\nc,C,,1,\nd,D,,1\n", encoding="utf-8")
    outcome = read_feed(path)
    assert outcome.handles == ["a", "d"]
    assert outcome.codes == [(3, "too_few_cells"), (5, "too_many_cells")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_the_file_where_the_row_starts(path: Path, read_feed: ReadFeed, end: str) -> None:
    rows = [HEADER.strip(), 'a,A,"one', "two", 'three",1', "", "b,B,,x", 'c,C,"', '",1', "d,D,,y"]
    path.write_bytes(end.join(rows).encode() + end.encode())
    outcome = read_feed(path)
    assert [(p.handle, p.line) for p in outcome.products] == [("a", 2), ("c", 7)]
    assert outcome.products[0].description_html == end.join(["one", "two", "three"])
    assert [code for code in outcome.codes if code[1] == "bad_price"] == [(6, "bad_price"), (9, "bad_price")]


def test_an_unclosed_quote_swallows_nothing(path: Path, read_feed: ReadFeed) -> None:
    good = "".join(f"p{n},P{n},<p>x</p>,1\n" for n in range(5_000))
    path.write_text(f'{HEADER}a,A,,1\nb,"B,,1\n{good}', encoding="utf-8")
    outcome = read_feed(path)
    assert outcome.handles == ["a", *(f"p{n}" for n in range(5_000))]
    assert outcome.codes == [(3, "unclosed_quote")]


def test_an_unclosed_quote_before_quoted_rows(path: Path, read_feed: ReadFeed) -> None:
    path.write_text(f'{HEADER}b,"B,,1\nc,"C","<p>\nx</p>",1\nd,D,,1\n', encoding="utf-8")
    outcome = read_feed(path)
    assert (outcome.handles, outcome.codes) == (["c", "d"], [(2, "unclosed_quote")])


def test_an_unclosed_quote_on_the_last_line(path: Path, read_feed: ReadFeed) -> None:
    path.write_text(f'{HEADER}a,A,,1\nb,"B,,1', encoding="utf-8")
    outcome = read_feed(path)
    assert (outcome.handles, outcome.codes) == (["a"], [(3, "unclosed_quote")])


def test_a_cell_beyond_the_limit(path: Path, read_feed: ReadFeed) -> None:
    path.write_text(f"{HEADER}a,A,{'x' * (CELL_LIMIT + 1)},1\nb,B,{'x' * CELL_LIMIT},1\n", encoding="utf-8")
    outcome = read_feed(path)
    assert (outcome.handles, outcome.codes) == (["b"], [(2, "cell_too_long")])


def test_a_long_cell_of_many_lines_is_one_error(path: Path, read_feed: ReadFeed) -> None:
    text = "word, word\n" * 20_000
    path.write_text(f'{HEADER}a,A,"{text}",1\nb,B,,1\n', encoding="utf-8")
    outcome = read_feed(path)
    assert outcome.handles == ["b"]
    assert outcome.codes == [(2, "unclosed_quote")]
    assert "lines 2 to 20002" in outcome.errors[0].message


def test_a_line_without_end_takes_no_memory(path: Path) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(f"{HEADER}a,A,,1\nb,B,")
        for _ in range(60):
            file.write("x" * LINE_LIMIT)
        file.write(",1\nc,C,,1\n")
    codes: Counter[str] = Counter()
    tracemalloc.start()
    handles = [p.handle for p in read(path, currency="EUR", on_error=lambda error: codes.update([error.code]))]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (handles, codes) == (["a", "c"], Counter(["line_too_long"]))
    assert peak < 20 * LINE_LIMIT, "a third of the line would already be more"


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_truncated_gzip_keeps_what_came_before(path: Path, read_feed: ReadFeed, kept: float) -> None:
    rows = text_of([plain(f"p{n}", Vendor=str(n * 7919 % 10_007)) for n in range(20_000)])
    packed = gzip.compress(rows.encode(), mtime=0)
    path.write_bytes(packed[: int(len(packed) * kept)])
    outcome = read_feed(path)
    read_rows = len(outcome.products)
    assert kept * 20_000 * 0.8 < read_rows < 20_000
    assert outcome.handles == [f"p{n}" for n in range(read_rows)]
    (error,) = outcome.errors
    assert (error.line, error.code) == (read_rows + 2, "broken_file")
    assert outcome.products[-1].partial
    assert not any(product.partial for product in outcome.products[:-1])


def test_a_damaged_gzip_keeps_what_came_before(path: Path, read_feed: ReadFeed) -> None:
    rows = text_of([plain(f"p{n}", Vendor=str(n * 7919 % 10_007)) for n in range(20_000)])
    packed = bytearray(gzip.compress(rows.encode(), mtime=0))
    middle = len(packed) // 2
    packed[middle : middle + 64] = b"\xff" * 64
    path.write_bytes(packed)
    outcome = read_feed(path)
    assert outcome.errors[-1].code == "broken_file"
    assert outcome.handles[:9_000] == [f"p{n}" for n in range(9_000)]


def test_a_wrong_checksum_is_reported_although_all_rows_are_there(path: Path, read_feed: ReadFeed) -> None:
    packed = bytearray(gzip.compress(f"{HEADER}a,A,,1\nb,B,,1\n".encode()))
    packed[-8] ^= 1
    path.write_bytes(packed)
    outcome = read_feed(path)
    assert (outcome.handles, outcome.codes) == (["a", "b"], [(4, "broken_file")])
