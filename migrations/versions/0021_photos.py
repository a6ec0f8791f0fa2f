"""Photos in reviews; logos and banners of shops by upload."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("alt", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_photos_review_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_review_photos_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_photos")),
        sa.UniqueConstraint("file_id", name=op.f("uq_review_photos_file_id")),
    )
    op.create_index(op.f("ix_review_photos_review_id"), "review_photos", ["review_id"])
    op.add_column("vendors", sa.Column("banner_url", sa.Text(), nullable=True))
    for column in ("logo_file_id", "banner_file_id"):
        op.add_column("vendors", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_vendors_{column}"), "vendors", "files", [column], ["id"])
        op.create_unique_constraint(op.f(f"uq_vendors_{column}"), "vendors", [column])


def downgrade() -> None:
    for column in ("banner_file_id", "logo_file_id", "banner_url"):
        op.drop_column("vendors", column)
    op.drop_table("review_photos")
