"""Wishlists, alerts about products, and what people looked at lately."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
OPEN = sa.text("told_at IS NULL")


def references(table: str, column: str, target: str, *, cascade: bool = True) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def moment(name: str, *, nullable: bool = False, default: bool = True) -> sa.Column[object]:
    given = NOW if default and not nullable else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=given, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "wishlists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("share_hash", sa.LargeBinary(), nullable=True),
        moment("shared_at", nullable=True),
        moment("created_at"),
        moment("updated_at"),
        sa.CheckConstraint("(share_hash IS NULL) = (shared_at IS NULL)", name=op.f("ck_wishlists_shared")),
        references("wishlists", "user_id", "users", cascade=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishlists")),
        sa.UniqueConstraint("share_hash", name=op.f("uq_wishlists_share_hash")),
    )
    op.create_index(op.f("ix_wishlists_user_id_id"), "wishlists", ["user_id", "id"])
    op.create_index(
        "uq_wishlists_default", "wishlists", ["user_id"], unique=True, postgresql_where=sa.text("is_default")
    )
    op.create_table(
        "wishes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        moment("created_at"),
        references("wishes", "list_id", "wishlists"),
        references("wishes", "product_id", "products"),
        references("wishes", "variant_id", "variants"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.UniqueConstraint(
            "list_id",
            "product_id",
            "variant_id",
            name=op.f("uq_wishes_list_id_product_id_variant_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_wishes_product_id"), "wishes", ["product_id"])
    op.create_index(op.f("ix_wishes_variant_id"), "wishes", ["variant_id"])
    op.create_table(
        "product_alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("price_seen_minor", sa.BigInteger(), nullable=False),
        sa.Column("below_minor", sa.BigInteger(), nullable=True),
        moment("told_at", nullable=True),
        moment("created_at"),
        sa.CheckConstraint("kind IN ('back_in_stock', 'price_drop')", name=op.f("ck_product_alerts_kind")),
        references("product_alerts", "user_id", "users", cascade=False),
        references("product_alerts", "product_id", "products"),
        references("product_alerts", "variant_id", "variants"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_alerts")),
        sa.UniqueConstraint(
            "user_id",
            "product_id",
            "variant_id",
            "kind",
            name=op.f("uq_product_alerts_user_id_product_id_variant_id_kind"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_product_alerts_open", "product_alerts", ["id"], postgresql_where=OPEN)
    op.create_index("ix_product_alerts_open_product", "product_alerts", ["product_id"], postgresql_where=OPEN)
    op.create_index(op.f("ix_product_alerts_variant_id"), "product_alerts", ["variant_id"])
    op.create_table(
        "recent_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("cart_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        moment("viewed_at", default=False),
        sa.CheckConstraint("(user_id IS NULL) <> (cart_id IS NULL)", name=op.f("ck_recent_views_one_viewer")),
        references("recent_views", "user_id", "users", cascade=False),
        references("recent_views", "cart_id", "carts"),
        references("recent_views", "product_id", "products"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recent_views")),
        sa.UniqueConstraint("user_id", "product_id", name=op.f("uq_recent_views_user_id_product_id")),
        sa.UniqueConstraint("cart_id", "product_id", name=op.f("uq_recent_views_cart_id_product_id")),
    )
    op.create_index(op.f("ix_recent_views_product_id"), "recent_views", ["product_id"])
    op.create_index(
        "ix_recent_views_guests", "recent_views", ["viewed_at"], postgresql_where=sa.text("cart_id IS NOT NULL")
    )


def downgrade() -> None:
    for table in ("recent_views", "product_alerts", "wishes", "wishlists"):
        op.drop_table(table)
