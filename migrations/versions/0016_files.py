"""Files: uploaded pictures and documents, and which pictures of products are of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("belongs_to", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="incoming", nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("renditions", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("link_key", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('incoming', 'kept', 'released')", name=op.f("ck_files_state")),
        sa.CheckConstraint("size > 0", name=op.f("ck_files_size_positive")),
        sa.CheckConstraint("(link_key IS NOT NULL) = (key LIKE 'private/%')", name=op.f("ck_files_private_by_link")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_files_uploaded_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("key", name=op.f("uq_files_key")),
    )
    op.create_index(op.f("ix_files_uploaded_by"), "files", ["uploaded_by"])
    op.create_index(op.f("ix_files_purpose_belongs_to"), "files", ["purpose", "belongs_to"])
    op.create_index("ix_files_leaving", "files", ["updated_at"], postgresql_where=sa.text("state <> 'kept'"))
    op.add_column("product_images", sa.Column("file_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_product_images_file_id"), "product_images", "files", ["file_id"], ["id"])
    op.create_index(op.f("ix_product_images_file_id"), "product_images", ["file_id"])


def downgrade() -> None:
    op.drop_column("product_images", "file_id")
    op.drop_table("files")
