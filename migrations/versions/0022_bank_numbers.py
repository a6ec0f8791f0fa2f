"""Numbers of bank accounts that are sealed. Those in clear stay until a job with the key has sealed them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

HAS_NUMBER = "method <> 'manual' OR iban IS NOT NULL OR sealed_iban IS NOT NULL"


def upgrade() -> None:
    for table in ("payout_accounts", "payouts"):
        op.add_column(table, sa.Column("sealed_iban", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("iban_ends", sa.Text(), server_default="", nullable=False))
    op.drop_constraint(op.f("ck_payout_accounts_manual_has_iban"), "payout_accounts")
    # of payouts too: a process of the version before, which sees no number, must not make one that goes nowhere
    for table in ("payout_accounts", "payouts"):
        op.create_check_constraint(op.f(f"ck_{table}_manual_has_iban"), table, HAS_NUMBER)


def downgrade() -> None:
    """Take the columns away. What was sealed would be lost: it is refused."""
    op.drop_constraint(op.f("ck_payouts_manual_has_iban"), "payouts")
    op.drop_constraint(op.f("ck_payout_accounts_manual_has_iban"), "payout_accounts")
    op.create_check_constraint(
        op.f("ck_payout_accounts_manual_has_iban"), "payout_accounts", "method <> 'manual' OR iban IS NOT NULL"
    )
    for table in ("payout_accounts", "payouts"):
        op.drop_column(table, "iban_ends")
        op.drop_column(table, "sealed_iban")
