"""Profiles, preferences and address books; who moved an order or the stock by the account instead of by name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# what a buyer did with an order of theirs; then anybody else, if just one account has the name
BUYERS_MOVES = """
UPDATE order_history h SET actor = o.user_id::text FROM orders o
WHERE o.id = h.order_id AND o.user_id IS NOT NULL AND NOT h.by_staff AND h.actor NOT IN ('buyer', 'guest', 'system')
"""
BUYERS_STOCK = """
UPDATE stock_movements m SET actor = o.user_id::text FROM orders o
WHERE o.id = m.order_id AND o.user_id IS NOT NULL AND m.kind = 'reserved' AND m.actor NOT IN ('buyer', 'guest')
"""
OTHERS_MOVES = """
UPDATE order_history SET actor = account_of(actor)
WHERE actor NOT IN ('buyer', 'guest', 'system') AND actor NOT IN (SELECT id::text FROM users)
"""
OTHERS_STOCK = """
UPDATE stock_movements SET actor = account_of(actor)
WHERE actor NOT IN ('buyer', 'guest', 'import', 'system') AND actor NOT IN (SELECT id::text FROM users)
"""
ACCOUNT_OF = """
CREATE FUNCTION account_of(name text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT min(id::text) FROM users WHERE trim(first_name || ' ' || last_name) = name HAVING count(*) = 1),
        'somebody')
$$
"""


def upgrade() -> None:
    op.create_table(
        "addresses",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("line1", sa.Text(), nullable=False),
        sa.Column("line2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_addresses_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("user_id", "id", name=op.f("uq_addresses_user_id_id")),
    )
    op.create_table(
        "profiles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("wanted_mail", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("shipping_address_id", sa.Uuid(), nullable=True),
        sa.Column("billing_address_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "wanted_mail <@ ARRAY['news', 'product_alerts', 'reminders']", name=op.f("ck_profiles_wanted_mail")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_profiles_user_id"), ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["user_id", pointer],
                ["addresses.user_id", "addresses.id"],
                name=op.f(f"fk_profiles_{pointer}"),
                ondelete=f"SET NULL ({pointer})",
            )
            for pointer in ("shipping_address_id", "billing_address_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_profiles")),
    )
    for statement in (ACCOUNT_OF, BUYERS_MOVES, BUYERS_STOCK, OTHERS_MOVES, OTHERS_STOCK):
        op.execute(statement)
    op.execute("DROP FUNCTION account_of")
