"""Product files that shops bring in by themselves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalog_imports",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'done')", name=op.f("ck_catalog_imports_state")),
        sa.CheckConstraint("(state = 'done') = (report IS NOT NULL)", name=op.f("ck_catalog_imports_report_when_done")),
        sa.CheckConstraint("(state = 'done') = (content IS NULL)", name=op.f("ck_catalog_imports_content_until_done")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_catalog_imports_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_imports")),
    )
    op.create_index(op.f("ix_catalog_imports_vendor_id_id"), "catalog_imports", ["vendor_id", "id"])


def downgrade() -> None:
    op.drop_table("catalog_imports")
