"""What operators tell search: words that mean the same, and what is done about certain queries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, Stamped


class SearchCuration(Base):
    """One row, which every change of synonyms and rules locks and counts: processes read them anew by its version."""

    __tablename__ = "search_curation"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(server_default="0", default=0)
    rules_followed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When a rule's beginning or end was last counted as a change."""


class SearchSynonym(Identified, Stamped, Base):
    """Words that mean the same. With `finds` one way: who types one of `terms` finds these, too.

    `key` is all of it folded and in order, so that nothing is said twice.
    """

    __tablename__ = "search_synonyms"
    __table_args__ = (UniqueConstraint("locale", "key"),)
    locale: Mapped[str]
    terms: Mapped[list[str]]
    finds: Mapped[list[str]] = mapped_column(server_default="{}", default=list)
    key: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1", default=1)


class SearchRule(Identified, Stamped, Base):
    """What is done about a query. `key` is its words as queries are compared: stemmed, in order."""

    __tablename__ = "search_rules"
    __table_args__ = (
        CheckConstraint("match IN ('exact', 'contains')", name="match"),
        CheckConstraint("redirect_kind IN ('category', 'vendor', 'product', 'path')", name="redirect_kind"),
        CheckConstraint("(redirect_kind IS NULL) = (redirect_to IS NULL)", name="redirect_whole"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        UniqueConstraint("locale", "match", "key", "starts_at", "ends_at", postgresql_nulls_not_distinct=True),
    )
    locale: Mapped[str]
    query: Mapped[str]
    key: Mapped[str]
    match: Mapped[str] = mapped_column(server_default="exact", default="exact")
    pinned: Mapped[list[UUID]] = mapped_column(server_default="{}", default=list)
    buried: Mapped[list[UUID]] = mapped_column(server_default="{}", default=list)
    redirect_kind: Mapped[str | None]
    redirect_to: Mapped[str | None]
    """An id, or a path."""
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    version: Mapped[int] = mapped_column(server_default="1", default=1)
