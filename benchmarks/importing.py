"""A catalogue brought in by the product, and the same rows by `COPY` alone."""

import io
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Table

from benchmarks.bench import Bench
from benchmarks.figures import Figure, at_most, known
from benchmarks.imported import bring_in
from mercat.tables import metadata

IMPORT_SECONDS, OVER_COPY = 90.0, 6.0
BY_TRIGGER = {"cache_generations", "product_counts"}
"""Filled by a trigger on another table, during a COPY into that as well."""
CHUNK = 1 << 20
COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


def figures(bench: Bench) -> list[Figure]:
    """Measure the first import, one that finds nothing to do, and COPY."""
    first = bench.large
    bench.say("importing the same file again")
    again = bring_in(first.database_url, first.catalogue).report
    bench.say("copying the same rows into an empty schema")
    copied, rows = copy_seconds(first.database_url, bench.stack.database("copied"), bench.stack.folder)
    report = first.report
    taken = f"{report.created:,} products and {first.catalogue.variants:,} variants, {report.error_count} errors"
    return [
        at_most("import", report.seconds, IMPORT_SECONDS, " s", details=taken, values={"seconds": report.seconds}),
        at_most(
            "import against COPY",
            report.seconds / copied,
            OVER_COPY,
            "x",
            details=f"COPY of the same {rows:,} rows, indexes, constraints and triggers included: {copied:.1f} s",
            values={"import_seconds": report.seconds, "copy_seconds": copied, "rows": rows},
        ),
        Figure(
            "import once more",
            "nothing changed",
            f"{again.created + again.updated} changed",
            again.created + again.updated == 0 and again.unchanged == report.created,
            f"{again.unchanged:,} products compared in {again.seconds:.1f} s",
            {"seconds": again.seconds},
        ),
        known("import rate", f"{first.catalogue.variants / report.seconds:,.0f} rows/s"),
    ]


def copy_seconds(source: str, target: str, folder: Path) -> tuple[float, int]:
    """Write every row that the import made into an empty schema by COPY; returns the seconds and how many rows.

    One transaction, binary, the tables in the order of their foreign keys, one after the other on one connection.
    """
    parts: list[tuple[Table, Path]] = []
    with psycopg.connect(source) as connection:
        for table in metadata.sorted_tables:
            if table.name not in BY_TRIGGER and _count(connection, table.name):
                parts.append((table, folder / f"{table.name}.copy"))
                _out(connection, *parts[-1])
    with psycopg.connect(target) as connection:
        for table in reversed(metadata.sorted_tables):  # the few rows that every new database has would be in the way
            if _count(connection, table.name):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
        connection.commit()
        begun = time.perf_counter()
        for table, path in parts:
            _in(connection, table, path)
        connection.commit()
        seconds = time.perf_counter() - begun
        rows = sum(_count(connection, table.name) for table, _ in parts)
    return seconds, rows


def _columns(connection: psycopg.Connection, table: Table) -> Sequence[str]:
    """Return the columns that are written: all that there are, for the models name only some of a job's."""
    return [row[0] for row in connection.execute(COLUMNS, (table.name,))]


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def _statement(connection: psycopg.Connection, template: str, table: Table) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, _columns(connection, table)))
    return sql.SQL(template).format(table=sql.Identifier(table.name), columns=columns)


def _out(connection: psycopg.Connection, table: Table, path: Path) -> None:
    statement = _statement(connection, "COPY {table} ({columns}) TO STDOUT (FORMAT BINARY)", table)
    with path.open("wb") as file, connection.cursor().copy(statement) as copy:
        for block in copy:
            file.write(block)


def _in(connection: psycopg.Connection, table: Table, path: Path) -> None:
    statement = _statement(connection, "COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)", table)
    with path.open("rb", buffering=io.DEFAULT_BUFFER_SIZE) as file, connection.cursor().copy(statement) as copy:
        while block := file.read(CHUNK):
            copy.write(block)
