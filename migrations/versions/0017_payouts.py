"""Payouts to shops, kept totals of the books, and adjustments by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FORMER_ACCOUNTS = (
    "cash", "prepayments", "sales", "shipping", "tax", "fees", "disputes", "losses", "gift_cards", "gifts_given",
    "commission", "commission_income", "commission_tax", "payable", "payouts",
)  # fmt: skip
ACCOUNTS = (*FORMER_ACCOUNTS, "adjustments")


def moment(name: str, *, now: bool = False, nullable: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def allow(accounts: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_ledger_postings_account"), "ledger_postings")
    names = ", ".join(repr(name) for name in accounts)
    op.create_check_constraint(op.f("ck_ledger_postings_account"), "ledger_postings", f"account IN ({names})")


def upgrade() -> None:
    allow(ACCOUNTS)
    _totals()
    _accounts()
    _payouts()
    op.create_table(
        "adjustments",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        moment("made_at", now=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_adjustments_not_nothing")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 255", name=op.f("ck_adjustments_reason")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_adjustments_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    op.create_index(op.f("ix_adjustments_vendor_id_id"), "adjustments", ["vendor_id", "id"])
    op.create_table(
        "test_transfers",
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        moment("created_at"),
        sa.PrimaryKeyConstraint("payout_id", name=op.f("pk_test_transfers")),
    )
    op.create_index(op.f("ix_test_transfers_created_at"), "test_transfers", ["created_at"])


def _totals() -> None:
    op.create_index(op.f("ix_ledger_postings_party_id"), "ledger_postings", ["party", "id"])
    op.create_table(
        "ledger_totals",
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party", "account", "currency", name=op.f("pk_ledger_totals")),
    )
    op.create_table(
        "ledger_marks",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folded_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_xid", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_marks_one_row")),
        sa.CheckConstraint("folded_id <= next_id", name=op.f("ck_ledger_marks_forward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_marks")),
    )
    op.execute("INSERT INTO ledger_marks (id) VALUES (1)")


def _accounts() -> None:
    op.create_table(
        "payout_accounts",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("bic", sa.Text(), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("ready", sa.Boolean(), server_default="false", nullable=False),
        moment("held_until", nullable=True),
        moment("created_at", now=True),
        moment("updated_at", now=True),
        sa.CheckConstraint("method IN ('manual', 'stripe', 'test')", name=op.f("ck_payout_accounts_method")),
        sa.CheckConstraint("method <> 'manual' OR iban IS NOT NULL", name=op.f("ck_payout_accounts_manual_has_iban")),
        sa.CheckConstraint(
            "method <> 'stripe' OR provider_ref IS NOT NULL", name=op.f("ck_payout_accounts_stripe_has_account")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_payout_accounts_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vendor_id", name=op.f("pk_payout_accounts")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_payout_accounts_provider_ref")),
    )


def _payouts() -> None:
    op.create_table(
        "payout_runs",
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        moment("requested_at", now=True),
        moment("finished_at", nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_payout_runs_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_runs")),
        sa.UniqueConstraint("period", name=op.f("uq_payout_runs_period")),
    )
    op.create_table(
        "payouts",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("bic", sa.Text(), nullable=True),
        sa.Column("account_ref", sa.Text(), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        moment("requested_at", now=True),
        moment("sent_at", nullable=True),
        moment("settled_at", nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("status IN ('requested', 'sent', 'paid', 'failed')", name=op.f("ck_payouts_status")),
        sa.CheckConstraint("method IN ('manual', 'stripe', 'test')", name=op.f("ck_payouts_method")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payouts_amount_positive")),
        sa.CheckConstraint(
            "(status IN ('paid', 'failed')) = (settled_at IS NOT NULL)", name=op.f("ck_payouts_settled")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["payout_runs.id"], name=op.f("fk_payouts_run_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_payouts_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("run_id", "vendor_id", "currency", name=op.f("uq_payouts_run_id_vendor_id_currency")),
    )
    op.create_index(op.f("ix_payouts_vendor_id_id"), "payouts", ["vendor_id", "id"])
    op.create_index(op.f("ix_payouts_status_id"), "payouts", ["status", "id"])
    op.create_index(
        "uq_payouts_open",
        "payouts",
        ["vendor_id", "currency"],
        unique=True,
        postgresql_where=sa.text("status IN ('requested', 'sent')"),
    )


def downgrade() -> None:
    for table in ("test_transfers", "adjustments", "payouts", "payout_runs", "payout_accounts"):
        op.drop_table(table)
    op.drop_table("ledger_marks")
    op.drop_table("ledger_totals")
    op.drop_index(op.f("ix_ledger_postings_party_id"), "ledger_postings")
    allow(FORMER_ACCOUNTS)
