"""What search keeps in PostgreSQL: documents of its default engine, values of facets, and the words there are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Computed,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, MinorUnits


class SearchDocument(Base):
    """A listed product in a locale as it is searched.

    `terms` holds its words, coded by where they stand (see `postgresql.terms`), and its facets. The columns beside it
    are narrow, so that what was found is counted without reading `terms`: all that is counted is in `counted` (see
    `postgresql.counted`). `lot` is drawn from 1,024 by a hash: those with low ones are a sample (`postgresql.sizes`).
    """

    __tablename__ = "search_documents"
    __table_args__ = (
        Index("ix_search_documents_terms", "terms", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index("ix_search_documents_created_at", "locale", "created_at", "product_id"),
        Index("ix_search_documents_price", "locale", "price_minor", "product_id"),
        Index("ix_search_documents_popularity", "locale", text("popularity DESC"), text("product_id DESC")),
        Index("ix_search_documents_rating", "locale", "rating_average", "product_id"),
        Index("ix_search_documents_sold", "locale", "sold_count", "product_id"),
        Index("ix_search_documents_lot", "locale", "lot"),
        Index("ix_search_documents_name", "locale", "name_key", "product_id"),
        Index(
            "ix_search_documents_sold_out",
            "locale",
            text("popularity DESC"),
            text("product_id DESC"),
            postgresql_where=text("NOT in_stock"),
        ),
        *(
            Index(
                f"ix_search_documents_lots_{lots}",
                "terms",
                postgresql_using="gin",
                postgresql_with={"fastupdate": "off"},
                postgresql_where=text(f"lot < {lots}"),
            )
            for lots in (64, 16, 4, 1)
        ),
    )
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    price_minor: Mapped[int] = mapped_column(MinorUnits)
    popularity: Mapped[float] = mapped_column(Float(53))
    rating_average: Mapped[float] = mapped_column(Float(53))
    sold_count: Mapped[int]
    in_stock: Mapped[bool]
    on_sale: Mapped[bool]
    created_at: Mapped[datetime]
    indexed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    counted: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    terms: Mapped[str] = mapped_column(TSVECTOR)
    lot: Mapped[int] = mapped_column(
        SmallInteger, Computed("(uuid_hash_extended(product_id, 0) & 1023)::smallint", persisted=True)
    )


class SearchFacetValue(Base):
    """A value that products can be filtered by. `key` stays when it is renamed; `words` is its label folded."""

    __tablename__ = "search_facet_values"
    __table_args__ = (
        Index("uq_search_facet_values_facet_key", "facet", "key", unique=True),
        Index("ix_search_facet_values_facet_value", "facet", "value"),
    )
    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    facet: Mapped[str]
    key: Mapped[str]
    value: Mapped[str]
    label: Mapped[str]
    words: Mapped[str]


class SearchedLocale(Base):
    """A language that every listed product has a document in; before that, the documents of the source answer."""

    __tablename__ = "searched_locales"
    locale: Mapped[str] = mapped_column(primary_key=True)


class SearchLexeme(Base):
    """A word of the catalogue, for completing and correcting what is typed. `keys` are its deletions.

    What only codes have, such as parts of SKUs, is no word: it completes, and nobody means it by a slip.
    A short beginning is completed by what is leading: what is new, and the most frequent that begin so.
    """

    __tablename__ = "search_lexemes"
    __table_args__ = (
        Index("ix_search_lexemes_keys", "keys", postgresql_using="gin"),
        Index("ix_search_lexemes_leading", "locale", "lexeme", postgresql_where=text("is_leading")),
        Index("ix_search_lexemes_ending", "locale", text("reverse(lexeme)")),
    )
    locale: Mapped[str] = mapped_column(primary_key=True)
    lexeme: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    documents: Mapped[int]
    is_word: Mapped[bool]
    keys: Mapped[list[str]]
    is_leading: Mapped[bool] = mapped_column(server_default=text("true"))


class SearchKeptTerm(Base):
    """A frequent term whose counts are kept: triggers log what changes about it (see `postgresql.kept_counts`)."""

    __tablename__ = "search_kept_terms"
    locale: Mapped[str] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)


class SearchCount(Base):
    """How many documents have a kept term, and of these how many have which counted value: the sum of a term's rows.

    One of them is the base, which was counted; the others are differences that triggers have logged since. A term
    without a base is not counted yet. Appending never waits for another transaction; a schedule folds the log.
    """

    __tablename__ = "search_counts"
    __table_args__ = (Index("ix_search_counts_locale_term", "locale", "term"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    locale: Mapped[str]
    term: Mapped[str] = mapped_column(Text(collation="C"))
    is_base: Mapped[bool]
    total: Mapped[int]
    ids: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    counts: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class SearchChange(Base):
    """A product whose documents have changed since they were sent to the engine beside PostgreSQL.

    `version` grows with every change. Nothing is noted before there is an index to send it to.
    """

    __tablename__ = "search_changes"
    __table_args__ = (Index("ix_search_changes_version", "version"),)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, Identity(always=True, start=2))


class SearchIndex(Base):
    """An index of documents that is written: one that answers, and one that is being filled to take its place.

    `server` says where it is. While it is filled, `after` is the last product that has been written to it. The
    documents in PostgreSQL are such an index while they are written from the beginning.
    """

    __tablename__ = "search_indexes"
    name: Mapped[str] = mapped_column(primary_key=True)
    server: Mapped[str]
    is_active: Mapped[bool]
    after: Mapped[UUID]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
