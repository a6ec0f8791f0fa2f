"""Finding the parts that left long ago."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_vendor_orders_shipped_at"),
        "vendor_orders",
        ["shipped_at"],
        postgresql_where=sa.text("status = 'shipped'"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_vendor_orders_shipped_at"), table_name="vendor_orders")
