"""The books, provider-backed payments, refunds and gift cards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# debits and credits of every entry meet in the statement that writes it, whoever writes it
BALANCED = """
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0) THEN
        RAISE EXCEPTION 'debits and credits of a ledger entry differ' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
# ALWAYS: a session that plays replica is no way around them
TRIGGERS = """
CREATE TRIGGER balanced AFTER INSERT ON ledger_postings REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_balanced();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE ledger_postings ENABLE ALWAYS TRIGGER balanced;
ALTER TABLE ledger_entries ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger_postings ENABLE ALWAYS TRIGGER append_only;
"""
# payments of before there were books: all of them were made by hand, and given back whole or not at all
CAPTURED = """
WITH entries AS (
    INSERT INTO ledger_entries (id, cause, kind, order_id, payment_id, posted_at)
    SELECT gen_random_uuid(), 'payment.captured:' || p.id, 'payment.captured', p.order_id, p.id, p.created_at
    FROM payments p WHERE p.captured_minor > 0 RETURNING id, payment_id
)
INSERT INTO ledger_postings (entry_id, account, party, currency, amount_minor)
SELECT e.id, b.account, b.party, p.currency, b.amount FROM entries e JOIN payments p ON p.id = e.payment_id,
    LATERAL (VALUES ('cash', p.provider, p.captured_minor), ('prepayments', '', -p.captured_minor))
        AS b(account, party, amount)
"""
PAID = """
WITH entries AS (
    INSERT INTO ledger_entries (id, cause, kind, order_id, posted_at)
    SELECT gen_random_uuid(), 'order.paid:' || o.id, 'order.paid', o.id, o.paid_at
    FROM orders o WHERE o.paid_at IS NOT NULL AND o.total_minor > 0
        AND EXISTS (SELECT FROM payments p WHERE p.order_id = o.id AND p.captured_minor > 0)
    RETURNING id, order_id
)
INSERT INTO ledger_postings (entry_id, account, party, currency, amount_minor)
SELECT e.id, 'prepayments', '', o.currency, o.total_minor FROM entries e JOIN orders o ON o.id = e.order_id
UNION ALL
SELECT e.id, b.account, v.vendor_id::text, o.currency, -b.amount
FROM entries e JOIN orders o ON o.id = e.order_id JOIN vendor_orders v ON v.order_id = o.id,
    LATERAL (VALUES ('sales', v.subtotal_minor), ('shipping', v.shipping_minor)) AS b(account, amount)
WHERE b.amount > 0
"""
REFUNDS = """
INSERT INTO refunds (id, payment_id, status, currency, amount_minor, reason, requested_by, settled_at)
SELECT gen_random_uuid(), id, 'succeeded', currency, refunded_minor, 'order cancelled', 'system', updated_at
FROM payments WHERE refunded_minor > 0
"""
REFUND_LINES = """
INSERT INTO refund_lines (refund_id, vendor_order_id, bucket, quantity, amount_minor, tax_minor)
SELECT r.id, v.id, b.bucket, 0, b.amount, 0
FROM refunds r JOIN payments p ON p.id = r.payment_id JOIN vendor_orders v ON v.order_id = p.order_id,
    LATERAL (VALUES ('goods', v.subtotal_minor), ('shipping', v.shipping_minor)) AS b(bucket, amount)
WHERE b.amount > 0
"""
RETURNED = """
WITH entries AS (
    INSERT INTO ledger_entries (id, cause, kind, order_id, payment_id, posted_at)
    SELECT gen_random_uuid(), 'refund.paid:' || r.id, 'refund.paid', p.order_id, p.id, r.settled_at
    FROM refunds r JOIN payments p ON p.id = r.payment_id RETURNING id, order_id, payment_id
)
INSERT INTO ledger_postings (entry_id, account, party, currency, amount_minor)
SELECT e.id, 'cash', p.provider, p.currency, -p.refunded_minor FROM entries e JOIN payments p ON p.id = e.payment_id
UNION ALL
SELECT e.id, CASE l.bucket WHEN 'goods' THEN 'sales' ELSE 'shipping' END, v.vendor_id::text, r.currency, l.amount_minor
FROM entries e JOIN refunds r ON r.payment_id = e.payment_id JOIN refund_lines l ON l.refund_id = r.id
    JOIN vendor_orders v ON v.id = l.vendor_order_id
"""


