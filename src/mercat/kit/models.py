"""Base of every table: names of constraints that can be relied on, UUIDv7 keys, aware times."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, MetaData, Text, Uuid, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from mercat.kit.ids import new_id


class Base(DeclarativeBase):
    """Declarative base; the naming convention is what `kit.problems.CONSTRAINTS` is keyed by."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[object, object]] = {
        str: Text(),
        UUID: Uuid(),
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text()),
        list[UUID]: ARRAY(Uuid()),
    }


class Identified:
    """A primary key made in Python."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Stamped:
    """When a row was made and last changed; the database keeps both."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


MinorUnits = BigInteger
"""Column type of money: integer minor units."""
