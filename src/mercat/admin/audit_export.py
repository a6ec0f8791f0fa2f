"""The audit log as a file: CSV for spreadsheets, NDJSON for programs."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum

import orjson

from mercat import audit
from mercat.kit.database import Database
from mercat.kit.spreadsheets import csv_lines, neutral

COLUMNS = (
    "id", "at", "actor_id", "actor", "action", "target_type", "target_id", "changes", "request_id", "ip",
)  # fmt: skip


class Format(StrEnum):
    """What a file can be."""

    csv = "csv"
    ndjson = "ndjson"


class AuditExport(audit.AuditFilter):
    """Which entries, in which kind of file."""

    format: Format = Format.csv
    """`csv` with a column for each field, `changes` as JSON; or `ndjson`, one entry as the list has it a line."""


@dataclass(frozen=True, slots=True)
class Written:
    """How entries become a file."""

    media_type: str
    head: str
    lines: Callable[[Sequence[audit.AuditEntry]], str]


async def chunks(database: Database, wanted: AuditExport) -> AsyncGenerator[bytes, None]:
    """Yield the file, newest entry first. What cannot be read at all is raised before the first chunk."""
    written = FORMATS[wanted.format]
    async with database.streaming() as connection, aclosing(audit.batches(connection, wanted)) as batches:
        head = written.head
        async for entries in batches:
            yield (head + written.lines(entries)).encode()
            head = ""
        if head:
            yield head.encode()


def _cells(entry: audit.AuditEntry) -> list[str]:
    shown = {
        **entry.model_dump(mode="json", include={"id", "at", "action", "target_type", "target_id", "request_id", "ip"}),
        "actor_id": entry.actor.id and str(entry.actor.id),
        "actor": entry.actor.name,
        "changes": orjson.dumps(entry.model_dump(mode="json", include={"changes"})["changes"]).decode(),
    }
    return [neutral(shown[name] or "") for name in COLUMNS]


FORMATS: Mapping[Format, Written] = {
    Format.csv: Written(
        "text/csv", "".join(csv_lines([COLUMNS])), lambda entries: "".join(csv_lines(map(_cells, entries)))
    ),
    Format.ndjson: Written(
        "application/x-ndjson", "", lambda entries: "".join([f"{entry.model_dump_json()}\n" for entry in entries])
    ),
}
