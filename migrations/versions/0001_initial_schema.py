"""Initial schema: every table, view, function and trigger.

The models say the tables again, and a test compares the two. What is only here: the views, the functions and the triggers that hold
the line whatever the code does (books that balance, logs that are only added to, documents that stay as they are).
"""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

VARIANT_AVAILABILITY = """
CREATE VIEW variant_availability AS
SELECT variant_id, sum(greatest(on_hand - reserved, 0))::integer AS available,
       bool_or(allow_backorder OR on_hand > reserved) AS in_stock, bool_or(allow_backorder) AS allow_backorder
FROM stock_levels WHERE active GROUP BY variant_id
"""
# first come, first served: of what is promised from a level, that is missing for which nothing is left on hand
STOCK_BACKORDERS = """
CREATE VIEW stock_backorders AS
SELECT r.order_id, r.variant_id, sum(least(r.quantity, greatest(a.ahead + r.quantity - s.on_hand, 0)))::integer AS units
FROM stock_reservations r JOIN stock_levels s USING (variant_id, location_id)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(o.quantity), 0) AS ahead FROM stock_reservations o
    WHERE o.variant_id = r.variant_id AND o.location_id = r.location_id AND o.state IN ('held', 'confirmed')
      AND o.id < r.id
) a
WHERE r.state IN ('held', 'confirmed') AND s.tracked AND s.reserved > s.on_hand
GROUP BY r.order_id, r.variant_id
"""
# what a vendor has said of a variant, else of all; where it says nothing, null
STOCK_LOW_AT = """
CREATE VIEW stock_low_at AS
SELECT v.id AS variant_id, coalesce(t.low_at, d.low_at) AS low_at FROM variants v
LEFT JOIN stock_thresholds t ON t.variant_id = v.id
LEFT JOIN stock_defaults d ON d.vendor_id = v.vendor_id
"""
PROJECTION_DIMENSIONS = """
CREATE FUNCTION projection_dimensions(vendor uuid, brand uuid, category_path uuid[], tags text[])
RETURNS TABLE (dimension text, key text) LANGUAGE sql IMMUTABLE AS $$
    SELECT 'all', '' UNION ALL SELECT 'vendor', vendor::text UNION ALL SELECT 'brand', brand::text WHERE brand IS NOT NULL
    UNION ALL SELECT 'category', unnest(category_path)::text UNION ALL SELECT 'tag', unnest(tags)
$$;
"""
# differences only: an update that moves no product between dimensions adds nothing
COUNT_PRODUCTS = """
CREATE FUNCTION count_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO product_counts (dimension, key, delta)
        SELECT d.dimension, d.key, count(*) FROM new_rows c, projection_dimensions(c.vendor_id, c.brand_id, c.category_path, c.tags) d
        WHERE c.listed GROUP BY 1, 2;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO product_counts (dimension, key, delta)
        SELECT d.dimension, d.key, -count(*) FROM old_rows c, projection_dimensions(c.vendor_id, c.brand_id, c.category_path, c.tags) d
        WHERE c.listed GROUP BY 1, 2;
    ELSE
        INSERT INTO product_counts (dimension, key, delta)
        SELECT dimension, key, sum(delta) FROM (
            SELECT d.dimension, d.key, 1 AS delta FROM new_rows c, projection_dimensions(c.vendor_id, c.brand_id, c.category_path, c.tags) d
            WHERE c.listed
            UNION ALL
            SELECT d.dimension, d.key, -1 FROM old_rows c, projection_dimensions(c.vendor_id, c.brand_id, c.category_path, c.tags) d
            WHERE c.listed
        ) moved GROUP BY 1, 2 HAVING sum(delta) <> 0;
    END IF;
    RETURN NULL;
END $$;
"""
COUNT_PRODUCTS_TRIGGERS = """
CREATE TRIGGER count_products_insert AFTER INSERT ON product_projections REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_products();
CREATE TRIGGER count_products_delete AFTER DELETE ON product_projections REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_products();
CREATE TRIGGER count_products_update AFTER UPDATE ON product_projections REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_products();
"""
# what a statement changes about kept terms, as one row a term. The writer has its transaction id by now, and reads the
# terms after that: whoever keeps a new one waits for all transactions that may not have seen it
COUNT_DOCUMENTS_OF = """
INSERT INTO search_counts (locale, term, is_base, total, ids, counts)
SELECT locale, term, false, coalesce(sum(n) FILTER (WHERE id = 0), 0),
       coalesce(array_agg(id ORDER BY id) FILTER (WHERE id <> 0), '{{}}'),
       coalesce(array_agg(n ORDER BY id) FILTER (WHERE id <> 0), '{{}}')
FROM (
    SELECT d.locale, k.term, c.id, sum(d.sign)::int AS n FROM ({changed}) d
    CROSS JOIN LATERAL unnest(tsvector_to_array(d.terms) || '*'::text) AS t(term)
    JOIN search_kept_terms k ON k.locale = d.locale AND k.term = t.term
    CROSS JOIN LATERAL unnest(CASE WHEN left(k.term, 1) IN ('~', '#', '*') THEN 0 || d.counted ELSE '{{0}}' END) AS c(id)
    GROUP BY 1, 2, 3 HAVING sum(d.sign) <> 0
) moved GROUP BY locale, term;
"""
OLD_DOCUMENTS, NEW_DOCUMENTS = (
    f"SELECT {sign} AS sign, locale, terms, counted FROM {rows}"  # noqa: S608 - our own names
    for sign, rows in ((-1, "old_rows"), (1, "new_rows"))
)
COUNT_DOCUMENTS = f"""
CREATE FUNCTION count_search_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM search_kept_terms) THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN {COUNT_DOCUMENTS_OF.format(changed=NEW_DOCUMENTS)}
    ELSIF TG_OP = 'DELETE' THEN {COUNT_DOCUMENTS_OF.format(changed=OLD_DOCUMENTS)}
    ELSE {COUNT_DOCUMENTS_OF.format(changed=f"{OLD_DOCUMENTS} UNION ALL {NEW_DOCUMENTS}")}
    END IF;
    RETURN NULL;
END $$;
"""
COUNT_DOCUMENTS_TRIGGERS = """
CREATE TRIGGER count_search_documents_insert AFTER INSERT ON search_documents REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_search_documents();
CREATE TRIGGER count_search_documents_delete AFTER DELETE ON search_documents REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_search_documents();
CREATE TRIGGER count_search_documents_update AFTER UPDATE ON search_documents REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_search_documents();
"""
# once a transaction: its changes are seen together. A number drawn at random, so that no generation ever comes back
RAISE_GENERATION = """
CREATE FUNCTION raise_generation(of text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    raised text := coalesce(current_setting('mercat.raised', true), '');
BEGIN
    IF position(format(' %s ', of) IN raised) = 0 THEN
        INSERT INTO cache_generations (tag, delta)
        VALUES (of, ('x' || right(replace(gen_random_uuid()::text, '-', ''), 15))::bit(60)::bigint);
        PERFORM set_config('mercat.raised', format('%s %s ', raised, of), true);
    END IF;
END $$;
"""
RAISE_GENERATION_OF_ROWS = """
CREATE FUNCTION raise_generation_of_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM raise_generation(TG_ARGV[0]);
    ELSIF EXISTS (SELECT FROM changed) THEN
        PERFORM raise_generation(TG_ARGV[0]);
    END IF;
    RETURN NULL;
END $$;
"""
RAISE_GENERATION_OF_ROW = """
CREATE FUNCTION raise_generation_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM raise_generation(TG_ARGV[0]);
    RETURN NULL;
END $$;
"""
# table -> tag: what public answers are read from. A test compares it with what they read
SHOWN = {
    "brands": "brands",
    "categories": "categories",
    "menus": "menus",
    "page_versions": "pages",
    "pages": "pages",
    "post_products": "posts",
    "post_search": "posts",
    "post_slugs": "posts",
    "post_taggings": "posts",
    "post_tags": "posts",
    "posts": "posts",
    "product_projection_texts": "products",
    "product_prices": "products",
    "product_projections": "products",
    "projected_locales": "products",
    "search_curation": "search",
    "search_documents": "search",
    "search_facet_values": "search",
    "search_lexemes": "search",
    "search_popular_terms": "search",
    "search_rules": "search",
    "search_synonyms": "search",
    "searched_locales": "search",
    "shown_currencies": "products",
    "translated_slugs": "translations",
    "translations": "translations",
    "vendors": "vendors",
}


def _raise_generations(table: str, tag: str) -> str:
    rows = "FOR EACH STATEMENT EXECUTE FUNCTION raise_generation_of_rows"
    return f"""
CREATE TRIGGER raise_generation_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed {rows}('{tag}');
CREATE TRIGGER raise_generation_update AFTER UPDATE ON {table} REFERENCING NEW TABLE AS changed {rows}('{tag}');
CREATE TRIGGER raise_generation_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed {rows}('{tag}');
CREATE TRIGGER raise_generation_truncate AFTER TRUNCATE ON {table} {rows}('{tag}');
"""


