"""Lists in the order that their readers ask for: a column up or down, ties by id, in pages by number or by cursor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, TypeVarTuple
from uuid import UUID

from sqlalchemy import Result, Select, SQLColumnExpression, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.ids import parse_id
from mercat.kit.pagination import BadCursor, PageParams, decode_cursor, encode_cursor
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

    def after(self, wanted: Wanted, sort: str, cursor: str) -> Wanted:
        """Return what of a statement comes after a cursor; an empty one is the beginning.

        Raises:
            BadCursor: it is not of this order.
        """
        if not cursor:
            return wanted
        place = parse_id(str(decode_cursor(cursor, sort, str)[0]))
        if place is None:
            raise BadCursor(errors=(FieldError("cursor", "not a cursor of this list", "bad_cursor"),))
        column, down = self.columns[sort.removeprefix("-")], sort.startswith("-")
        if column is self.key:
            return wanted.where(self.key < place if down else self.key > place)
        here = select(column, self.key).where(self.key == place).scalar_subquery()
        row = tuple_(column, self.key)
        return wanted.where(row < here if down else row > here)


def cursor_at(sort: str, row_id: UUID) -> str:
    """Return the cursor that goes on after a row."""
    return encode_cursor(sort, str(row_id))


async def numbered_page(
    session: AsyncSession, ordered: Select[*Columns], params: PageParams
) -> tuple[Result[*Columns], int]:
    """Return a numbered page of an ordered statement, and how many rows it has in all."""
    total = await session.scalar(select(func.count()).select_from(ordered.order_by(None).subquery()))
    return await session.execute(ordered.limit(params.size).offset(params.offset)), total or 0
