"""Invoices and credit notes, numbered without gaps and never changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# what is on a paper goes only when it need not be kept any more, and only by the function that says so
KEEP_INVOICE = """
CREATE FUNCTION keep_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'document' = to_jsonb(OLD) - 'document'
        AND OLD.keep_until < current_date AND current_setting('mercat.forgets_buyers', true) = 'yes' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'invoices are only ever added to: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""
KEEP_INVOICE_FILE = """
CREATE FUNCTION keep_invoice_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM invoices i WHERE i.id = OLD.invoice_id
        AND i.keep_until < current_date AND current_setting('mercat.forgets_buyers', true) = 'yes') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'files of invoices are kept: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""
FORGET_BUYERS = """
CREATE FUNCTION forget_buyers_of_invoices() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    forgotten bigint;
BEGIN
    PERFORM set_config('mercat.forgets_buyers', 'yes', true);
    DELETE FROM invoice_files f USING invoices i WHERE i.id = f.invoice_id AND i.keep_until < current_date;
    UPDATE invoices SET document = jsonb_set(document, '{source,buyer}', '{"name": "", "lines": [], "tax_id": ""}')
    WHERE keep_until < current_date AND document #>> '{source,buyer,name}' <> '';
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    PERFORM set_config('mercat.forgets_buyers', '', true);
    RETURN forgotten;
END $$;
"""
# a counter that goes back, or on by more than one, would be a number twice or never
COUNT_BY_ONE = """
CREATE FUNCTION count_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_position <> OLD.last_position + 1 OR (NEW.vendor_id, NEW.series, NEW.prefix)
        IS DISTINCT FROM (OLD.vendor_id, OLD.series, OLD.prefix) THEN
        RAISE EXCEPTION 'a series goes on by one' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
# ALWAYS: a session that plays replica is no way around them
TRIGGERS = """
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON invoices FOR EACH ROW EXECUTE FUNCTION keep_invoice();
CREATE TRIGGER whole BEFORE TRUNCATE ON invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON invoice_files FOR EACH ROW EXECUTE FUNCTION keep_invoice_file();
CREATE TRIGGER unchanged BEFORE UPDATE OR TRUNCATE ON invoice_files FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER by_one BEFORE UPDATE ON invoice_series FOR EACH ROW EXECUTE FUNCTION count_by_one();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON invoice_series FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE invoices ENABLE ALWAYS TRIGGER kept;
ALTER TABLE invoices ENABLE ALWAYS TRIGGER whole;
ALTER TABLE invoice_files ENABLE ALWAYS TRIGGER kept;
ALTER TABLE invoice_files ENABLE ALWAYS TRIGGER unchanged;
ALTER TABLE invoice_series ENABLE ALWAYS TRIGGER by_one;
ALTER TABLE invoice_series ENABLE ALWAYS TRIGGER kept;
"""


def upgrade() -> None:
    op.create_table(
        "invoice_series",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("last_position", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("last_position >= 0", name=op.f("ck_invoice_series_position")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_invoice_series_vendor_id")),
        sa.PrimaryKeyConstraint("vendor_id", "series", name=op.f("pk_invoice_series")),
        sa.UniqueConstraint("prefix", name=op.f("uq_invoice_series_prefix")),
    )
    op.create_table(
        "invoices",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_order_id", sa.Uuid(), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_invoices_kind")),
        sa.CheckConstraint("(kind = 'credit_note') = (refund_id IS NOT NULL)", name=op.f("ck_invoices_refund")),
        sa.CheckConstraint("position > 0", name=op.f("ck_invoices_position")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoices_order_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_invoices_vendor_id")),
        sa.ForeignKeyConstraint(["vendor_order_id"], ["vendor_orders.id"], name=op.f("fk_invoices_vendor_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint("vendor_id", "series", "position", name=op.f("uq_invoices_vendor_id_series_position")),
    )
    for columns in (["order_id"], ["vendor_order_id"], ["issued_at", "id"], ["keep_until"]):
        op.create_index(op.f(f"ix_invoices_{'_'.join(columns)}"), "invoices", columns)
    for name, columns, kind in (
        ("uq_invoices_one_per_part", ["vendor_order_id"], "invoice"),
        ("uq_invoices_one_per_refund", ["refund_id", "vendor_order_id"], "credit_note"),
    ):
        op.create_index(name, "invoices", columns, unique=True, postgresql_where=sa.text(f"kind = '{kind}'"))
    op.create_table(
        "invoice_files",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_files_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_invoice_files")),
    )
    op.add_column("mails", sa.Column("invoice_id", sa.Uuid(), nullable=True))
    for statement in (KEEP_INVOICE, KEEP_INVOICE_FILE, FORGET_BUYERS, COUNT_BY_ONE, TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("invoices are not thrown away: restore a backup instead")
