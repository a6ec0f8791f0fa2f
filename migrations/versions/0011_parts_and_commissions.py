"""Parts of orders with a life of their own, parcels, and the marketplace's cut frozen on every line."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FORMER_ACCOUNTS = (
    "cash", "prepayments", "sales", "shipping", "tax", "fees", "disputes", "losses", "gift_cards", "gifts_given",
)  # fmt: skip
ACCOUNTS = (*FORMER_ACCOUNTS, "commission", "commission_income", "commission_tax", "payable", "payouts")
# parts moved with their order until now: its story is theirs
MOMENTS = """
UPDATE vendor_orders p SET shipped_at = h.shipped_at, delivered_at = h.delivered_at FROM (
    SELECT order_id, min(at) FILTER (WHERE to_status = 'shipped') AS shipped_at,
        min(at) FILTER (WHERE to_status = 'delivered') AS delivered_at
    FROM order_history GROUP BY order_id) h
WHERE h.order_id = p.order_id AND h.shipped_at IS NOT NULL
"""
# a return goes to one shop: until now nobody asked which
SHOPS = """
UPDATE returns r SET vendor_order_id = (
    SELECT i.vendor_order_id FROM return_items t JOIN order_items i ON i.id = t.order_item_id
    WHERE t.return_id = r.id ORDER BY i.vendor_order_id LIMIT 1)
"""
CHECKS = {
    "vendor_orders": {"commission_not_negative": "commission_minor >= 0 AND commission_tax_minor >= 0"},
    "order_items": {
        "commission": "commission_minor >= 0 AND commission_rate BETWEEN 0 AND 1",
        "cancelled_within_quantity": "cancelled_quantity BETWEEN 0 AND quantity",
    },
    "refund_lines": {"commission_not_negative": "commission_minor >= 0 AND commission_tax_minor >= 0"},
}


def amount(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def allow(accounts: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_ledger_postings_account"), "ledger_postings")
    names = ", ".join(repr(name) for name in accounts)
    op.create_check_constraint(op.f("ck_ledger_postings_account"), "ledger_postings", f"account IN ({names})")


def upgrade() -> None:
    allow(ACCOUNTS)
    for name in ("commission_minor", "commission_tax_minor"):
        op.add_column("vendor_orders", amount(name))
        op.add_column("refund_lines", amount(name))
    for name in ("shipped_at", "delivered_at", "cleared_at"):
        op.add_column("vendor_orders", moment(name))
    op.add_column("order_items", sa.Column("commission_rate", sa.Numeric(7, 5), server_default="0", nullable=False))
    op.add_column("order_items", amount("commission_minor"))
    op.add_column("order_items", sa.Column("cancelled_quantity", sa.Integer(), server_default="0", nullable=False))
    op.add_column("order_history", sa.Column("vendor_order_id", sa.Uuid(), nullable=True))
    op.add_column("order_history", sa.Column("followed", sa.Boolean(), server_default="false", nullable=False))
    op.create_foreign_key(
        op.f("fk_order_history_vendor_order_id"),
        "order_history",
        "vendor_orders",
        ["vendor_order_id"],
        ["id"],
        ondelete="CASCADE",
    )
    for table, checks in CHECKS.items():
        for name, condition in checks.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    op.create_index("ix_vendor_orders_vendor_id_status", "vendor_orders", ["vendor_id", "status", "id"])
    op.create_index(
        "ix_vendor_orders_delivered_at",
        "vendor_orders",
        ["delivered_at"],
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_table(
        "shipments",
        sa.Column("vendor_order_id", sa.Uuid(), nullable=False),
        sa.Column("carrier", sa.Text(), server_default="", nullable=False),
        sa.Column("tracking", sa.Text(), nullable=True),
        sa.Column("tracking_url", sa.Text(), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_order_id"], ["vendor_orders.id"], name=op.f("fk_shipments_vendor_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
    )
    op.create_index(op.f("ix_shipments_vendor_order_id_id"), "shipments", ["vendor_order_id", "id"])
    op.create_table(
        "shipment_items",
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_shipment_items_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_shipment_items_shipment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_item_id"], ["order_items.id"], name=op.f("fk_shipment_items_order_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shipment_id", "order_item_id", name=op.f("pk_shipment_items")),
    )
    op.create_index(op.f("ix_shipment_items_order_item_id"), "shipment_items", ["order_item_id"])
    op.execute(MOMENTS)
    op.add_column("returns", sa.Column("vendor_order_id", sa.Uuid(), nullable=True))
    op.execute(SHOPS)
    op.alter_column("returns", "vendor_order_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_returns_vendor_order_id"),
        "returns",
        "vendor_orders",
        ["vendor_order_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(op.f("ix_returns_vendor_order_id"), "returns", ["vendor_order_id"])


def downgrade() -> None:
    op.drop_column("returns", "vendor_order_id")
    op.drop_table("shipment_items")
    op.drop_table("shipments")
    op.drop_index("ix_vendor_orders_delivered_at", "vendor_orders")
    op.drop_index("ix_vendor_orders_vendor_id_status", "vendor_orders")
    for table, checks in CHECKS.items():
        for name in checks:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.drop_column("order_history", "followed")
    op.drop_column("order_history", "vendor_order_id")
    for name in ("cancelled_quantity", "commission_minor", "commission_rate"):
        op.drop_column("order_items", name)
    for name in ("cleared_at", "delivered_at", "shipped_at"):
        op.drop_column("vendor_orders", name)
    for name in ("commission_tax_minor", "commission_minor"):
        op.drop_column("refund_lines", name)
        op.drop_column("vendor_orders", name)
    allow(FORMER_ACCOUNTS)
