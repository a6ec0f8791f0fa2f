"""Stock at a shop's own locations, and at how many pieces it counts as low."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AVAILABILITY = """
CREATE OR REPLACE VIEW variant_availability AS
SELECT variant_id, sum(greatest(on_hand - reserved, 0))::integer AS available,
       bool_or(allow_backorder OR on_hand > reserved) AS in_stock, bool_or(allow_backorder) AS allow_backorder
FROM stock_levels {where} GROUP BY variant_id
"""
# first come, first served: of what is promised from a level, that is missing for which nothing is left on hand
BACKORDERS = """
CREATE VIEW stock_backorders AS
SELECT r.order_id, r.variant_id, sum(least(r.quantity, greatest(a.ahead + r.quantity - s.on_hand, 0)))::integer AS pieces
FROM stock_reservations r JOIN stock_levels s USING (variant_id, location_id)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(o.quantity), 0) AS ahead FROM stock_reservations o
    WHERE o.variant_id = r.variant_id AND o.location_id = r.location_id AND o.state IN ('held', 'confirmed')
      AND o.id < r.id
) a
WHERE r.state IN ('held', 'confirmed') AND s.reserved > s.on_hand
GROUP BY r.order_id, r.variant_id
"""
FORMER_KINDS = "'received', 'adjusted', 'reserved', 'released', 'expired', 'shipped', 'returned'"
KINDS = f"{FORMER_KINDS}, 'transferred'"


def upgrade() -> None:
    op.add_column("stock_locations", sa.Column("vendor_id", sa.Uuid(), nullable=True))
    op.add_column("stock_locations", sa.Column("country", sa.Text(), nullable=True))
    op.add_column("stock_locations", sa.Column("place", sa.Text(), server_default="", nullable=False))
    op.add_column("stock_locations", sa.Column("priority", sa.Integer(), server_default="100", nullable=False))
    op.add_column("stock_locations", sa.Column("active", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("stock_locations", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_stock_locations_vendor_id"), "stock_locations", "vendors", ["vendor_id"], ["id"], ondelete="CASCADE"
    )
    op.create_check_constraint(
        op.f("ck_stock_locations_main_is_active"), "stock_locations", "active OR vendor_id IS NOT NULL"
    )
    op.drop_constraint("uq_stock_locations_code", "stock_locations", type_="unique")
    op.create_index(
        "uq_stock_locations_vendor_id_code",
        "stock_locations",
        ["vendor_id", "code"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.add_column("stock_levels", sa.Column("active", sa.Boolean(), server_default="true", nullable=False))
    op.execute(AVAILABILITY.format(where="WHERE active"))
    op.execute(BACKORDERS)
    op.create_table(
        "stock_thresholds",
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("low_at", sa.Integer(), nullable=False),
        sa.CheckConstraint("low_at >= 0", name=op.f("ck_stock_thresholds_low_at_not_negative")),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_stock_thresholds_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("variant_id", name=op.f("pk_stock_thresholds")),
    )
    op.drop_constraint(op.f("ck_stock_movements_kind"), "stock_movements", type_="check")
    op.create_check_constraint(op.f("ck_stock_movements_kind"), "stock_movements", f"kind IN ({KINDS})")


def downgrade() -> None:
    op.execute("DELETE FROM stock_movements WHERE kind = 'transferred'")
    op.drop_constraint(op.f("ck_stock_movements_kind"), "stock_movements", type_="check")
    op.create_check_constraint(op.f("ck_stock_movements_kind"), "stock_movements", f"kind IN ({FORMER_KINDS})")
    op.drop_table("stock_thresholds")
    op.execute("DROP VIEW stock_backorders")
    op.execute(AVAILABILITY.format(where=""))
    op.drop_column("stock_levels", "active")
    op.drop_index("uq_stock_locations_vendor_id_code", "stock_locations")
    op.drop_constraint(op.f("ck_stock_locations_main_is_active"), "stock_locations", type_="check")
    op.drop_constraint(op.f("fk_stock_locations_vendor_id"), "stock_locations", type_="foreignkey")
    for column in ("vendor_id", "country", "place", "priority", "active", "deleted_at"):
        op.drop_column("stock_locations", column)
    op.create_unique_constraint("uq_stock_locations_code", "stock_locations", ["code"])
