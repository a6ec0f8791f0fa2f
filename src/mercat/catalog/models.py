"""Products and what hangs on them, and the listing kept ready for readers."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Numeric, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, MinorUnits, Stamped

ALIVE = text("deleted_at IS NULL")
DELETED = text("deleted_at IS NOT NULL")
LISTED = text("listed")


class Brand(Identified, Base):
    """Who made it; not who sells it."""

    __tablename__ = "brands"
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Category(Identified, Stamped, Base):
    """A node of the category tree; `path` is its ancestors from the root and itself.

    `filters` are names of attributes and options by which what is in and below it can be filtered.

    No product on sale is in a deleted one, and none that is not deleted lies below it.
    """

    __tablename__ = "categories"
    __table_args__ = (
        Index(None, "parent_id"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        Index("uq_categories_slug", "slug", unique=True, postgresql_where=ALIVE),
    )
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    slug: Mapped[str]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(server_default="0", default=0)
    path: Mapped[list[UUID]]
    filters: Mapped[list[str]] = mapped_column(server_default="{}", default=list)
    deleted_at: Mapped[datetime | None]


class Tag(Identified, Base):
    """A word that products share."""

    __tablename__ = "tags"
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Product(Identified, Stamped, Base):
    """What is described once; what is bought is one of its variants.

    `handle` is the key of feeds, unique per vendor; `slug` is the one in URLs, unique everywhere. `version` counts
    edits and guards them. One that is not `listed` is sold on its page alone.
    """

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'active', 'archived')", name="status"),
        Index("uq_products_vendor_id_handle", "vendor_id", "handle", unique=True, postgresql_where=ALIVE),
        Index(None, "brand_id"),
        Index(None, "category_id"),
        Index("ix_products_deleted_at", "deleted_at", "id", postgresql_where=DELETED),
        Index("ix_products_publish_at", "publish_at", postgresql_where=text("publish_at IS NOT NULL")),
    )
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    brand_id: Mapped[UUID | None] = mapped_column(ForeignKey("brands.id"))
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    handle: Mapped[str]
    slug: Mapped[str]
    name: Mapped[str]
    description_html: Mapped[str] = mapped_column(server_default="", default="")
    option_names: Mapped[list[str]] = mapped_column(server_default="{}", default=list)
    attributes: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}", default=dict)
    seo_title: Mapped[str] = mapped_column(server_default="", default="")
    seo_description: Mapped[str] = mapped_column(server_default="", default="")
    tax_class: Mapped[str] = mapped_column(server_default="standard", default="standard")
    status: Mapped[str] = mapped_column(server_default="draft")
    listed: Mapped[bool] = mapped_column(server_default="true", default=True)
    publish_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1", default=1)
    deleted_at: Mapped[datetime | None]


class ProductSlug(Base):
    """Every slug a product ever had; the old ones redirect and are never given to another product."""

    __tablename__ = "product_slugs"
    __table_args__ = (Index(None, "product_id"),)
    slug: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))


class ProductTag(Base):
    """Which products have which tag."""

    __tablename__ = "product_tags"
    __table_args__ = (Index(None, "tag_id"),)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tags.id"), primary_key=True)
    position: Mapped[int] = mapped_column(server_default="0", default=0)


class Variant(Identified, Stamped, Base):
    """What is bought: one combination of a product's options, with its price. `vendor_id` repeats the product's."""

    __tablename__ = "variants"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("weight_grams >= 0", name="weight_not_negative"),
        Index(None, "product_id"),
        Index("uq_variants_vendor_id_sku", "vendor_id", "sku", unique=True, postgresql_where=ALIVE),
        Index("uq_variants_product_id_options", "product_id", "options", unique=True, postgresql_where=ALIVE),
    )
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    sku: Mapped[str | None]
    options: Mapped[list[str]] = mapped_column(server_default="{}", default=list)
    currency: Mapped[str]
    price_minor: Mapped[int] = mapped_column(MinorUnits)
    compare_at_minor: Mapped[int | None] = mapped_column(MinorUnits)
    weight_grams: Mapped[int | None]
    barcode: Mapped[str | None]
    image_url: Mapped[str | None]
    position: Mapped[int] = mapped_column(server_default="0", default=0)
    deleted_at: Mapped[datetime | None]

    @property
    def title(self) -> str:
        """The option values in one line."""
        return " / ".join(self.options) or "Default"


class ProductImage(Identified, Base):
    """A picture of a product; one without a file lies somewhere else."""

    __tablename__ = "product_images"
    __table_args__ = (Index(None, "product_id"), Index(None, "file_id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"))
    url: Mapped[str]
    alt: Mapped[str] = mapped_column(server_default="", default="")
    position: Mapped[int] = mapped_column(server_default="0", default=0)


class ProductProjection(Base):
    """A published product as readers get it: filters and sorts as columns, the JSON ready made.

    Only products on sale have one. Stock is not part of it: that is joined when read, so it is never stale. `summary`
    is what lists show, `page` the product without its variants, `variant_bodies` one JSON object a variant. The
    indexes of lists hold `listed` projections alone.
    """

    __tablename__ = "product_projections"
    __table_args__ = (
        Index(
            "ix_product_projections_newest", text("created_at DESC"), text("product_id DESC"), postgresql_where=LISTED
        ),
        Index("ix_product_projections_price", "price_minor", "product_id", postgresql_where=LISTED),
        Index("ix_product_projections_name", "name_key", "product_id", postgresql_where=LISTED),
        Index(
            "ix_product_projections_rating",
            text("rating_average DESC"),
            text("product_id DESC"),
            postgresql_where=LISTED,
        ),
        Index(
            "ix_product_projections_best_selling",
            text("sold_count DESC"),
            text("product_id DESC"),
            postgresql_where=LISTED,
        ),
        Index(
            "ix_product_projections_vendor",
            "vendor_id",
            text("created_at DESC"),
            text("product_id DESC"),
            postgresql_where=LISTED,
        ),
        Index(
            "ix_product_projections_brand",
            "brand_id",
            text("created_at DESC"),
            text("product_id DESC"),
            postgresql_where=LISTED,
        ),
        Index("ix_product_projections_category", "category_path", postgresql_using="gin", postgresql_where=LISTED),
        Index("ix_product_projections_tags", "tags", postgresql_using="gin", postgresql_where=LISTED),
    )
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int]
    vendor_id: Mapped[UUID]
    brand_id: Mapped[UUID | None]
    category_path: Mapped[list[UUID]]
    tags: Mapped[list[str]]
    listed: Mapped[bool] = mapped_column(server_default="true", default=True)
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    price_minor: Mapped[int] = mapped_column(MinorUnits)
    rating_average: Mapped[Decimal] = mapped_column(Numeric(3, 2), server_default="0", default=Decimal(0))
    rating_count: Mapped[int] = mapped_column(server_default="0", default=0)
    sold_count: Mapped[int] = mapped_column(server_default="0", default=0)
    created_at: Mapped[datetime]
    variant_ids: Mapped[list[UUID]]
    summary: Mapped[str]
    page: Mapped[str]
    variant_bodies: Mapped[list[str]]
    rendered_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class ProductProjectionText(Base):
    """A projection in another language: one row for each, so that its own index orders a list by name.

    What is as in the source is null. `slug` is its own slug in this language, if it has one.
    """

    __tablename__ = "product_projection_texts"
    __table_args__ = (
        Index("ix_product_projection_texts_name", "locale", "name_key", "product_id"),
        Index("ix_product_projection_texts_slug", "slug", "locale", postgresql_where=text("slug IS NOT NULL")),
    )
    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("product_projections.product_id", ondelete="CASCADE"), primary_key=True
    )
    locale: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str | None]
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    summary: Mapped[str | None]
    page: Mapped[str | None]
    variant_bodies: Mapped[list[str] | None]
    rendered_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class ProjectedLocale(Base):
    """A language that every projection has a row in: what is read by such rows alone is right from then on."""

    __tablename__ = "projected_locales"
    locale: Mapped[str] = mapped_column(primary_key=True)


class ProductRating(Base):
    """The stars that a product was given in all, and how many gave them: exact, whether it is on sale or not."""

    __tablename__ = "product_ratings"
    __table_args__ = (CheckConstraint("count >= 0 AND stars BETWEEN count AND 5 * count", name="sane"),)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    count: Mapped[int]
    stars: Mapped[int]


class ProductCount(Base):
    """How many products are listed per dimension: a log of differences written by triggers, the sum is the count.

    Appending never waits for another transaction, so publishing does not serialise; a schedule folds the log.
    """

    __tablename__ = "product_counts"
    __table_args__ = (Index("ix_product_counts_dimension_key", "dimension", "key", postgresql_include=["delta"]),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dimension: Mapped[str]
    key: Mapped[str]
    delta: Mapped[int]
