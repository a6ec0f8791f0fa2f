"""Reviews, votes and reports, and the exact sums of what products were given."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
PUBLISHED = sa.text("status = 'published'")


def references(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=None if nullable else NOW, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "product_ratings",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0 AND stars BETWEEN count AND 5 * count", name=op.f("ck_product_ratings_sane")),
        references("product_ratings", "product_id", "products", cascade=True),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_ratings")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), server_default="", nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text_key", sa.LargeBinary(), nullable=True),
        sa.Column("verified", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("signals", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("helpful_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("report_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        moment("replied_at", nullable=True),
        moment("published_at", nullable=True),
        moment("edited_at", nullable=True),
        moment("created_at"),
        moment("updated_at"),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_reviews_rating")),
        sa.CheckConstraint(
            "status IN ('pending', 'published', 'rejected', 'hidden', 'withdrawn')", name=op.f("ck_reviews_status")
        ),
        sa.CheckConstraint("helpful_count >= 0 AND report_count >= 0", name=op.f("ck_reviews_counts_not_negative")),
        sa.CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name=op.f("ck_reviews_reply_has_its_moment")),
        references("reviews", "product_id", "products", cascade=True),
        references("reviews", "vendor_id", "vendors"),
        references("reviews", "author_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("author_id", "product_id", name=op.f("uq_reviews_author_id_product_id")),
    )
    for name, column in (("newest", "created_at"), ("helpful", "helpful_count"), ("rating", "rating")):
        op.create_index(f"ix_reviews_{name}", "reviews", ["product_id", column, "id"], postgresql_where=PUBLISHED)
    op.create_index(op.f("ix_reviews_vendor_id_created_at_id"), "reviews", ["vendor_id", "created_at", "id"])
    op.create_index(op.f("ix_reviews_status_id"), "reviews", ["status", "id"])
    op.create_index("ix_reviews_reported", "reviews", ["id"], postgresql_where=sa.text("report_count > 0"))
    op.create_index(op.f("ix_reviews_text_key"), "reviews", ["text_key"])
    op.create_table(
        "review_votes",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        moment("created_at"),
        references("review_votes", "review_id", "reviews", cascade=True),
        references("review_votes", "user_id", "users"),
        sa.PrimaryKeyConstraint("review_id", "user_id", name=op.f("pk_review_votes")),
    )
    op.create_index(op.f("ix_review_votes_user_id"), "review_votes", ["user_id"])
    op.create_table(
        "review_reports",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        moment("created_at"),
        sa.CheckConstraint(
            "reason IN ('spam', 'offensive', 'wrong_product', 'personal_data', 'other')",
            name=op.f("ck_review_reports_reason"),
        ),
        references("review_reports", "review_id", "reviews", cascade=True),
        references("review_reports", "user_id", "users"),
        sa.PrimaryKeyConstraint("review_id", "user_id", name=op.f("pk_review_reports")),
    )
    op.create_index(op.f("ix_review_reports_user_id"), "review_reports", ["user_id"])


def downgrade() -> None:
    for table in ("review_reports", "review_votes", "reviews", "product_ratings"):
        op.drop_table(table)
