"""Exchanges: other variants for pieces that come back, as lines of the same order that replace others."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FORMER = ("requested", "approved", "rejected", "received", "refunded", "cancelled")
STATUSES = ("requested", "approved", "rejected", "received", "refunded", "exchanged", "cancelled")


def allow(statuses: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_returns_status"), "returns")
    names = ", ".join(repr(name) for name in statuses)
    op.create_check_constraint(op.f("ck_returns_status"), "returns", f"status IN ({names})")


def upgrade() -> None:
    op.add_column("order_items", sa.Column("replaces_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_order_items_replaces_id"), "order_items", "order_items", ["replaces_id"], ["id"], ondelete="CASCADE"
    )
    op.create_check_constraint(
        op.f("ck_order_items_replacement_costs_nothing"), "order_items", "replaces_id IS NULL OR unit_price_minor = 0"
    )
    op.add_column("return_items", sa.Column("exchange_variant_id", sa.Uuid(), nullable=True))
    op.add_column("return_items", sa.Column("replacement_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_return_items_replacement_id"),
        "return_items",
        "order_items",
        ["replacement_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_unique_constraint(op.f("uq_return_items_replacement_id"), "return_items", ["replacement_id"])
    op.create_check_constraint(
        op.f("ck_return_items_replaced_in_exchange"),
        "return_items",
        "replacement_id IS NULL OR exchange_variant_id IS NOT NULL",
    )
    allow(STATUSES)


def downgrade() -> None:
    """What was exchanged stays in the orders, as lines that cost nothing."""
    op.execute("UPDATE returns SET status = 'refunded' WHERE status = 'exchanged'")
    allow(FORMER)
    op.drop_column("return_items", "replacement_id")
    op.drop_column("return_items", "exchange_variant_id")
    op.drop_column("order_items", "replaces_id")
