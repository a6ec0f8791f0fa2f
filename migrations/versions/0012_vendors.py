"""Shops: what stands behind them, their life, invitations; terms of commission."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# what was agreed stays as it was; only a purged category takes its terms with it
TERMS_STAY = """
CREATE TRIGGER unchanged BEFORE UPDATE OR TRUNCATE ON commission_terms
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE commission_terms ENABLE ALWAYS TRIGGER unchanged;
"""


TEXTS = (
    "status_reason", "legal_name", "tax_id", "contact_email", "returns_policy", "shipping_policy", "privacy_policy",
    "imprint",
)  # fmt: skip
ROLE = "role IN ('owner', 'manager', 'staff')"
BEFORE = "status IN ('active', 'suspended')"
SINCE = "status IN ('applied', 'active', 'rejected', 'suspended')"


def references(table: str, column: str, target: str, on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=on_delete)


def now(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def upgrade() -> None:
    _shops()
    _invitations()
    _terms()


def _shops() -> None:
    for name in TEXTS:
        op.add_column("vendors", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("vendors", now("status_changed_at"))
    op.add_column("vendors", sa.Column("legal_address", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("vendors", sa.Column("website", sa.Text(), nullable=True))
    op.add_column("vendors", sa.Column("applicant_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_vendors_applicant_id"), "vendors", "users", ["applicant_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index(op.f("ix_vendors_applicant_id"), "vendors", ["applicant_id"])
    op.create_index(
        "uq_vendors_open_application",
        "vendors",
        ["applicant_id"],
        unique=True,
        postgresql_where=sa.text("status = 'applied'"),
    )
    op.drop_constraint(op.f("ck_vendors_status"), "vendors")
    op.create_check_constraint(op.f("ck_vendors_status"), "vendors", SINCE)
    op.add_column("vendor_members", now("joined_at"))


def _invitations() -> None:
    op.create_table(
        "vendor_invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("inviter_id", sa.Uuid(), nullable=True),
        now("created_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(ROLE, name=op.f("ck_vendor_invitations_role")),
        sa.CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name=op.f("ck_vendor_invitations_one_end")),
        references("vendor_invitations", "vendor_id", "vendors"),
        references("vendor_invitations", "inviter_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_invitations")),
    )
    op.create_index(
        "uq_vendor_invitations_open",
        "vendor_invitations",
        ["vendor_id", "email_key"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )
    op.create_index(op.f("ix_vendor_invitations_email_key"), "vendor_invitations", ["email_key"])
    op.create_index(op.f("ix_vendor_invitations_inviter_id"), "vendor_invitations", ["inviter_id"])


def _terms() -> None:
    op.create_table(
        "commission_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("rate", sa.Numeric(6, 5), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        now("created_at"),
        sa.CheckConstraint("rate >= 0 AND rate <= 1", name=op.f("ck_commission_terms_rate")),
        references("commission_terms", "vendor_id", "vendors"),
        references("commission_terms", "category_id", "categories"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_terms")),
    )
    op.create_index(
        "uq_commission_terms_vendor_category_from",
        "commission_terms",
        ["vendor_id", "category_id", "valid_from"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(op.f("ix_commission_terms_category_id"), "commission_terms", ["category_id"])
    op.execute(TERMS_STAY)


def downgrade() -> None:
    op.drop_table("commission_terms")
    op.drop_table("vendor_invitations")
    op.drop_column("vendor_members", "joined_at")
    # shops that were only applied for are none to the version before
    op.execute("DELETE FROM vendors WHERE status NOT IN ('active', 'suspended')")
    op.drop_constraint(op.f("ck_vendors_status"), "vendors")
    op.create_check_constraint(op.f("ck_vendors_status"), "vendors", BEFORE)
    for name in (*TEXTS, "status_changed_at", "legal_address", "website", "applicant_id"):
        op.drop_column("vendors", name)
