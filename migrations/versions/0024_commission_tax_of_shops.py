"""The tax on the marketplace's commission, where it is another for a shop."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("vendors", sa.Column("commission_tax_rate", sa.Numeric(6, 5), nullable=True))
    op.create_check_constraint(op.f("ck_vendors_commission_tax_rate"), "vendors", "commission_tax_rate BETWEEN 0 AND 1")


def downgrade() -> None:
    op.drop_column("vendors", "commission_tax_rate")
