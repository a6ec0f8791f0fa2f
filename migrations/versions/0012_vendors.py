"""Shops: terms of commission."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# what was agreed stays as it was; only a purged category takes its terms with it
TERMS_STAY = """
CREATE TRIGGER unchanged BEFORE UPDATE OR TRUNCATE ON commission_terms
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE commission_terms ENABLE ALWAYS TRIGGER unchanged;
"""


def references(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "commission_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("rate", sa.Numeric(6, 5), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("rate >= 0 AND rate <= 1", name=op.f("ck_commission_terms_rate")),
        references("commission_terms", "vendor_id", "vendors"),
        references("commission_terms", "category_id", "categories"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_terms")),
    )
    op.create_index(
        "uq_commission_terms_vendor_category_from",
        "commission_terms",
        ["vendor_id", "category_id", "valid_from"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(op.f("ix_commission_terms_category_id"), "commission_terms", ["category_id"])
    op.execute(TERMS_STAY)


def downgrade() -> None:
    op.drop_table("commission_terms")