# lists show of stock whether there is any; its numbers change with every sale and are no generation's business
RAISE_GENERATION_OF_STOCK = """
CREATE TRIGGER raise_generation_insert AFTER INSERT ON stock_levels FOR EACH ROW
    WHEN (NEW.active AND (NEW.allow_backorder OR NEW.on_hand > NEW.reserved))
    EXECUTE FUNCTION raise_generation_of_row('stock');
CREATE TRIGGER raise_generation_update AFTER UPDATE ON stock_levels FOR EACH ROW
    WHEN ((NEW.active AND (NEW.allow_backorder OR NEW.on_hand > NEW.reserved))
        IS DISTINCT FROM (OLD.active AND (OLD.allow_backorder OR OLD.on_hand > OLD.reserved))
        OR NEW.variant_id <> OLD.variant_id)
    EXECUTE FUNCTION raise_generation_of_row('stock');
CREATE TRIGGER raise_generation_delete AFTER DELETE ON stock_levels FOR EACH ROW
    WHEN (OLD.active AND (OLD.allow_backorder OR OLD.on_hand > OLD.reserved))
    EXECUTE FUNCTION raise_generation_of_row('stock');
CREATE TRIGGER raise_generation_truncate AFTER TRUNCATE ON stock_levels
    FOR EACH STATEMENT EXECUTE FUNCTION raise_generation_of_rows('stock');
"""
# people's names stand below what they wrote; whatever else changes about an account is no generation's business
RAISE_GENERATION_OF_NAMES = """
CREATE TRIGGER raise_generation_update AFTER UPDATE OF first_name, last_name ON users FOR EACH ROW
    WHEN ((NEW.first_name, NEW.last_name) IS DISTINCT FROM (OLD.first_name, OLD.last_name))
    EXECUTE FUNCTION raise_generation_of_row('names');
"""
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""
# a person at a time, and only by the function that says so
KEEP_PERSONAL = """
CREATE FUNCTION keep_personal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.person_id::text IS DISTINCT FROM current_setting('mercat.forgotten_person', true) THEN
        RAISE EXCEPTION 'rows of audit_personal go by audit_forget() alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
"""
AUDIT_FORGET = """
CREATE FUNCTION audit_forget(person uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    gone bigint;
BEGIN
    PERFORM set_config('mercat.forgotten_person', person::text, true);
    DELETE FROM audit_personal WHERE person_id = person;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('mercat.forgotten_person', '', true);
    RETURN gone;
END $$;
"""
# debits and credits of every entry meet in the statement that writes it, whoever writes it
BALANCED = """
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0) OR EXISTS (
        SELECT FROM added WHERE original_currency IS NOT NULL
        GROUP BY entry_id, original_currency HAVING sum(original_minor) <> 0) THEN
        RAISE EXCEPTION 'debits and credits of a ledger entry differ' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
# what is on an invoice goes only when it need not be kept any more, and only by the function that says so
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
KEEP_COMMISSION_INVOICE_FILE = """
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
CREATE FUNCTION forget_buyers_of_invoices() RETURNS bigint LANGUAGE plpgsql AS $$
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
GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER unchanged BEFORE UPDATE OR TRUNCATE ON audit_personal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON audit_personal FOR EACH ROW EXECUTE FUNCTION keep_personal();
CREATE TRIGGER balanced AFTER INSERT ON ledger_postings REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_balanced();
CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE ON page_versions
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON invoices FOR EACH ROW EXECUTE FUNCTION keep_invoice();
CREATE TRIGGER whole BEFORE TRUNCATE ON invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON invoice_files FOR EACH ROW EXECUTE FUNCTION keep_invoice_file();
CREATE TRIGGER unchanged BEFORE UPDATE OR TRUNCATE ON invoice_files FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER by_one BEFORE UPDATE ON invoice_series FOR EACH ROW EXECUTE FUNCTION count_by_one();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON invoice_series FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON commission_invoices FOR EACH ROW EXECUTE FUNCTION keep_invoice();
CREATE TRIGGER whole BEFORE TRUNCATE ON commission_invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON commission_invoice_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON commission_invoice_files
    FOR EACH ROW EXECUTE FUNCTION keep_commission_invoice_file();
