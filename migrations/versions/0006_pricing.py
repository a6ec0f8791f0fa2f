"""Promotions and coupons, shipping zones and methods, tax rates; what orders say about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# an order of before had neither discounts nor taxes
PARTS_TOTAL = "UPDATE vendor_orders SET total_minor = subtotal_minor + shipping_minor"
# what readers are shown of a product says its tax class, as it is rendered from now on
PAGES = """
UPDATE product_cards SET page = regexp_replace(page, ',"status":"active","is_active":',
    ',"tax_class":"standard","status":"active","is_active":')
"""
# what is there is looked at once, in the transaction of the migration: it is all of it or nothing
CHECKS = {
    "orders": {
        "discount_within_subtotal": "discount_minor BETWEEN 0 AND subtotal_minor",
        "included_tax_within_total": "included_tax_minor BETWEEN 0 AND total_minor",
        "tax_added_or_included": "CASE WHEN prices_include_tax THEN tax_minor ELSE included_tax_minor END = 0",
    },
    "vendor_orders": {
        "adds_up": "total_minor = subtotal_minor - discount_minor + shipping_minor + tax_minor",
        "discount_within_subtotal": "discount_minor BETWEEN 0 AND subtotal_minor",
        "shipping_tax_within": "shipping_tax_minor BETWEEN 0 AND tax_minor + included_tax_minor",
        "taxes_within_total": "tax_minor >= 0 AND included_tax_minor BETWEEN 0 AND total_minor",
    },
    "order_items": {
        "discount_within_total": "discount_minor BETWEEN 0 AND line_total_minor",
        "tax_not_negative": "tax_minor >= 0 AND tax_rate >= 0",
    },
}


def upgrade() -> None:
    op.create_table(
        "promotions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("code_key", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("applies_to", sa.Text(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("minimum_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("vendor_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("category_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("product_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("usage_limit", sa.Integer(), nullable=True),
        sa.Column("used_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("once_per_customer", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(kind = 'fixed') = (amount_minor IS NOT NULL)", name=op.f("ck_promotions_has_amount")),
        sa.CheckConstraint("(kind = 'percent') = (percent IS NOT NULL)", name=op.f("ck_promotions_has_percent")),
        sa.CheckConstraint("applies_to IN ('lines', 'order')", name=op.f("ck_promotions_applies_to")),
        sa.CheckConstraint("kind IN ('percent', 'fixed', 'free_shipping')", name=op.f("ck_promotions_kind")),
        sa.CheckConstraint("(code IS NULL) = (code_key IS NULL)", name=op.f("ck_promotions_code_has_key")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_promotions_amount_positive")),
        sa.CheckConstraint(
            "code IS NOT NULL OR (usage_limit IS NULL AND NOT once_per_customer)",
            name=op.f("ck_promotions_limits_need_code"),
        ),
        sa.CheckConstraint("minimum_minor >= 0", name=op.f("ck_promotions_minimum_not_negative")),
        sa.CheckConstraint("percent > 0 AND percent <= 100", name=op.f("ck_promotions_percent")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_promotions_starts_before_it_ends")),
        sa.CheckConstraint("used_count >= 0 AND used_count <= usage_limit", name=op.f("ck_promotions_within_limit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
    )
    op.create_index(
        "ix_promotions_sales",
        "promotions",
        ["id"],
        unique=False,
        postgresql_where=sa.text("code IS NULL AND is_active AND deleted_at IS NULL"),
    )
    op.create_index(
        "uq_promotions_code_key",
        "promotions",
        ["code_key"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "shipping_zones",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_zones")),
    )
    op.create_table(
        "tax_rates",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("tax_class", sa.Text(), server_default="standard", nullable=False),
        sa.Column("rate", sa.Numeric(precision=7, scale=5), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("rate >= 0 AND rate < 10", name=op.f("ck_tax_rates_rate")),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_tax_rates_valid_from_before_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rates")),
    )
    op.create_index(
        "uq_tax_rates_place_class_from",
        "tax_rates",
        ["country", "region", "tax_class", "valid_from"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "shipping_areas",
        sa.Column("zone_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("postal_prefix", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "country IS NOT NULL OR (region IS NULL AND postal_prefix IS NULL)",
            name=op.f("ck_shipping_areas_parts_of_a_country"),
        ),
        sa.ForeignKeyConstraint(
            ["zone_id"], ["shipping_zones.id"], name=op.f("fk_shipping_areas_zone_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_areas")),
        sa.UniqueConstraint(
            "country",
            "region",
            "postal_prefix",
            name=op.f("uq_shipping_areas_country_region_postal_prefix"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_shipping_areas_zone_id"), "shipping_areas", ["zone_id"], unique=False)
    op.create_table(
        "shipping_methods",
        sa.Column("zone_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("bands", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("free_from_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("tax_class", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("basis IN ('flat', 'weight', 'value')", name=op.f("ck_shipping_methods_basis")),
        sa.CheckConstraint("free_from_minor >= 0", name=op.f("ck_shipping_methods_free_from_not_negative")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_shipping_methods_vendor_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["shipping_zones.id"], name=op.f("fk_shipping_methods_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_methods")),
    )
    op.create_index(op.f("ix_shipping_methods_code"), "shipping_methods", ["code"], unique=False)
    op.create_index(op.f("ix_shipping_methods_vendor_id"), "shipping_methods", ["vendor_id"], unique=False)
    op.create_index(
        "uq_shipping_methods_code",
        "shipping_methods",
        ["zone_id", "code", "vendor_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "coupon_uses",
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("email_hash", sa.LargeBinary(), nullable=True),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_coupon_uses_order_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["promotion_id"], ["promotions.id"], name=op.f("fk_coupon_uses_promotion_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_coupon_uses_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_uses")),
        sa.UniqueConstraint("order_id", name=op.f("uq_coupon_uses_order_id")),
    )
    op.create_index(op.f("ix_coupon_uses_promotion_id"), "coupon_uses", ["promotion_id"], unique=False)
    op.create_index(
        "ix_coupon_uses_user_id",
        "coupon_uses",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_index(
        "uq_coupon_uses_once_email",
        "coupon_uses",
        ["promotion_id", "email_hash"],
        unique=True,
        postgresql_where=sa.text("once AND returned_at IS NULL AND email_hash IS NOT NULL"),
    )
    op.create_index(
        "uq_coupon_uses_once_user",
        "coupon_uses",
        ["promotion_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("once AND returned_at IS NULL AND user_id IS NOT NULL"),
    )
    op.add_column("carts", sa.Column("coupon", sa.Text(), nullable=True))
    op.add_column("order_items", sa.Column("discount_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("order_items", sa.Column("tax_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column(
        "order_items", sa.Column("tax_rate", sa.Numeric(precision=7, scale=5), server_default="0", nullable=False)
    )
    op.add_column("orders", sa.Column("included_tax_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("orders", sa.Column("prices_include_tax", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("orders", sa.Column("coupon", sa.Text(), nullable=True))
    op.add_column("products", sa.Column("tax_class", sa.Text(), server_default="standard", nullable=False))
    op.add_column("vendor_orders", sa.Column("discount_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("vendor_orders", sa.Column("shipping_tax_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("vendor_orders", sa.Column("tax_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("vendor_orders", sa.Column("included_tax_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("vendor_orders", sa.Column("total_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(PARTS_TOTAL)
    op.execute(PAGES)
    for table, checks in CHECKS.items():
        for name, rule in checks.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
