"""Returns: what comes back, and how far that is."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def references(table: str, column: str, target: str, *, cascade: bool = True) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    op.create_table(
        "returns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("restocked", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('requested', 'approved', 'rejected', 'received', 'refunded', 'cancelled')",
            name=op.f("ck_returns_status"),
        ),
        sa.CheckConstraint(
            "reason IN ('withdrawal', 'damaged', 'wrong_item', 'not_as_described', 'other')",
            name=op.f("ck_returns_reason"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_returns_amount_not_negative")),
        sa.CheckConstraint(
            "refund_id IS NULL OR status IN ('received', 'refunded')", name=op.f("ck_returns_refund_after_receipt")
        ),
        sa.CheckConstraint(
            "status <> 'refunded' OR refund_id IS NOT NULL OR amount_minor = 0",
            name=op.f("ck_returns_refunded_by_a_refund"),
        ),
        references("returns", "order_id", "orders"),
        references("returns", "refund_id", "refunds", cascade=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_returns_refund_id")),
    )
    op.create_index(op.f("ix_returns_order_id"), "returns", ["order_id"])
    op.create_index(op.f("ix_returns_status_id"), "returns", ["status", "id"])
    op.create_table(
        "return_items",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_items_quantity_positive")),
        references("return_items", "return_id", "returns"),
        references("return_items", "order_item_id", "order_items"),
        sa.PrimaryKeyConstraint("return_id", "order_item_id", name=op.f("pk_return_items")),
    )
    op.create_index(op.f("ix_return_items_order_item_id"), "return_items", ["order_item_id"])
    op.create_table(
        "return_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("by_staff", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        references("return_history", "return_id", "returns"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_history")),
    )
    op.create_index(op.f("ix_return_history_return_id_id"), "return_history", ["return_id", "id"])


def downgrade() -> None:
    op.drop_table("return_history")
    op.drop_table("return_items")
    op.drop_table("returns")
