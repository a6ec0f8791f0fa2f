"""Menus and redirects."""

from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, Stamped


class Menu(Identified, Stamped, Base):
    """A menu, by its name. `version` counts edits and guards them."""

    __tablename__ = "menus"
    name: Mapped[str] = mapped_column(unique=True)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default="1", default=1)


class Redirect(Identified, Stamped, Base):
    """Where a path of the storefront has moved to."""

    __tablename__ = "redirects"
    __table_args__ = (
        CheckConstraint("status IN (301, 308)", name="status"),
        CheckConstraint("from_path <> to_path", name="elsewhere"),
    )
    from_path: Mapped[str] = mapped_column(unique=True)
    to_path: Mapped[str]
    status: Mapped[int]
