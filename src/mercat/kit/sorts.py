"""Lists in the order that their readers ask for: a column up or down, ties by id, in pages by number or by cursor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, TypeVarTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Result, Select, SQLColumnExpression, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.ids import parse_id
from mercat.kit.pagination import BadCursor, BothWays, PageParams, decode_cursor, encode_cursor
from mercat.kit.problems import FieldError

Wanted = TypeVar("Wanted", bound=Select[*tuple[Any, ...]])
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Sorts:
    """By what a list can be sorted: `name` is upward, `-name` downward."""

    key: SQLColumnExpression[UUID]
    """Decides between equals, in the same direction; of rows that are added in time it is that order, too."""
    columns: Mapping[str, SQLColumnExpression[Any]]
    optional: frozenset[str] = frozenset()
    """Columns that may be empty: such rows are the last either way. A list by cursor has none."""

    def ordered(self, wanted: Wanted, sort: str) -> Wanted:
        """Return a statement in this order."""
        name = sort.removeprefix("-")
        column, down = self.columns[name], sort.startswith("-")
        directed = column.desc() if down else column.asc()
        if name in self.optional:
            directed = directed.nulls_last()
        tie = self.key.desc() if down else self.key.asc()
        return wanted.order_by(tie) if column is self.key else wanted.order_by(directed, tie)

    async def page_after(
        self, session: AsyncSession, wanted: Select[*Columns], sort: str, listing: BothWays
    ) -> tuple[list[tuple[*Columns]], str | None]:
        """Return the rows of a statement after the listing's cursor, and the cursor of what follows them.

        A cursor is the place of a row, not the row: one that has changed or gone since leads nobody astray.

        Raises:
            BadCursor: it is not of this order.
        """
        column, down = self.columns[sort.removeprefix("-")], sort.startswith("-")
        if listing.cursor:
            here, place = self._here(column), self._place(column, listing.cursor, sort)
            wanted = wanted.where(here < place if down else here > place)
        placed = self.ordered(wanted, sort).add_columns(column, self.key)
        rows = (await session.execute(placed.limit(listing.limit + 1))).all()
        shown = rows[: listing.limit]
        following = None
        if len(rows) > listing.limit:
            value, key = shown[-1][-2:]
            values = () if column is self.key else (value.isoformat() if isinstance(value, datetime) else value,)
            following = encode_cursor(sort, *values, str(key))
        return cast("list[tuple[*Columns]]", [row[:-2] for row in shown]), following

    def _here(self, column: SQLColumnExpression[Any]) -> ColumnElement[Any]:
        return tuple_(self.key) if column is self.key else tuple_(column, self.key)

    def _place(self, column: SQLColumnExpression[Any], cursor: str, sort: str) -> tuple[object, ...]:
        """Read a place back, as it compares with `_here`."""
        moment = cast("ColumnElement[Any]", column).type.python_type is datetime
        kinds = () if column is self.key else (str if moment else int,)
        *values, key = decode_cursor(cursor, sort, *kinds, str)
        place = [_moment(str(value)) if moment else value for value in values]
        row_id = parse_id(str(key))
        if row_id is None or None in place:
            raise BadCursor(errors=(FieldError("cursor", "not a cursor of this list", "bad_cursor"),))
        return (*place, row_id)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


async def numbered_page(
    session: AsyncSession, ordered: Select[*Columns], params: PageParams
) -> tuple[Result[*Columns], int]:
    """Return a numbered page of an ordered statement, and how many rows it has in all."""
    total = await session.scalar(select(func.count()).select_from(ordered.order_by(None).subquery()))
    return await session.execute(ordered.limit(params.size).offset(params.offset)), total or 0
