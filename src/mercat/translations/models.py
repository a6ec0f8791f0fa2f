"""Texts and slugs of things in other languages than that which they are written in."""

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Stamped


class Translation(Stamped, Base):
    """The texts of one thing in one language, by field; a field that is not there falls back.

    `kind` is what a room calls its things (`product`), `key` which of them (an id, or the name of an attribute).
    `sources` has a digest of each text as it was when it was translated: another one now means that the translation
    may be out of date. `made` is made of the texts: HTML of Markdown, say. `version` counts edits and guards them.
    """

    __tablename__ = "translations"
    __table_args__ = (Index("ix_translations_locale", "locale", "kind", "key"),)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    texts: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}", default=dict)
    sources: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}", default=dict)
    made: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}", default=dict)
    version: Mapped[int] = mapped_column(server_default="1", default=1)


class TranslatedSlug(Base):
    """Every slug that a thing ever had in a language: unique there; old ones redirect and are never given again."""

    __tablename__ = "translated_slugs"
    __table_args__ = (
        Index("uq_translated_slugs_current", "kind", "key", "locale", unique=True, postgresql_where=text("is_current")),
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    is_current: Mapped[bool] = mapped_column(server_default="true", default=True)