def upgrade() -> None:
    op.create_table(
        "gift_cards",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("initial_minor", sa.BigInteger(), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "balance_minor BETWEEN 0 AND initial_minor", name=op.f("ck_gift_cards_balance_within_initial")
        ),
        sa.CheckConstraint("initial_minor > 0", name=op.f("ck_gift_cards_initial_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_cards")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_gift_cards_code_hash")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("cause", name=op.f("uq_ledger_entries_cause")),
    )
    op.create_index(op.f("ix_ledger_entries_order_id"), "ledger_entries", ["order_id"], unique=False)
    op.create_index(op.f("ix_ledger_entries_posted_at_id"), "ledger_entries", ["posted_at", "id"], unique=False)
    op.create_table(
        "provider_notices",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("charge_ref", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_notices")),
        sa.UniqueConstraint("provider", "event_id", name=op.f("uq_provider_notices_provider_event_id")),
    )
    op.create_index(
        op.f("ix_provider_notices_provider_charge_ref"), "provider_notices", ["provider", "charge_ref"], unique=False
    )
    op.create_index(op.f("ix_provider_notices_received_at"), "provider_notices", ["received_at"], unique=False)
    op.create_table(
        "test_charges",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("captured_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("challenge", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("capture_later", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("failure_code", sa.Text(), server_default="", nullable=False),
        sa.Column("dispute", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_test_charges")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_test_charges_payment_id")),
    )
    op.create_index(op.f("ix_test_charges_created_at"), "test_charges", ["created_at"], unique=False)
    op.create_table(
        "ledger_postings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "account IN ('cash', 'prepayments', 'sales', 'shipping', 'tax', 'fees', 'disputes', 'losses', 'gift_cards', 'gifts_given')",
            name=op.f("ck_ledger_postings_account"),
        ),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_ledger_postings_not_nothing")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_postings_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_postings")),
    )
    op.create_index(
        op.f("ix_ledger_postings_account_party_currency_id"),
        "ledger_postings",
        ["account", "party", "currency", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_ledger_postings_entry_id"), "ledger_postings", ["entry_id"], unique=False)
    op.create_table(
        "payment_customers",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_payment_customers_user_id")),
        sa.PrimaryKeyConstraint("user_id", "provider", name=op.f("pk_payment_customers")),
    )
    op.create_table(
        "payment_methods",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        sa.Column("expires", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_payment_methods_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_methods")),
        sa.UniqueConstraint("provider", "ref", name=op.f("uq_payment_methods_provider_ref")),
    )
    op.create_index(op.f("ix_payment_methods_user_id"), "payment_methods", ["user_id"], unique=False)
    op.create_table(
        "test_returns",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("charge_ref", sa.Text(), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["charge_ref"], ["test_charges.ref"], name=op.f("fk_test_returns_charge_ref")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_test_returns")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_test_returns_refund_id")),
    )
    op.create_index(op.f("ix_test_returns_charge_ref"), "test_returns", ["charge_ref"], unique=False)
    op.create_table(
        "payment_disputes",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('open', 'won', 'lost')", name=op.f("ck_payment_disputes_state")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_disputes_amount_positive")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_payment_disputes_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_disputes")),
        sa.UniqueConstraint("payment_id", "provider_ref", name=op.f("uq_payment_disputes_payment_id_provider_ref")),
    )
    op.create_table(
        "refunds",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('pending', 'succeeded', 'failed')", name=op.f("ck_refunds_status")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount_positive")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"], unique=False)
    op.create_index(
        "ix_refunds_pending", "refunds", ["created_at"], unique=False, postgresql_where=sa.text("status = 'pending'")
    )
    op.create_index("uq_refunds_provider_ref", "refunds", ["payment_id", "provider_ref"], unique=True)
    op.create_table(
        "refund_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_order_id", sa.Uuid(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=True),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("bucket IN ('goods', 'shipping')", name=op.f("ck_refund_lines_bucket")),
        sa.CheckConstraint(
            "quantity >= 0 AND amount_minor >= 0 AND tax_minor BETWEEN 0 AND amount_minor",
            name=op.f("ck_refund_lines_sane"),
        ),
        sa.ForeignKeyConstraint(["order_item_id"], ["order_items.id"], name=op.f("fk_refund_lines_order_item_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_refund_lines_refund_id")),
        sa.ForeignKeyConstraint(
            ["vendor_order_id"], ["vendor_orders.id"], name=op.f("fk_refund_lines_vendor_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_lines")),
    )
    op.create_index(op.f("ix_refund_lines_refund_id"), "refund_lines", ["refund_id"], unique=False)
    op.create_index(op.f("ix_refund_lines_vendor_order_id"), "refund_lines", ["vendor_order_id"], unique=False)
    op.add_column("payments", sa.Column("refunding_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("payments", sa.Column("provider_ref", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("client_secret", sa.Text(), nullable=True))
    op.add_column(
        "payments", sa.Column("next_action", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    )
    op.add_column("payments", sa.Column("method_ref", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("gift_card_id", sa.Uuid(), nullable=True))
    op.add_column("payments", sa.Column("failure_code", sa.Text(), server_default="", nullable=False))
    op.add_column("payments", sa.Column("failure_message", sa.Text(), server_default="", nullable=False))
    op.add_column("payments", sa.Column("surplus", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("payments", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_payments_order_id"), "payments", ["order_id"], unique=False)
    op.create_index(
        "ix_payments_under_way",
        "payments",
        ["checked_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('requires_action', 'processing')"),
    )
    op.create_index(
        "ix_payments_gift_card_id",
        "payments",
        ["gift_card_id"],
        unique=False,
        postgresql_where=sa.text("gift_card_id IS NOT NULL"),
    )
    op.create_foreign_key(op.f("fk_payments_gift_card_id"), "payments", "gift_cards", ["gift_card_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_payments_gift_card_named"), "payments", "(provider = 'gift_card') = (gift_card_id IS NOT NULL)"
    )
    op.create_unique_constraint(op.f("uq_payments_provider_provider_ref"), "payments", ["provider", "provider_ref"])
    op.create_check_constraint(
        op.f("ck_payments_refunding_within_captured"),
        "payments",
        "refunding_minor >= 0 AND refunded_minor + refunding_minor <= captured_minor",
    )
    op.drop_index("uq_payments_one_per_order", "payments")
    op.create_index(
        "uq_payments_one_per_order",
        "payments",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('failed', 'cancelled') AND NOT surplus AND provider <> 'gift_card'"),
    )
    for statement in (BALANCED, CAPTURED, PAID, REFUNDS, REFUND_LINES, RETURNED, TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("books are not thrown away: restore a backup instead")