CREATE TRIGGER unchanged BEFORE UPDATE OR TRUNCATE ON commission_invoice_files
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON exchange_rates
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER unchanged BEFORE UPDATE OR TRUNCATE ON commission_terms
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_log ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE page_versions ENABLE ALWAYS TRIGGER published_stays;
ALTER TABLE audit_personal ENABLE ALWAYS TRIGGER unchanged;
ALTER TABLE audit_personal ENABLE ALWAYS TRIGGER kept;
ALTER TABLE ledger_postings ENABLE ALWAYS TRIGGER balanced;
ALTER TABLE ledger_entries ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger_postings ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE invoices ENABLE ALWAYS TRIGGER kept;
ALTER TABLE invoices ENABLE ALWAYS TRIGGER whole;
ALTER TABLE invoice_files ENABLE ALWAYS TRIGGER kept;
ALTER TABLE invoice_files ENABLE ALWAYS TRIGGER unchanged;
ALTER TABLE invoice_series ENABLE ALWAYS TRIGGER by_one;
ALTER TABLE invoice_series ENABLE ALWAYS TRIGGER kept;
ALTER TABLE commission_invoices ENABLE ALWAYS TRIGGER kept;
ALTER TABLE commission_invoices ENABLE ALWAYS TRIGGER whole;
ALTER TABLE commission_invoice_entries ENABLE ALWAYS TRIGGER kept;
ALTER TABLE commission_invoice_files ENABLE ALWAYS TRIGGER kept;
ALTER TABLE commission_invoice_files ENABLE ALWAYS TRIGGER unchanged;
ALTER TABLE commission_terms ENABLE ALWAYS TRIGGER unchanged;
ALTER TABLE exchange_rates ENABLE ALWAYS TRIGGER unchanged;
"""
# asked for by every health check, while the queue may be long
PARKED_JOBS = """
CREATE INDEX ix_procrastinate_jobs_parked ON procrastinate_jobs (id) WHERE status IN ('failed', 'aborted')
"""
FIRST_ROWS = """
INSERT INTO stock_locations (id, code, name) VALUES ('00000000-0000-7000-8000-000000000001', 'main', 'Main warehouse');
INSERT INTO ledger_marks (id) VALUES (1);
SELECT raise_generation('database');
"""
VIEWS = (VARIANT_AVAILABILITY, STOCK_BACKORDERS, STOCK_LOW_AT)
FUNCTIONS = (
    RAISE_GENERATION,
    RAISE_GENERATION_OF_ROWS,
    RAISE_GENERATION_OF_ROW,
    PROJECTION_DIMENSIONS,
    COUNT_PRODUCTS,
    COUNT_DOCUMENTS,
    REFUSE_CHANGE,
    KEEP_PERSONAL,
    AUDIT_FORGET,
    BALANCED,
    KEEP_INVOICE,
    KEEP_INVOICE_FILE,
    KEEP_COMMISSION_INVOICE_FILE,
    FORGET_BUYERS,
    COUNT_BY_ONE,
)
RAISES = (
    RAISE_GENERATION_OF_STOCK,
    RAISE_GENERATION_OF_NAMES,
    *(_raise_generations(table, tag) for table, tag in SHOWN.items()),
)
TRIGGERS = (COUNT_PRODUCTS_TRIGGERS, COUNT_DOCUMENTS_TRIGGERS, GUARDS, *RAISES)


def upgrade() -> None:
    # the job queue keeps its schema in its own package, for exactly the version that is locked
    driver = op.get_bind().connection.driver_connection
    driver.execute(SchemaManager.get_schema())
    op.execute("CREATE SEQUENCE order_numbers START 100001")
    _tables()
    for statement in (*VIEWS, *FUNCTIONS, *TRIGGERS, PARKED_JOBS, FIRST_ROWS):
        op.execute(statement)


def _tables() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "audit_log",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(collation="C"), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("action ~ '^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*$'", name=op.f("ck_audit_log_action")),
        sa.CheckConstraint("(actor_id IS NULL) <> (actor IS NULL)", name=op.f("ck_audit_log_one_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_action_at_id"), "audit_log", ["action", "at", "id"], unique=False)
    op.create_index(
        "ix_audit_log_actor",
        "audit_log",
        ["actor", "at", "id"],
        unique=False,
        postgresql_where=sa.text("actor IS NOT NULL"),
    )
    op.create_index(
        "ix_audit_log_actor_id",
        "audit_log",
        ["actor_id", "at", "id"],
        unique=False,
        postgresql_where=sa.text("actor_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_audit_log_at_id"), "audit_log", ["at", "id"], unique=False)
    op.create_index(
        "ix_audit_log_request_id",
        "audit_log",
        ["request_id"],
        unique=False,
        postgresql_where=sa.text("request_id <> ''"),
    )
    op.create_index(op.f("ix_audit_log_target_id_at_id"), "audit_log", ["target_id", "at", "id"], unique=False)
    op.create_table(
        "brands",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("slug", name=op.f("uq_brands_slug")),
    )
    op.create_table(
        "categories",
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("path", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("filters", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_categories_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["categories.id"], name=op.f("fk_categories_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
    )
    op.create_index(op.f("ix_categories_parent_id"), "categories", ["parent_id"], unique=False)
    op.create_index(
        "uq_categories_slug", "categories", ["slug"], unique=True, postgresql_where=sa.text("deleted_at IS NULL")
    )
    op.create_table(
        "currencies",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("step_minor", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("ending_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("margin", sa.Numeric(precision=6, scale=4), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("code ~ '^[A-Z]{3}$'", name=op.f("ck_currencies_code")),
        sa.CheckConstraint(
            "step_minor > 0 AND ending_minor >= 0 AND ending_minor < step_minor", name=op.f("ck_currencies_rounding")
        ),
        sa.CheckConstraint("margin >= 0", name=op.f("ck_currencies_margin")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_currencies")),
    )
    op.create_table(
        "exchange_rates",
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=30, scale=15), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rates_rate")),
        sa.CheckConstraint("base <> currency", name=op.f("ck_exchange_rates_two_currencies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rates")),
    )
    op.create_index(
        "ix_exchange_rates_latest",
        "exchange_rates",
        ["source", "base", "currency", sa.text("dated DESC"), sa.text("fetched_at DESC")],
        unique=False,
    )
    op.create_table(
        "rate_sources",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_rate_sources")),
    )
    op.create_table(
        "events",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_occurred_at"), "events", ["occurred_at"], unique=False)
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
        "idempotency_keys",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
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
        "ledger_marks",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folded_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_xid", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("folded_id <= next_id", name=op.f("ck_ledger_marks_forward")),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_marks_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_marks")),
    )
    op.create_table(
        "ledger_totals",
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party", "account", "currency", name=op.f("pk_ledger_totals")),
    )
    op.create_table(
        "mail_templates",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("introduction", sa.Text(), server_default="", nullable=False),
        sa.Column("closing", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "locale", name=op.f("pk_mail_templates")),
    )
    op.create_table(
        "mails",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("one_time_token_id", sa.Uuid(), nullable=True),
        sa.Column("one_time_purpose", sa.Text(), nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("commission_invoice_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="queued", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("status IN ('queued', 'sent', 'refused')", name=op.f("ck_mails_status")),
        sa.CheckConstraint("(one_time_token_id IS NULL) = (one_time_purpose IS NULL)", name=op.f("ck_mails_one_time")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mails_message_id")),
    )
    op.create_index(op.f("ix_mails_created_at"), "mails", ["created_at"], unique=False)
    op.create_index(op.f("ix_mails_user_id"), "mails", ["user_id"], unique=False)
    op.create_index(
        "uq_mails_one_welcome", "mails", ["user_id"], unique=True, postgresql_where=sa.text("kind = 'welcome'")
    )
    op.create_table(
        "cache_generations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("delta", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cache_generations")),
        postgresql_with={"autovacuum_vacuum_scale_factor": 0, "autovacuum_vacuum_threshold": 500},
    )
    op.create_table(
        "product_counts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_counts")),
    )
    op.create_index(
        "ix_product_counts_dimension_key",
        "product_counts",
        ["dimension", "key"],
        unique=False,
        postgresql_include=["delta"],
    )
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
        sa.Column("in_projections", sa.Boolean(), server_default="false", nullable=False),
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
        "provider_webhooks",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("charge_ref", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_webhooks")),
        sa.UniqueConstraint("provider", "event_id", name=op.f("uq_provider_webhooks_provider_event_id")),
    )
    op.create_index(
        op.f("ix_provider_webhooks_provider_charge_ref"), "provider_webhooks", ["provider", "charge_ref"], unique=False
    )
    op.create_index(op.f("ix_provider_webhooks_received_at"), "provider_webhooks", ["received_at"], unique=False)
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
        "tags",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("slug", name=op.f("uq_tags_slug")),
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
        sa.Column("return_url", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_test_charges")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_test_charges_payment_id")),
    )
    op.create_index(op.f("ix_test_charges_created_at"), "test_charges", ["created_at"], unique=False)
    op.create_table(
        "test_transfers",
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("payout_id", name=op.f("pk_test_transfers")),
    )
    op.create_index(op.f("ix_test_transfers_created_at"), "test_transfers", ["created_at"], unique=False)
    op.create_table(
        "translated_slugs",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default="true", nullable=False),
        sa.PrimaryKeyConstraint("kind", "locale", "slug", name=op.f("pk_translated_slugs")),
    )
    op.create_index(
        "uq_translated_slugs_current",
        "translated_slugs",
        ["kind", "key", "locale"],
        unique=True,
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "translation_imports",
        sa.Column("vendors", postgresql.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'done') = (report IS NOT NULL)", name=op.f("ck_translation_imports_report_when_done")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (content IS NOT NULL)", name=op.f("ck_translation_imports_content_while_waiting")
        ),
        sa.CheckConstraint("state IN ('waiting', 'done')", name=op.f("ck_translation_imports_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_imports")),
    )
    op.create_table(
        "translations",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("sources", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("made", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "locale", name=op.f("pk_translations")),
    )
    op.create_index("ix_translations_locale", "translations", ["locale", "kind", "key"], unique=False)
    op.create_table(
        "users",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("username_key", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), server_default="", nullable=False),
        sa.Column("last_name", sa.Text(), server_default="", nullable=False),
        sa.Column("locale", sa.Text(), server_default="en", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("email_verified", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("deleted_at IS NULL OR NOT is_active", name=op.f("ck_users_deleted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
        sa.UniqueConstraint("username_key", name=op.f("uq_users_username_key")),
    )
    op.create_index("ix_users_created_at_id", "users", ["created_at", "id"], unique=False)
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
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_addresses_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("user_id", "id", name=op.f("uq_addresses_user_id_id")),
    )
    op.create_table(
        "api_keys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_index(op.f("ix_api_keys_user_id"), "api_keys", ["user_id"], unique=False)
    op.create_table(
        "audit_personal",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.Column("changes", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("part IN ('actor', 'target')", name=op.f("ck_audit_personal_part")),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_log.id"], name=op.f("fk_audit_personal_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "part", name=op.f("pk_audit_personal")),
    )
    op.create_index(op.f("ix_audit_personal_person_id"), "audit_personal", ["person_id"], unique=False)
    op.create_table(
        "authenticators",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_authenticators_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "carts",
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("coupon", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("merge_losses", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('active', 'ordered', 'merged')", name=op.f("ck_carts_status")),
        sa.CheckConstraint("(user_id IS NULL) <> (token_hash IS NULL)", name=op.f("ck_carts_one_holder")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_carts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carts")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_carts_token_hash")),
    )
    op.create_index(
        "ix_carts_left_behind",
        "carts",
        ["updated_at"],
        unique=False,
        postgresql_where=sa.text("token_hash IS NOT NULL AND status IN ('active', 'merged')"),
    )
    op.create_index(
        "uq_carts_active_user", "carts", ["user_id"], unique=True, postgresql_where=sa.text("status = 'active'")
    )
    op.create_table(
        "files",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("belongs_to", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="incoming", nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("renditions", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("link_key", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(link_key IS NOT NULL) = (key LIKE 'private/%')", name=op.f("ck_files_private_by_link")),
        sa.CheckConstraint("state IN ('incoming', 'kept', 'released')", name=op.f("ck_files_state")),
        sa.CheckConstraint("size > 0", name=op.f("ck_files_size_positive")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_files_uploaded_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("key", name=op.f("uq_files_key")),
    )
    op.create_index(
        "ix_files_leaving", "files", ["updated_at"], unique=False, postgresql_where=sa.text("state <> 'kept'")
    )
    op.create_index(op.f("ix_files_purpose_belongs_to"), "files", ["purpose", "belongs_to"], unique=False)
    op.create_index(op.f("ix_files_uploaded_by"), "files", ["uploaded_by"], unique=False)
    op.create_table(
        "forwarded_jobs",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["procrastinate_jobs.id"], name=op.f("fk_forwarded_jobs_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_forwarded_jobs")),
    )
    op.create_table(
        "handled_events",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_handled_events_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "handler", name=op.f("pk_handled_events")),
    )
    op.create_table(
        "identities",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_identities_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("provider", "subject", name=op.f("pk_identities")),
        sa.UniqueConstraint("user_id", "provider", name=op.f("uq_identities_user_id_provider")),
    )
    op.create_table(
        "job_failures",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("workers_lost", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(error) <= 100", name=op.f("ck_job_failures_error")),
        sa.CheckConstraint("length(message) <= 500", name=op.f("ck_job_failures_message")),
        sa.ForeignKeyConstraint(
            ["job_id"], ["procrastinate_jobs.id"], name=op.f("fk_job_failures_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_failures")),
    )
    op.create_table(
        "ledger_postings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("original_currency", sa.Text(), nullable=True),
        sa.Column("original_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "account IN ('cash', 'prepayments', 'sales', 'shipping', 'tax', 'fees', 'disputes', 'losses', 'gift_cards', 'gifts_given', 'commission', 'commission_income', 'commission_tax', 'payable', 'payouts', 'adjustments', 'exchange_differences')",
            name=op.f("ck_ledger_postings_account"),
        ),
        sa.CheckConstraint(
            "amount_minor <> 0 OR coalesce(original_minor, 0) <> 0", name=op.f("ck_ledger_postings_not_nothing")
        ),
        sa.CheckConstraint(
            "(original_minor IS NULL) = (original_currency IS NULL)", name=op.f("ck_ledger_postings_original_whole")
        ),
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
    op.create_index(op.f("ix_ledger_postings_party_id"), "ledger_postings", ["party", "id"], unique=False)
    op.create_table(
        "one_time_tokens",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_tokens_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_tokens")),
    )
    op.create_index(op.f("ix_one_time_tokens_expires_at"), "one_time_tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_one_time_tokens_user_id"), "one_time_tokens", ["user_id"], unique=False)
    op.create_table(
        "orders",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("cart_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("guest_key", sa.LargeBinary(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("text_locale", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("books_currency", sa.Text(), nullable=False),
        sa.Column("exchange_rate", sa.Numeric(), nullable=True),
        sa.Column("exchange_rate_date", sa.Date(), nullable=True),
        sa.Column("exchange_rate_source", sa.Text(), nullable=True),
        sa.Column("subtotal_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("included_tax_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("prices_include_tax", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("coupon", sa.Text(), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("books_total_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shipping_method", sa.Text(), nullable=False),
        sa.Column("shipping_method_name", sa.Text(), nullable=False),
        sa.Column("translated_shipping_method_name", sa.Text(), nullable=True),
        sa.Column("payment_method", sa.Text(), nullable=False),
        sa.Column("shipping_address", postgresql.JSONB(), nullable=False),
        sa.Column("billing_address", postgresql.JSONB(), nullable=False),
        sa.Column("agreed_pages", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'paid', 'processing', 'shipped', 'delivered', 'completed', 'cancelled', 'expired', 'partially_refunded', 'refunded')",
            name=op.f("ck_orders_status"),
        ),
        sa.CheckConstraint(
            "num_nulls(exchange_rate, exchange_rate_date, exchange_rate_source) = CASE WHEN currency = books_currency THEN 3 ELSE 0 END",
            name=op.f("ck_orders_rate_known"),
        ),
        sa.CheckConstraint(
            "currency <> books_currency OR books_total_minor = total_minor", name=op.f("ck_orders_worth_itself")
        ),
        sa.CheckConstraint(
            "CASE WHEN prices_include_tax THEN tax_minor ELSE included_tax_minor END = 0",
            name=op.f("ck_orders_tax_added_or_included"),
        ),
        sa.CheckConstraint(
            "discount_minor BETWEEN 0 AND subtotal_minor", name=op.f("ck_orders_discount_within_subtotal")
        ),
        sa.CheckConstraint(
            "included_tax_minor BETWEEN 0 AND total_minor", name=op.f("ck_orders_included_tax_within_total")
        ),
        sa.CheckConstraint("refunded_minor BETWEEN 0 AND total_minor", name=op.f("ck_orders_refunded_within_total")),
        sa.CheckConstraint(
            "total_minor = subtotal_minor - discount_minor + shipping_minor + tax_minor", name=op.f("ck_orders_adds_up")
        ),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_orders_total_not_negative")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_orders_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("cart_id", name=op.f("uq_orders_cart_id")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    op.create_index(
        "ix_orders_expires_at", "orders", ["expires_at"], unique=False, postgresql_where=sa.text("status = 'pending'")
    )
    op.create_index(
        "ix_orders_guest_email",
        "orders",
        [sa.literal_column("lower(email)")],
        unique=False,
        postgresql_where=sa.text("user_id IS NULL"),
    )
    op.create_index(
        "ix_orders_guest_key", "orders", ["guest_key"], unique=False, postgresql_where=sa.text("status = 'pending'")
    )
    op.create_index("ix_orders_placed_at_id", "orders", ["placed_at", "id"], unique=False)
    op.create_index("ix_orders_books_total_minor_id", "orders", ["books_total_minor", "id"], unique=False)
    op.create_index("ix_orders_user_id_placed_at", "orders", ["user_id", "placed_at", "id"], unique=False)
    op.create_table(
        "passkeys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"], unique=False)
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
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "sessions",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("second_factor", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("cookie_hash", sa.LargeBinary(), nullable=True),
        sa.Column("ip", sa.Text(), server_default="", nullable=False),
        sa.Column("user_agent", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("cookie_hash", name=op.f("uq_sessions_cookie_hash")),
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
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
        "user_roles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin', 'analyst', 'buyer', 'moderator', 'support', 'vendor')", name=op.f("ck_user_roles_role")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "wishlists",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("share_hash", sa.LargeBinary(), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(share_hash IS NULL) = (shared_at IS NULL)", name=op.f("ck_wishlists_shared")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_wishlists_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishlists")),
        sa.UniqueConstraint("share_hash", name=op.f("uq_wishlists_share_hash")),
    )
    op.create_index(op.f("ix_wishlists_user_id_id"), "wishlists", ["user_id", "id"], unique=False)
    op.create_index(
        "uq_wishlists_default", "wishlists", ["user_id"], unique=True, postgresql_where=sa.text("is_default")
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
    op.create_table(
        "payments",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("books_currency", sa.Text(), nullable=True),
        sa.Column("books_minor", sa.BigInteger(), nullable=True),
        sa.Column("captured_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refunding_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("client_secret", sa.Text(), nullable=True),
        sa.Column("next_action", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("method_ref", sa.Text(), nullable=True),
        sa.Column("gift_card_id", sa.Uuid(), nullable=True),
        sa.Column("failure_code", sa.Text(), server_default="", nullable=False),
        sa.Column("failure_message", sa.Text(), server_default="", nullable=False),
        sa.Column("surplus", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(provider = 'gift_card') = (gift_card_id IS NOT NULL)", name=op.f("ck_payments_gift_card_named")
        ),
        sa.CheckConstraint(
            "status IN ('requires_action', 'processing', 'authorized', 'captured', 'failed', 'cancelled', 'refunded', 'partially_refunded')",
            name=op.f("ck_payments_status"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_payments_amount_not_negative")),
        sa.CheckConstraint(
            "captured_minor BETWEEN 0 AND amount_minor", name=op.f("ck_payments_captured_within_amount")
        ),
        sa.CheckConstraint(
            "refunded_minor BETWEEN 0 AND captured_minor", name=op.f("ck_payments_refunded_within_captured")
        ),
        sa.CheckConstraint(
            "refunding_minor >= 0 AND refunded_minor + refunding_minor <= captured_minor",
            name=op.f("ck_payments_refunding_within_captured"),
        ),
        sa.ForeignKeyConstraint(["gift_card_id"], ["gift_cards.id"], name=op.f("fk_payments_gift_card_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("provider", "provider_ref", name=op.f("uq_payments_provider_provider_ref")),
    )
    op.create_index(
        "ix_payments_gift_card_id",
        "payments",
        ["gift_card_id"],
        unique=False,
        postgresql_where=sa.text("gift_card_id IS NOT NULL"),
    )
    op.create_index("ix_payments_created_at_id", "payments", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_payments_order_id"), "payments", ["order_id"], unique=False)
    op.create_index(
        "ix_payments_under_way",
        "payments",
        ["checked_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('requires_action', 'processing', 'failed', 'authorized')"),
    )
    op.create_index(op.f("ix_payments_user_id"), "payments", ["user_id"], unique=False)
    op.create_index(
        "uq_payments_one_per_order",
        "payments",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('failed', 'cancelled') AND NOT surplus AND provider <> 'gift_card'"),
    )
    op.create_table(
        "profiles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("wanted_mail", postgresql.ARRAY(sa.Text()), server_default="{product_alerts}", nullable=False),
        sa.Column("personalized", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("shipping_address_id", sa.Uuid(), nullable=True),
        sa.Column("billing_address_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "wanted_mail <@ ARRAY['news', 'product_alerts', 'reminders']", name=op.f("ck_profiles_wanted_mail")
        ),
        sa.ForeignKeyConstraint(
            ["user_id", "billing_address_id"],
            ["addresses.user_id", "addresses.id"],
            name="fk_profiles_billing_address_id",
            ondelete="SET NULL (billing_address_id)",
        ),
        sa.ForeignKeyConstraint(
            ["user_id", "shipping_address_id"],
            ["addresses.user_id", "addresses.id"],
            name="fk_profiles_shipping_address_id",
            ondelete="SET NULL (shipping_address_id)",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_profiles_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_profiles")),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_refresh_tokens_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    op.create_index(op.f("ix_refresh_tokens_session_id"), "refresh_tokens", ["session_id"], unique=False)
    op.create_table(
        "vendors",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tagline", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("logo_url", sa.Text(), nullable=True),
        sa.Column("logo_file_id", sa.Uuid(), nullable=True),
        sa.Column("banner_url", sa.Text(), nullable=True),
        sa.Column("banner_file_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("status_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("status_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=True),
        sa.Column("legal_name", sa.Text(), server_default="", nullable=False),
        sa.Column("legal_address", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("tax_id", sa.Text(), server_default="", nullable=False),
        sa.Column("commission_tax_rate", sa.Numeric(precision=6, scale=5), nullable=True),
        sa.Column("contact_email", sa.Text(), server_default="", nullable=False),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("returns_policy", sa.Text(), server_default="", nullable=False),
        sa.Column("shipping_policy", sa.Text(), server_default="", nullable=False),
        sa.Column("privacy_policy", sa.Text(), server_default="", nullable=False),
        sa.Column("imprint", sa.Text(), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('applied', 'active', 'rejected', 'suspended')", name=op.f("ck_vendors_status")),
        sa.CheckConstraint("commission_tax_rate BETWEEN 0 AND 1", name=op.f("ck_vendors_commission_tax_rate")),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["users.id"], name=op.f("fk_vendors_applicant_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["banner_file_id"], ["files.id"], name=op.f("fk_vendors_banner_file_id")),
        sa.ForeignKeyConstraint(["logo_file_id"], ["files.id"], name=op.f("fk_vendors_logo_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendors")),
        sa.UniqueConstraint("banner_file_id", name=op.f("uq_vendors_banner_file_id")),
        sa.UniqueConstraint("logo_file_id", name=op.f("uq_vendors_logo_file_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_vendors_slug")),
    )
    op.create_index("ix_vendors_applicant_id", "vendors", ["applicant_id"], unique=False)
    op.create_index(
        "uq_vendors_open_application",
        "vendors",
        ["applicant_id"],
        unique=True,
        postgresql_where=sa.text("status = 'applied'"),
    )
    op.create_table(
        "adjustments",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_adjustments_not_nothing")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 255", name=op.f("ck_adjustments_reason")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_adjustments_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    op.create_index(op.f("ix_adjustments_vendor_id_id"), "adjustments", ["vendor_id", "id"], unique=False)
    op.create_table(
        "catalog_imports",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("report", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (content IS NOT NULL)", name=op.f("ck_catalog_imports_content_while_waiting")
        ),
        sa.CheckConstraint("(state = 'done') = (report IS NOT NULL)", name=op.f("ck_catalog_imports_report_when_done")),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("ck_catalog_imports_state")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_catalog_imports_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_imports")),
    )
    op.create_index(op.f("ix_catalog_imports_vendor_id_id"), "catalog_imports", ["vendor_id", "id"], unique=False)
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
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (commission_minor + tax_minor < 0)", name=op.f("ck_commission_invoices_sign")
        ),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_commission_invoices_kind")),
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
    op.create_index(op.f("ix_commission_invoices_keep_until"), "commission_invoices", ["keep_until"], unique=False)
    op.create_index(op.f("ix_commission_invoices_month_id"), "commission_invoices", ["month", "id"], unique=False)
    op.create_table(
        "commission_terms",
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("rate", sa.Numeric(precision=6, scale=5), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rate >= 0 AND rate <= 1", name=op.f("ck_commission_terms_rate")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_commission_terms_category_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_commission_terms_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_terms")),
    )
    op.create_index(op.f("ix_commission_terms_category_id"), "commission_terms", ["category_id"], unique=False)
    op.create_index(
        "uq_commission_terms_vendor_category_from",
        "commission_terms",
        ["vendor_id", "category_id", "valid_from"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
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
        "payout_accounts",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("sealed_iban", sa.Text(), nullable=True),
        sa.Column("iban_ends", sa.Text(), server_default="", nullable=False),
        sa.Column("bic", sa.Text(), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("ready", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "method <> 'manual' OR sealed_iban IS NOT NULL",
            name=op.f("ck_payout_accounts_manual_has_iban"),
        ),
        sa.CheckConstraint(
            "method <> 'stripe' OR provider_ref IS NOT NULL", name=op.f("ck_payout_accounts_stripe_has_account")
        ),
        sa.CheckConstraint("method IN ('manual', 'stripe', 'test')", name=op.f("ck_payout_accounts_method")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_payout_accounts_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vendor_id", name=op.f("pk_payout_accounts")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_payout_accounts_provider_ref")),
    )
    op.create_table(
        "payout_runs",
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_payout_runs_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_runs")),
        sa.UniqueConstraint("period", name=op.f("uq_payout_runs_period")),
    )
    op.create_table(
        "products",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("brand_id", sa.Uuid(), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), server_default="", nullable=False),
        sa.Column("option_names", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("attributes", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("seo_title", sa.Text(), server_default="", nullable=False),
        sa.Column("seo_description", sa.Text(), server_default="", nullable=False),
        sa.Column("tax_class", sa.Text(), server_default="standard", nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("listed", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'active', 'archived')", name=op.f("ck_products_status")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_products_brand_id")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_products_category_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_products_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
    )
    op.create_index(op.f("ix_products_brand_id"), "products", ["brand_id"], unique=False)
    op.create_index(op.f("ix_products_category_id"), "products", ["category_id"], unique=False)
    op.create_index(
        "ix_products_deleted_at",
        "products",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_products_publish_at",
        "products",
        ["publish_at"],
        unique=False,
        postgresql_where=sa.text("publish_at IS NOT NULL"),
    )
    op.create_index(
        "uq_products_vendor_id_handle",
        "products",
        ["vendor_id", "handle"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "refunds",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("books_currency", sa.Text(), nullable=True),
        sa.Column("books_minor", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('pending', 'succeeded', 'failed')", name=op.f("ck_refunds_status")),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_refunds_amount_not_negative")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"], unique=False)
    op.create_index(
        "ix_refunds_pending", "refunds", ["created_at"], unique=False, postgresql_where=sa.text("status = 'pending'")
    )
    op.create_index("uq_refunds_provider_ref", "refunds", ["payment_id", "provider_ref"], unique=True)
    op.create_table(
        "shipping_methods",
        sa.Column("zone_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("bands", postgresql.JSONB(), nullable=False),
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
        "stock_defaults",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("low_at", sa.Integer(), nullable=False),
        sa.CheckConstraint("low_at >= 0", name=op.f("ck_stock_defaults_low_at_not_negative")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_stock_defaults_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vendor_id", name=op.f("pk_stock_defaults")),
    )
    op.create_table(
        "stock_locations",
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.Integer(), server_default="100", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("active OR vendor_id IS NOT NULL", name=op.f("ck_stock_locations_main_is_active")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_stock_locations_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_locations")),
    )
    op.create_index(
        "uq_stock_locations_vendor_id_code",
        "stock_locations",
        ["vendor_id", "code"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "vendor_invitations",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("inviter_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'manager', 'staff')", name=op.f("ck_vendor_invitations_role")),
        sa.CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name=op.f("ck_vendor_invitations_one_end")),
        sa.ForeignKeyConstraint(
            ["inviter_id"], ["users.id"], name=op.f("fk_vendor_invitations_inviter_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_vendor_invitations_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_invitations")),
    )
    op.create_index(op.f("ix_vendor_invitations_email_key"), "vendor_invitations", ["email_key"], unique=False)
    op.create_index(op.f("ix_vendor_invitations_inviter_id"), "vendor_invitations", ["inviter_id"], unique=False)
    op.create_index(
        "uq_vendor_invitations_open",
        "vendor_invitations",
        ["vendor_id", "email_key"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )
    op.create_table(
        "vendor_members",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'manager', 'staff')", name=op.f("ck_vendor_members_role")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_vendor_members_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_vendor_members_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vendor_id", "user_id", name=op.f("pk_vendor_members")),
    )
    op.create_index(op.f("ix_vendor_members_user_id"), "vendor_members", ["user_id"], unique=False)
    op.create_table(
        "vendor_orders",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("subtotal_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipping_tax_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("included_tax_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("books_total_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("commission_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("commission_tax_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("commission_tax_rate", sa.Numeric(precision=6, scale=5), nullable=True),
        sa.Column("tracking", sa.Text(), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'paid', 'processing', 'shipped', 'delivered', 'completed', 'cancelled', 'expired', 'partially_refunded', 'refunded')",
            name=op.f("ck_vendor_orders_status"),
        ),
        sa.CheckConstraint(
            "commission_minor >= 0 AND commission_tax_minor >= 0", name=op.f("ck_vendor_orders_commission_not_negative")
        ),
        sa.CheckConstraint(
            "discount_minor BETWEEN 0 AND subtotal_minor", name=op.f("ck_vendor_orders_discount_within_subtotal")
        ),
        sa.CheckConstraint(
            "shipping_tax_minor BETWEEN 0 AND tax_minor + included_tax_minor",
            name=op.f("ck_vendor_orders_shipping_tax_within"),
        ),
        sa.CheckConstraint(
            "tax_minor >= 0 AND included_tax_minor BETWEEN 0 AND total_minor",
            name=op.f("ck_vendor_orders_taxes_within_total"),
        ),
        sa.CheckConstraint(
            "total_minor = subtotal_minor - discount_minor + shipping_minor + tax_minor",
            name=op.f("ck_vendor_orders_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_vendor_orders_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_vendor_orders_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_orders")),
        sa.UniqueConstraint("order_id", "vendor_id", name=op.f("uq_vendor_orders_order_id_vendor_id")),
    )
    op.create_index(
        "ix_vendor_orders_delivered_at",
        "vendor_orders",
        ["delivered_at"],
        unique=False,
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_index(
        "ix_vendor_orders_shipped_at",
        "vendor_orders",
        ["shipped_at"],
        unique=False,
        postgresql_where=sa.text("status = 'shipped'"),
    )
    op.create_index(op.f("ix_vendor_orders_vendor_id_id"), "vendor_orders", ["vendor_id", "id"], unique=False)
    op.create_index("ix_vendor_orders_vendor_id_status", "vendor_orders", ["vendor_id", "status", "id"], unique=False)
    op.create_table(
        "commission_invoice_entries",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("commission_invoice_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commission_invoice_id"],
            ["commission_invoices.id"],
            name=op.f("fk_commission_invoice_entries_commission_invoice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_commission_invoice_entries_entry_id")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_commission_invoice_entries_vendor_id")),
        sa.PrimaryKeyConstraint("entry_id", "vendor_id", name=op.f("pk_commission_invoice_entries")),
    )
    op.create_index(
        op.f("ix_commission_invoice_entries_commission_invoice_id"),
        "commission_invoice_entries",
        ["commission_invoice_id"],
        unique=False,
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
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(kind = 'credit_note') = (refund_id IS NOT NULL)", name=op.f("ck_invoices_refund")),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_invoices_kind")),
        sa.CheckConstraint("position > 0", name=op.f("ck_invoices_position")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoices_order_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_invoices_vendor_id")),
        sa.ForeignKeyConstraint(["vendor_order_id"], ["vendor_orders.id"], name=op.f("fk_invoices_vendor_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint("vendor_id", "series", "position", name=op.f("uq_invoices_vendor_id_series_position")),
    )
    op.create_index(op.f("ix_invoices_issued_at_id"), "invoices", ["issued_at", "id"], unique=False)
    op.create_index(op.f("ix_invoices_keep_until"), "invoices", ["keep_until"], unique=False)
    op.create_index(op.f("ix_invoices_order_id"), "invoices", ["order_id"], unique=False)
    op.create_index(op.f("ix_invoices_vendor_order_id"), "invoices", ["vendor_order_id"], unique=False)
    op.create_index(
        "uq_invoices_one_per_part",
        "invoices",
        ["vendor_order_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'invoice'"),
    )
    op.create_index(
        "uq_invoices_one_per_refund",
        "invoices",
        ["refund_id", "vendor_order_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'credit_note'"),
    )
    op.create_table(
        "order_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_order_id", sa.Uuid(), nullable=True),
        sa.Column("followed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("by_staff", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_history_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_order_id"], ["vendor_orders.id"], name=op.f("fk_order_history_vendor_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_history")),
    )
    op.create_index(op.f("ix_order_history_order_id_id"), "order_history", ["order_id", "id"], unique=False)
    op.create_table(
        "order_items",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("translated_name", sa.Text(), nullable=True),
        sa.Column("translated_title", sa.Text(), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("line_total_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=7, scale=5), server_default="0", nullable=False),
        sa.Column("books_total_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("commission_rate", sa.Numeric(precision=7, scale=5), server_default="0", nullable=False),
        sa.Column("commission_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cancelled_quantity", sa.Integer(), server_default="0", nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "cancelled_quantity BETWEEN 0 AND quantity", name=op.f("ck_order_items_cancelled_within_quantity")
        ),
        sa.CheckConstraint(
            "commission_minor >= 0 AND commission_rate BETWEEN 0 AND 1", name=op.f("ck_order_items_commission")
        ),
        sa.CheckConstraint(
            "discount_minor BETWEEN 0 AND line_total_minor", name=op.f("ck_order_items_discount_within_total")
        ),
        sa.CheckConstraint("line_total_minor = unit_price_minor * quantity", name=op.f("ck_order_items_adds_up")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_items_quantity_positive")),
        sa.CheckConstraint(
            "replaces_id IS NULL OR unit_price_minor = 0", name=op.f("ck_order_items_replacement_costs_nothing")
        ),
        sa.CheckConstraint("tax_minor >= 0 AND tax_rate >= 0", name=op.f("ck_order_items_tax_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_items_order_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["order_items.id"], name=op.f("fk_order_items_replaces_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_order_id"], ["vendor_orders.id"], name=op.f("fk_order_items_vendor_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_items")),
    )
    op.create_index(op.f("ix_order_items_order_id"), "order_items", ["order_id"], unique=False)
    op.create_index(op.f("ix_order_items_variant_id"), "order_items", ["variant_id"], unique=False)
    op.create_index(op.f("ix_order_items_vendor_order_id"), "order_items", ["vendor_order_id"], unique=False)
    op.create_table(
        "payouts",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("sealed_iban", sa.Text(), nullable=True),
        sa.Column("iban_ends", sa.Text(), server_default="", nullable=False),
        sa.Column("bic", sa.Text(), nullable=True),
        sa.Column("account_ref", sa.Text(), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('paid', 'failed')) = (settled_at IS NOT NULL)", name=op.f("ck_payouts_settled")
        ),
        sa.CheckConstraint("method <> 'manual' OR sealed_iban IS NOT NULL", name=op.f("ck_payouts_manual_has_iban")),
        sa.CheckConstraint("method IN ('manual', 'stripe', 'test')", name=op.f("ck_payouts_method")),
        sa.CheckConstraint("status IN ('requested', 'sent', 'paid', 'failed')", name=op.f("ck_payouts_status")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payouts_amount_positive")),
        sa.ForeignKeyConstraint(["run_id"], ["payout_runs.id"], name=op.f("fk_payouts_run_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_payouts_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("run_id", "vendor_id", "currency", name=op.f("uq_payouts_run_id_vendor_id_currency")),
    )
    op.create_index(op.f("ix_payouts_status_id"), "payouts", ["status", "id"], unique=False)
    op.create_index(op.f("ix_payouts_vendor_id_id"), "payouts", ["vendor_id", "id"], unique=False)
    op.create_index(
        "uq_payouts_open",
        "payouts",
        ["vendor_id", "currency"],
        unique=True,
        postgresql_where=sa.text("status IN ('requested', 'sent')"),
    )
    op.create_table(
        "product_projections",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("brand_id", sa.Uuid(), nullable=True),
        sa.Column("category_path", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("listed", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("rating_average", sa.Numeric(precision=3, scale=2), server_default="0", nullable=False),
        sa.Column("rating_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sold_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("variant_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("variant_bodies", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_projections_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_projections")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_projections_slug")),
    )
    op.create_index(
        "ix_product_projections_best_selling",
        "product_projections",
        [sa.literal_column("sold_count DESC"), sa.literal_column("product_id DESC")],
        unique=False,
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_product_projections_brand",
        "product_projections",
        ["brand_id", sa.literal_column("created_at DESC"), sa.literal_column("product_id DESC")],
        unique=False,
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_product_projections_category",
        "product_projections",
        ["category_path"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_product_projections_name",
        "product_projections",
        ["name_key", "product_id"],
        unique=False,
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_product_projections_newest",
        "product_projections",
        [sa.literal_column("created_at DESC"), sa.literal_column("product_id DESC")],
        unique=False,
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_product_projections_price",
        "product_projections",
        ["price_minor", "product_id"],
        unique=False,
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_product_projections_rating",
        "product_projections",
        [sa.literal_column("rating_average DESC"), sa.literal_column("product_id DESC")],
        unique=False,
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_product_projections_tags",
        "product_projections",
        ["tags"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_product_projections_vendor",
        "product_projections",
        ["vendor_id", sa.literal_column("created_at DESC"), sa.literal_column("product_id DESC")],
        unique=False,
        postgresql_where=sa.text("listed"),
    )
    op.create_table(
        "product_projection_texts",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("variant_bodies", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("rendered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product_projections.product_id"],
            name=op.f("fk_product_projection_texts_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", "locale", name=op.f("pk_product_projection_texts")),
    )
    op.create_index(
        "ix_product_projection_texts_name",
        "product_projection_texts",
        ["locale", "name_key", "product_id"],
        unique=False,
    )
    op.create_index(
        "ix_product_projection_texts_slug",
        "product_projection_texts",
        ["slug", "locale"],
        unique=False,
        postgresql_where=sa.text("slug IS NOT NULL"),
    )
    op.create_table(
        "product_prices",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("compare_at_minor", sa.BigInteger(), nullable=True),
        sa.Column("lowest_minor", sa.BigInteger(), nullable=True),
        sa.Column("variant_prices", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("variant_compare_at", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("variant_lowest", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product_projections.product_id"],
            name=op.f("fk_product_prices_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", "currency", name=op.f("pk_product_prices")),
    )
    op.create_index(
        "ix_product_prices_product",
        "product_prices",
        ["product_id", "currency"],
        unique=False,
        postgresql_include=["price_minor"],
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_product_prices_price",
        "product_prices",
        ["currency", "price_minor", "product_id"],
        unique=False,
        postgresql_where=sa.text("listed"),
    )
    op.create_table(
        "shown_currencies",
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("conversion", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("status IN ('filling', 'shown', 'stopped')", name=op.f("ck_shown_currencies_status")),
        sa.PrimaryKeyConstraint("currency", name=op.f("pk_shown_currencies")),
    )
    op.create_table(
        "searched_locales",
        sa.Column("locale", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("locale", name=op.f("pk_searched_locales")),
    )
    op.create_table(
        "projected_locales",
        sa.Column("locale", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("locale", name=op.f("pk_projected_locales")),
    )
    op.create_table(
        "product_images",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_product_images_file_id")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_images_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_images")),
    )
    op.create_index(op.f("ix_product_images_file_id"), "product_images", ["file_id"], unique=False)
    op.create_index(op.f("ix_product_images_product_id"), "product_images", ["product_id"], unique=False)
    op.create_table(
        "product_ratings",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0 AND stars BETWEEN count AND 5 * count", name=op.f("ck_product_ratings_sane")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_ratings_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_ratings")),
    )
    op.create_table(
        "product_slugs",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_slugs_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_product_slugs")),
    )
    op.create_index(op.f("ix_product_slugs_product_id"), "product_slugs", ["product_id"], unique=False)
    op.create_table(
        "product_tags",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_tags_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_product_tags_tag_id")),
        sa.PrimaryKeyConstraint("product_id", "tag_id", name=op.f("pk_product_tags")),
    )
    op.create_index(op.f("ix_product_tags_tag_id"), "product_tags", ["tag_id"], unique=False)
    op.create_table(
        "recent_views",
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("cart_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("viewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (cart_id IS NULL)", name=op.f("ck_recent_views_one_viewer")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_recent_views_cart_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_recent_views_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recent_views_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recent_views")),
        sa.UniqueConstraint("cart_id", "product_id", name=op.f("uq_recent_views_cart_id_product_id")),
        sa.UniqueConstraint("user_id", "product_id", name=op.f("uq_recent_views_user_id_product_id")),
    )
    op.create_index(op.f("ix_recent_views_product_id"), "recent_views", ["product_id"], unique=False)
    op.create_index(op.f("ix_recent_views_viewed_at"), "recent_views", ["viewed_at"], unique=False)
    op.create_table(
        "uncounted_views",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uncounted_views")),
    )
    op.create_table(
        "returns",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_order_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("restocked", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "reason IN ('withdrawal', 'damaged', 'wrong_item', 'not_as_described', 'other')",
            name=op.f("ck_returns_reason"),
        ),
        sa.CheckConstraint(
            "refund_id IS NULL OR status IN ('received', 'refunded')", name=op.f("ck_returns_refund_after_receipt")
        ),
        sa.CheckConstraint(
            "status <> 'refunded' OR refund_id IS NOT NULL OR amount_minor = 0",
            name=op.f("ck_returns_refunded_by_a_refund"),
        ),
        sa.CheckConstraint(
            "status IN ('requested', 'approved', 'rejected', 'received', 'refunded', 'exchanged', 'cancelled')",
            name=op.f("ck_returns_status"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_returns_amount_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_returns_order_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_returns_refund_id")),
        sa.ForeignKeyConstraint(
            ["vendor_order_id"], ["vendor_orders.id"], name=op.f("fk_returns_vendor_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_returns_refund_id")),
    )
    op.create_index(op.f("ix_returns_order_id"), "returns", ["order_id"], unique=False)
    op.create_index(op.f("ix_returns_status_id"), "returns", ["status", "id"], unique=False)
    op.create_index(op.f("ix_returns_vendor_order_id"), "returns", ["vendor_order_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), server_default="", nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text_key", sa.LargeBinary(), nullable=True),
        sa.Column("verified", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("signals", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("helpful_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("report_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'published', 'rejected', 'hidden', 'withdrawn')", name=op.f("ck_reviews_status")
        ),
        sa.CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name=op.f("ck_reviews_reply_has_its_moment")),
        sa.CheckConstraint("helpful_count >= 0 AND report_count >= 0", name=op.f("ck_reviews_counts_not_negative")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_reviews_rating")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_reviews_author_id")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_reviews_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_reviews_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("author_id", "product_id", name=op.f("uq_reviews_author_id_product_id")),
    )
    op.create_index(
        "ix_reviews_helpful",
        "reviews",
        ["product_id", "helpful_count", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(
        "ix_reviews_newest",
        "reviews",
        ["product_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(
        "ix_reviews_rating",
        "reviews",
        ["product_id", "rating", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(
        "ix_reviews_reported", "reviews", ["id"], unique=False, postgresql_where=sa.text("report_count > 0")
    )
    op.create_index(op.f("ix_reviews_status_id"), "reviews", ["status", "id"], unique=False)
    op.create_index(op.f("ix_reviews_text_key"), "reviews", ["text_key"], unique=False)
    op.create_index(
        op.f("ix_reviews_vendor_id_created_at_id"), "reviews", ["vendor_id", "created_at", "id"], unique=False
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
    op.create_index(op.f("ix_shipments_vendor_order_id_id"), "shipments", ["vendor_order_id", "id"], unique=False)
    op.create_table(
        "variants",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("options", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("compare_at_minor", sa.BigInteger(), nullable=True),
        sa.Column("weight_grams", sa.Integer(), nullable=True),
        sa.Column("barcode", sa.Text(), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_variants_price_not_negative")),
        sa.CheckConstraint("weight_grams >= 0", name=op.f("ck_variants_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_variants_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_variants_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variants")),
    )
    op.create_index(op.f("ix_variants_product_id"), "variants", ["product_id"], unique=False)
    op.create_index(
        "uq_variants_product_id_options",
        "variants",
        ["product_id", "options"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_variants_vendor_id_sku",
        "variants",
        ["vendor_id", "sku"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "variant_prices",
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("compare_at_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_variant_prices_price")),
        sa.CheckConstraint("compare_at_minor >= 0", name=op.f("ck_variant_prices_compare_at")),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_variant_prices_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("variant_id", "currency", name=op.f("pk_variant_prices")),
    )
    op.create_table(
        "cart_items",
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_seen_minor", sa.BigInteger(), nullable=False),
        sa.Column("price_seen_currency", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 10000", name=op.f("ck_cart_items_quantity")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_cart_items_cart_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_cart_items_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_items")),
        sa.UniqueConstraint("cart_id", "variant_id", name=op.f("uq_cart_items_cart_id_variant_id")),
    )
    op.create_index(op.f("ix_cart_items_variant_id"), "cart_items", ["variant_id"], unique=False)
    op.create_table(
        "invoice_files",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_files_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_invoice_files")),
    )
    op.create_table(
        "product_alerts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("price_seen_minor", sa.BigInteger(), nullable=False),
        sa.Column("below_minor", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('back_in_stock', 'price_drop')", name=op.f("ck_product_alerts_kind")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_alerts_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_product_alerts_user_id")),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_product_alerts_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_alerts")),
        sa.UniqueConstraint(
            "user_id",
            "product_id",
            "variant_id",
            "kind",
            name=op.f("uq_product_alerts_user_id_product_id_variant_id_kind"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_product_alerts_open", "product_alerts", ["id"], unique=False, postgresql_where=sa.text("told_at IS NULL")
    )
    op.create_index(
        "ix_product_alerts_open_product",
        "product_alerts",
        ["product_id"],
        unique=False,
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_index(op.f("ix_product_alerts_variant_id"), "product_alerts", ["variant_id"], unique=False)
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
        sa.Column("commission_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("commission_tax_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("bucket IN ('goods', 'shipping')", name=op.f("ck_refund_lines_bucket")),
        sa.CheckConstraint(
            "(bucket = 'goods') = (order_item_id IS NOT NULL)", name=op.f("ck_refund_lines_goods_name_their_line")
        ),
        sa.CheckConstraint(
            "commission_minor >= 0 AND commission_tax_minor >= 0", name=op.f("ck_refund_lines_commission_not_negative")
        ),
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
        sa.ForeignKeyConstraint(
            ["return_id"], ["returns.id"], name=op.f("fk_return_history_return_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_history")),
    )
    op.create_index(op.f("ix_return_history_return_id_id"), "return_history", ["return_id", "id"], unique=False)
    op.create_table(
        "return_items",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("asked_quantity", sa.Integer(), nullable=True),
        sa.Column("exchange_variant_id", sa.Uuid(), nullable=True),
        sa.Column("replacement_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("asked_quantity > quantity", name=op.f("ck_return_items_asked_for_more")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_return_items_quantity_not_negative")),
        sa.CheckConstraint(
            "quantity > 0 OR asked_quantity IS NOT NULL", name=op.f("ck_return_items_quantity_positive")
        ),
        sa.CheckConstraint(
            "replacement_id IS NULL OR exchange_variant_id IS NOT NULL",
            name=op.f("ck_return_items_replaced_in_exchange"),
        ),
        sa.ForeignKeyConstraint(
            ["order_item_id"], ["order_items.id"], name=op.f("fk_return_items_order_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["replacement_id"], ["order_items.id"], name=op.f("fk_return_items_replacement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["returns.id"], name=op.f("fk_return_items_return_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("return_id", "order_item_id", name=op.f("pk_return_items")),
        sa.UniqueConstraint("replacement_id", name=op.f("uq_return_items_replacement_id")),
    )
    op.create_index(op.f("ix_return_items_order_item_id"), "return_items", ["order_item_id"], unique=False)
    op.create_table(
        "review_photos",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("alt", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_review_photos_file_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_photos_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_photos")),
        sa.UniqueConstraint("file_id", name=op.f("uq_review_photos_file_id")),
    )
    op.create_index(op.f("ix_review_photos_review_id"), "review_photos", ["review_id"], unique=False)
    op.create_table(
        "review_reports",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "reason IN ('spam', 'offensive', 'wrong_product', 'personal_data', 'other')",
            name=op.f("ck_review_reports_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_reports_review_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_review_reports_user_id")),
        sa.PrimaryKeyConstraint("review_id", "user_id", name=op.f("pk_review_reports")),
    )
    op.create_index(op.f("ix_review_reports_user_id"), "review_reports", ["user_id"], unique=False)
    op.create_table(
        "review_votes",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_votes_review_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_review_votes_user_id")),
        sa.PrimaryKeyConstraint("review_id", "user_id", name=op.f("pk_review_votes")),
    )
    op.create_index(op.f("ix_review_votes_user_id"), "review_votes", ["user_id"], unique=False)
    op.create_table(
        "shipment_items",
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_shipment_items_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["order_item_id"], ["order_items.id"], name=op.f("fk_shipment_items_order_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_shipment_items_shipment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shipment_id", "order_item_id", name=op.f("pk_shipment_items")),
    )
    op.create_index(op.f("ix_shipment_items_order_item_id"), "shipment_items", ["order_item_id"], unique=False)
    op.create_table(
        "stock_levels",
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("on_hand", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reserved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("allow_backorder", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("tracked", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.CheckConstraint(
            "allow_backorder OR reserved <= on_hand", name=op.f("ck_stock_levels_reserved_within_stock")
        ),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_stock_levels_on_hand_not_negative")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_stock_levels_reserved_not_negative")),
        sa.ForeignKeyConstraint(["location_id"], ["stock_locations.id"], name=op.f("fk_stock_levels_location_id")),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_stock_levels_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("variant_id", "location_id", name=op.f("pk_stock_levels")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "applied_prices",
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("compare_at_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_applied_prices_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_applied_prices_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("variant_id", "currency", "applied_at", name=op.f("pk_applied_prices")),
    )
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on_hand_delta", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reserved_delta", sa.Integer(), server_default="0", nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), server_default="system", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('received', 'adjusted', 'reserved', 'released', 'expired', 'shipped', 'returned', 'transferred')",
            name=op.f("ck_stock_movements_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_stock_movements_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
    )
    op.create_index(op.f("ix_stock_movements_variant_id_id"), "stock_movements", ["variant_id", "id"], unique=False)
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
    op.create_table(
        "wishlist_items",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["wishlists.id"], name=op.f("fk_wishlist_items_list_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_wishlist_items_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_wishlist_items_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishlist_items")),
        sa.UniqueConstraint(
            "list_id",
            "product_id",
            "variant_id",
            name=op.f("uq_wishlist_items_list_id_product_id_variant_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_wishlist_items_product_id"), "wishlist_items", ["product_id"], unique=False)
    op.create_index(op.f("ix_wishlist_items_variant_id"), "wishlist_items", ["variant_id"], unique=False)
    op.create_table(
        "stock_reservations",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="held", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('held', 'confirmed', 'shipped', 'released', 'expired')", name=op.f("ck_stock_reservations_state")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_reservations_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["variant_id", "location_id"],
            ["stock_levels.variant_id", "stock_levels.location_id"],
            name=op.f("fk_stock_reservations_variant_id_location_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_reservations")),
    )
    op.create_index(op.f("ix_stock_reservations_order_id"), "stock_reservations", ["order_id"], unique=False)
    op.create_index(
        op.f("ix_stock_reservations_variant_id_location_id"),
        "stock_reservations",
        ["variant_id", "location_id"],
        unique=False,
    )
    op.create_table(
        "search_changes",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True, start=2), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_search_changes")),
    )
    op.create_index("ix_search_changes_version", "search_changes", ["version"], unique=False)
    op.create_table(
        "search_indexes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_search_indexes")),
    )
    op.create_table(
        "search_documents",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("popularity", sa.Float(53), nullable=False),
        sa.Column("rating_average", sa.Float(53), nullable=False),
        sa.Column("sold_count", sa.Integer(), nullable=False),
        sa.Column("in_stock", sa.Boolean(), nullable=False),
        sa.Column("on_sale", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("indexed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("counted", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("terms", postgresql.TSVECTOR(), nullable=False),
        sa.Column(
            "lot",
            sa.SmallInteger(),
            sa.Computed("(uuid_hash_extended(product_id, 0) & 1023)::smallint", persisted=True),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_search_documents_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", "locale", name=op.f("pk_search_documents")),
    )
    op.create_index(
        "ix_search_documents_created_at", "search_documents", ["locale", "created_at", "product_id"], unique=False
    )
    op.create_index(
        "ix_search_documents_price", "search_documents", ["locale", "price_minor", "product_id"], unique=False
    )
    op.create_index(
        "ix_search_documents_popularity",
        "search_documents",
        ["locale", sa.text("popularity DESC"), sa.text("product_id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_search_documents_terms",
        "search_documents",
        ["terms"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index("ix_search_documents_lot", "search_documents", ["locale", "lot"], unique=False)
    for name, column in (("rating", "rating_average"), ("sold", "sold_count"), ("name", "name_key")):
        op.create_index(
            f"ix_search_documents_{name}", "search_documents", ["locale", column, "product_id"], unique=False
        )
    op.create_index(
        "ix_search_documents_sold_out",
        "search_documents",
        ["locale", sa.text("popularity DESC"), sa.text("product_id DESC")],
        unique=False,
        postgresql_where=sa.text("NOT in_stock"),
    )
    for lots in (64, 16, 4, 1):
        op.create_index(
            f"ix_search_documents_lots_{lots}",
            "search_documents",
            ["terms"],
            unique=False,
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
            postgresql_where=sa.text(f"lot < {lots}"),
        )
    # what is counted is read without the words, which are ten times as much
    op.execute("ALTER TABLE search_documents SET (toast_tuple_target = 256)")
    op.execute("ALTER TABLE search_documents ALTER COLUMN terms SET STATISTICS 1000")
    op.create_table(
        "search_facet_values",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_facet_values")),
    )
    op.create_index("ix_search_facet_values_facet_value", "search_facet_values", ["facet", "value"], unique=False)
    op.create_index("uq_search_facet_values_facet_key", "search_facet_values", ["facet", "key"], unique=True)
    op.create_table(
        "search_lexemes",
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("lexeme", sa.Text(collation="C"), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("is_word", sa.Boolean(), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_leading", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("locale", "lexeme", name=op.f("pk_search_lexemes")),
    )
    op.create_index(
        "ix_search_lexemes_leading",
        "search_lexemes",
        ["locale", "lexeme"],
        unique=False,
        postgresql_where=sa.text("is_leading"),
    )
    op.create_index(
        "ix_search_lexemes_ending",
        "search_lexemes",
        ["locale", sa.literal_column("reverse(lexeme)")],
        unique=False,
    )
    op.create_index("ix_search_lexemes_keys", "search_lexemes", ["keys"], unique=False, postgresql_using="gin")
    op.create_table(
        "search_kept_terms",
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("locale", "term", name=op.f("pk_search_kept_terms")),
    )
    op.create_table(
        "search_counts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(collation="C"), nullable=False),
        sa.Column("is_base", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("ids", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("counts", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_counts")),
    )
    op.create_index("ix_search_counts_locale_term", "search_counts", ["locale", "term"], unique=False)
    op.create_table(
        "search_curation",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rules_followed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_search_curation_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_curation")),
    )
    op.create_table(
        "search_synonyms",
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("finds", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_synonyms")),
        sa.UniqueConstraint("locale", "key", name=op.f("uq_search_synonyms_locale_key")),
    )
    op.create_table(
        "search_rules",
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("match", sa.Text(), server_default="exact", nullable=False),
        sa.Column("pinned", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("buried", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("redirect_kind", sa.Text(), nullable=True),
        sa.Column("redirect_to", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("match IN ('exact', 'contains')", name=op.f("ck_search_rules_match")),
        sa.CheckConstraint(
            "redirect_kind IN ('category', 'vendor', 'product', 'path')", name=op.f("ck_search_rules_redirect_kind")
        ),
        sa.CheckConstraint(
            "(redirect_kind IS NULL) = (redirect_to IS NULL)", name=op.f("ck_search_rules_redirect_whole")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_search_rules_starts_before_it_ends")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_rules")),
        sa.UniqueConstraint(
            "locale",
            "match",
            "key",
            "starts_at",
            "ends_at",
            name=op.f("uq_search_rules_locale_match_key_starts_at_ends_at"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "search_terms",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(collation="C"), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("found_nothing", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "locale", "term", name=op.f("pk_search_terms")),
    )
    op.create_table(
        "search_popular_terms",
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(collation="C"), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("locale", "term", name=op.f("pk_search_popular_terms")),
    )
    op.create_table(
        "decay_clocks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("half_life_days", sa.Float(53), nullable=False),
        sa.Column("landmark", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("half_life_days > 0", name=op.f("ck_decay_clocks_half_life_positive")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_decay_clocks")),
    )
    op.create_table(
        "counted_orders",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("product_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_counted_orders_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_counted_orders")),
    )
    op.create_table(
        "ordered_products",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_ordered_products")),
    )
    op.create_table(
        "product_pairs",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("product_id", "other_id", name=op.f("pk_product_pairs")),
    )
    op.create_index("ix_product_pairs_weight", "product_pairs", ["product_id", sa.text("weight DESC")], unique=False)
    op.create_table(
        "trending_products",
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(53), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_trending_products_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("category_id", "product_id", name=op.f("pk_trending_products")),
    )
    op.create_index(op.f("ix_trending_products_product_id"), "trending_products", ["product_id"], unique=False)
    op.create_index(
        "ix_trending_products_score",
        "trending_products",
        ["category_id", sa.text("score DESC"), sa.text("product_id DESC")],
        unique=False,
    )
    op.create_table(
        "product_terms",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_terms_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("term", "product_id", name=op.f("pk_product_terms")),
    )
    op.create_index(op.f("ix_product_terms_product_id"), "product_terms", ["product_id"], unique=False)
    op.create_table(
        "post_tags",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_tags")),
        sa.UniqueConstraint("slug", name=op.f("uq_post_tags_slug")),
    )
    op.create_table(
        "posts",
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_html", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("image_file_id", sa.Uuid(), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("image_alt", sa.Text(), server_default="", nullable=False),
        sa.Column("image_width", sa.Integer(), nullable=True),
        sa.Column("image_height", sa.Integer(), nullable=True),
        sa.Column("image_sizes", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("content <> ''", name=op.f("ck_posts_content")),
        sa.CheckConstraint("(image_file_id IS NULL) = (image_url IS NULL)", name=op.f("ck_posts_image")),
        sa.CheckConstraint(
            "NOT published OR (published_at IS NOT NULL AND publish_at IS NULL)", name=op.f("ck_posts_published")
        ),
        sa.CheckConstraint("char_length(title) BETWEEN 3 AND 200", name=op.f("ck_posts_title")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_posts_author_id")),
        sa.ForeignKeyConstraint(["image_file_id"], ["files.id"], name=op.f("fk_posts_image_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("image_file_id", name=op.f("uq_posts_image_file_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_posts_slug")),
    )
    op.create_index(op.f("ix_posts_author_id"), "posts", ["author_id"], unique=False)
    op.create_index(op.f("ix_posts_created_at_id"), "posts", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_posts_newest", "posts", ["published_at", "id"], unique=False, postgresql_where=sa.text("published")
    )
    op.create_index(
        "ix_posts_publish_at", "posts", ["publish_at"], unique=False, postgresql_where=sa.text("publish_at IS NOT NULL")
    )
    op.create_table(
        "post_search",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_search_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "locale", name=op.f("pk_post_search")),
    )
    op.create_index("ix_post_search_words", "post_search", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "post_slugs",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_slugs_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_post_slugs")),
    )
    op.create_index(op.f("ix_post_slugs_post_id"), "post_slugs", ["post_id"], unique=False)
    op.create_table(
        "post_taggings",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_taggings_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["post_tags.id"], name=op.f("fk_post_taggings_tag_id")),
        sa.PrimaryKeyConstraint("post_id", "tag_id", name=op.f("pk_post_taggings")),
    )
    op.create_index(op.f("ix_post_taggings_tag_id"), "post_taggings", ["tag_id"], unique=False)
    op.create_table(
        "post_products",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_products_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_post_products_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "product_id", name=op.f("pk_post_products")),
    )
    op.create_index(op.f("ix_post_products_product_id"), "post_products", ["product_id"], unique=False)
    op.create_table(
        "comments",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text_key", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("signals", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("report_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('pending', 'published', 'rejected', 'hidden')", name=op.f("ck_comments_status")),
        sa.CheckConstraint("char_length(body) BETWEEN 1 AND 5000", name=op.f("ck_comments_body")),
        sa.CheckConstraint("report_count >= 0", name=op.f("ck_comments_count_not_negative")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_comments_author_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_comments_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(
        op.f("ix_comments_author_id_created_at_id"), "comments", ["author_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_comments_newest",
        "comments",
        ["post_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(
        "ix_comments_reported", "comments", ["id"], unique=False, postgresql_where=sa.text("report_count > 0")
    )
    op.create_index(op.f("ix_comments_status_id"), "comments", ["status", "id"], unique=False)
    op.create_index(op.f("ix_comments_text_key"), "comments", ["text_key"], unique=False)
    op.create_table(
        "comment_reports",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "reason IN ('spam', 'offensive', 'off_topic', 'personal_data', 'other')",
            name=op.f("ck_comment_reports_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_comment_reports_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_comment_reports_user_id")),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f("pk_comment_reports")),
    )
    op.create_index(op.f("ix_comment_reports_user_id"), "comment_reports", ["user_id"], unique=False)
    op.create_table(
        "menus",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("items", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menus")),
        sa.UniqueConstraint("name", name=op.f("uq_menus_name")),
    )
    op.create_table(
        "pages",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_pages_slug")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("slug", name=op.f("uq_pages_slug")),
    )
    op.create_table(
        "redirects",
        sa.Column("from_path", sa.Text(), nullable=False),
        sa.Column("to_path", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("from_path <> to_path", name=op.f("ck_redirects_elsewhere")),
        sa.CheckConstraint("status IN (301, 308)", name=op.f("ck_redirects_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redirects")),
        sa.UniqueConstraint("from_path", name=op.f("uq_redirects_from_path")),
    )
    op.create_table(
        "page_versions",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_html", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("content <> ''", name=op.f("ck_page_versions_content")),
        sa.CheckConstraint("char_length(title) BETWEEN 3 AND 200", name=op.f("ck_page_versions_title")),
        sa.CheckConstraint("version > 0", name=op.f("ck_page_versions_version")),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_page_versions_page_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_versions")),
        sa.UniqueConstraint("page_id", "version", name=op.f("uq_page_versions_page_id_version")),
    )
    op.create_index(
        "ix_page_versions_published",
        "page_versions",
        ["page_id", "version"],
        unique=False,
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    raise RuntimeError("the first schema is where it begins: restore a backup instead")
