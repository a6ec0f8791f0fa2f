"""Invoices of the marketplace to its shops, month by month, for its commission."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# `keep_invoice()` is that of the buyers' invoices: a paper changes by nothing but the function that forgets
KEEP_FILE = """
CREATE FUNCTION keep_commission_invoice_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM commission_invoices i WHERE i.id = OLD.commission_invoice_id
        AND i.keep_until < current_date AND current_setting('mercat.forgets_buyers', true) = 'yes') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'files of invoices are kept: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""
FORGET_BUYERS = """
CREATE OR REPLACE FUNCTION forget_buyers_of_invoices() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    forgotten bigint;
    shops bigint;
BEGIN
    PERFORM set_config('mercat.forgets_buyers', 'yes', true);
    DELETE FROM invoice_files f USING invoices i WHERE i.id = f.invoice_id AND i.keep_until < current_date;
    UPDATE invoices SET document = jsonb_set(document, '{source,buyer}', '{"name": "", "lines": [], "tax_id": ""}')
    WHERE keep_until < current_date AND document #>> '{source,buyer,name}' <> '';
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    DELETE FROM commission_invoice_files f USING commission_invoices i
    WHERE i.id = f.commission_invoice_id AND i.keep_until < current_date;
    UPDATE commission_invoices
    SET document = jsonb_set(document, '{source,buyer}', '{"name": "", "lines": [], "tax_id": ""}')
    WHERE keep_until < current_date AND document #>> '{source,buyer,name}' <> '';
    GET DIAGNOSTICS shops = ROW_COUNT;
    PERFORM set_config('mercat.forgets_buyers', '', true);
    RETURN forgotten + shops;
END $$;
"""
# ALWAYS: a session that plays replica is no way around them
TRIGGERS = """
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON commission_invoices FOR EACH ROW EXECUTE FUNCTION keep_invoice();
CREATE TRIGGER whole BEFORE TRUNCATE ON commission_invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON commission_invoice_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON commission_invoice_files
    FOR EACH ROW EXECUTE FUNCTION keep_commission_invoice_file();
CREATE TRIGGER unchanged BEFORE UPDATE OR TRUNCATE ON commission_invoice_files
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE commission_invoices ENABLE ALWAYS TRIGGER kept;
ALTER TABLE commission_invoices ENABLE ALWAYS TRIGGER whole;
ALTER TABLE commission_invoice_entries ENABLE ALWAYS TRIGGER kept;
ALTER TABLE commission_invoice_files ENABLE ALWAYS TRIGGER kept;
ALTER TABLE commission_invoice_files ENABLE ALWAYS TRIGGER unchanged;
"""


def upgrade() -> None:
    op.add_column("vendor_orders", sa.Column("commission_tax_rate", sa.Numeric(6, 5), nullable=True))
    op.add_column("mails", sa.Column("commission_invoice_id", sa.Uuid(), nullable=True))
    _papers()
    op.create_table(
        "commission_invoice_entries",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("commission_invoice_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_commission_invoice_entries_entry_id")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_commission_invoice_entries_vendor_id")),
        sa.ForeignKeyConstraint(
            ["commission_invoice_id"],
            ["commission_invoices.id"],
            name=op.f("fk_commission_invoice_entries_commission_invoice_id"),
        ),
        sa.PrimaryKeyConstraint("entry_id", "vendor_id", name=op.f("pk_commission_invoice_entries")),
    )
    op.create_index(
        op.f("ix_commission_invoice_entries_commission_invoice_id"),
        "commission_invoice_entries",
        ["commission_invoice_id"],
    )
    op.create_table(
        "commission_invoice_files",
        sa.Column("commission_invoice_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["commission_invoice_id"],
            ["commission_invoices.id"],
            name=op.f("fk_commission_invoice_files_commission_invoice_id"),
        ),
        sa.PrimaryKeyConstraint("commission_invoice_id", name=op.f("pk_commission_invoice_files")),
    )
    for statement in (KEEP_FILE, FORGET_BUYERS, TRIGGERS):
        op.execute(statement)


def _papers() -> None:
    op.create_table(
        "commission_invoices",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("commission_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_commission_invoices_kind")),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (commission_minor + tax_minor < 0)", name=op.f("ck_commission_invoices_sign")
        ),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_commission_invoices_first_of_month")),
        sa.CheckConstraint("position > 0", name=op.f("ck_commission_invoices_position")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_commission_invoices_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_commission_invoices_number")),
        sa.UniqueConstraint("series", "position", name=op.f("uq_commission_invoices_series_position")),
        sa.UniqueConstraint(
            "vendor_id", "month", "currency", name=op.f("uq_commission_invoices_vendor_id_month_currency")
        ),
    )
    op.create_index(op.f("ix_commission_invoices_month_id"), "commission_invoices", ["month", "id"])
    op.create_index(op.f("ix_commission_invoices_keep_until"), "commission_invoices", ["keep_until"])


def downgrade() -> None:
    raise RuntimeError("invoices are not thrown away: restore a backup instead")
