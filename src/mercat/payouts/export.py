"""A vendor's statement as a file: CSV for spreadsheets, NDJSON for programs; streamed, however long it is."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from uuid import UUID

from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.money import Money
from mercat.kit.spreadsheets import csv_lines, neutral
from mercat.payouts.schemas import StatementExport, StatementFormat, StatementLine
from mercat.payouts.statements import parts

COLUMNS = ("at", "type", "reference", "note", "amount", "balance", "currency")
MEDIA = {StatementFormat.csv: "text/csv", StatementFormat.ndjson: "application/x-ndjson"}


async def chunks(database: Database, vendor_id: UUID, wanted: StatementExport) -> AsyncGenerator[bytes, None]:
    """Yield the file: the opening balance, every line, the closing balance."""
    write = WRITERS[wanted.format]
    async with database.streaming() as connection, aclosing(parts(connection, vendor_id, wanted)) as found:
        if wanted.format is StatementFormat.csv:
            yield "".join(csv_lines([COLUMNS])).encode()
        opened, closing = False, Money.zero(wanted.currency)
        async for part in found:
            lines = list(part.lines)
            if not opened:
                lines.insert(0, _frame("opening", wanted.begin, part.opening))
                opened = True
            closing = part.closing
            yield write(lines).encode()
        yield write([_frame("closing", wanted.until or clock.now(), closing)]).encode()


def _frame(kind: str, at: datetime, balance: Money) -> StatementLine:
    nothing = Money.zero(balance.currency)
    return StatementLine(at=at, type=kind, reference="", note="", amount=nothing, balance=balance)


def _cells(line: StatementLine) -> list[str]:
    text = [neutral(cell) for cell in (line.type, line.reference, line.note)]
    # amounts are numbers of ours: a minus before them is no formula
    return [line.at.isoformat(), *text, line.amount.amount, line.balance.amount, line.balance.currency]


WRITERS: dict[StatementFormat, Callable[[Sequence[StatementLine]], str]] = {
    StatementFormat.csv: lambda lines: "".join(csv_lines(map(_cells, lines))),
    StatementFormat.ndjson: lambda lines: "".join([f"{line.model_dump_json()}\n" for line in lines]),
}
