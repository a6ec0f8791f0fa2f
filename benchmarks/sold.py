"""Orders of the past, as many as wanted, written past the product: vendors, their orders, lines and books.

A tenth of all orders has a vendor order of the first vendor, whose owner looks at the vendor portal.
"""

from uuid import UUID

import psycopg

from benchmarks.people import token
from mercat.kit.ids import new_id

VENDORS = 500
VENDOR = """
INSERT INTO vendors (id, slug, name, status)
SELECT uuidv7(), 'vendor-' || n, 'Vendor ' || n, 'active' FROM generate_series(1, %s) n
"""
PLAN = """
CREATE TEMP TABLE plan AS
SELECT n, uuidv7(make_interval(secs => -60.0 * (%(orders)s - n))) AS order_id,
    now() - make_interval(secs => 60.0 * (%(orders)s - n)) AS at,
    CASE WHEN n %% 10 = 0 THEN 1 ELSE 2 + n %% (%(vendors)s - 1) END AS vendor, 1000 + (n * 7919) %% 90000 AS amount
FROM generate_series(1, %(orders)s) n;
CREATE TEMP TABLE planned AS
SELECT p.*, v.id AS vendor_id, uuidv7(make_interval(secs => -60.0 * (%(orders)s - p.n))) AS vendor_order_id,
    p.amount / 10 AS commission
FROM plan p JOIN vendors v ON v.slug = 'vendor-' || p.vendor;
"""
ORDERS = """
INSERT INTO orders (id, number, email, locale, status, currency, books_currency, subtotal_minor, total_minor,
    books_total_minor, shipping_method, shipping_method_name, payment_method, shipping_address, billing_address,
    placed_at, paid_at)
SELECT order_id, 'B-' || n, 'buyer' || n || '@example.com', 'en', 'delivered', 'EUR', 'EUR', amount, amount, amount,
    'standard',
    'Standard', 'manual', a, a, at, at
FROM planned, (VALUES (
    '{"name": "Ada", "line1": "1 Road", "city": "London", "postal_code": "SW1", "country": "GB"}'::jsonb)) x(a)
"""
VENDOR_ORDERS = """
INSERT INTO vendor_orders (id, order_id, vendor_id, status, subtotal_minor, shipping_minor, total_minor,
    commission_minor, shipped_at, delivered_at)
SELECT vendor_order_id, order_id, vendor_id, 'delivered', amount, 0, amount, commission, at, at FROM planned
"""
LINES = """
INSERT INTO order_items (id, order_id, vendor_order_id, position, product_id, variant_id, name, title, quantity,
    unit_price_minor, line_total_minor, commission_rate, commission_minor)
SELECT gen_random_uuid(), order_id, vendor_order_id, 0, gen_random_uuid(), gen_random_uuid(), 'Thing', 'Default', 1,
    amount,
    amount, 0.1, commission
FROM planned
"""
HISTORY = (
    "INSERT INTO order_history (order_id, to_status, actor, at) SELECT order_id, 'delivered', 'system', at FROM planned"
)
BOOKS = """
WITH entries AS (
    INSERT INTO ledger_entries (id, cause, kind, order_id, posted_at)
    SELECT vendor_order_id, 'order.paid:' || order_id, 'order.paid', order_id, at FROM planned ORDER BY n
    RETURNING id, order_id
)
INSERT INTO ledger_postings (entry_id, account, party, currency, amount_minor)
SELECT e.id, l.account, l.party, 'EUR', l.minor
FROM entries e JOIN planned p USING (order_id) CROSS JOIN LATERAL (VALUES
    ('prepayments', '', p.amount), ('sales', p.vendor_id::text, -p.amount),
    ('commission', p.vendor_id::text, p.commission), ('commission_income', p.vendor_id::text, -p.commission)
) AS l(account, party, minor) ORDER BY p.n
"""
# as the schedule does it, minute by minute
FOLDED = """
INSERT INTO ledger_totals (party, account, currency, amount_minor)
SELECT party, account, currency, sum(amount_minor)::bigint FROM ledger_postings GROUP BY party, account, currency
"""
MARKED = "UPDATE ledger_marks SET folded_id = m.id, next_id = m.id FROM (SELECT max(id) AS id FROM ledger_postings) m"
OWNER = """
WITH somebody AS (
    INSERT INTO users (id, email, email_key, password_hash)
    VALUES (%(user)s, 'owner@example.com', 'owner@example.com', '')
), role AS (INSERT INTO user_roles (user_id, role) VALUES (%(user)s, 'vendor')
), membership AS (
    INSERT INTO vendor_members (vendor_id, user_id, role)
    SELECT id, %(user)s, 'owner' FROM vendors WHERE slug = 'vendor-1'
)
INSERT INTO sessions (id, user_id, method, expires_at)
VALUES (%(session)s, %(user)s, 'password', now() + interval '1 day')
"""


def fill(database_url: str, orders: int) -> str:
    """Write vendors and so many orders; returns the token of the owner of the first vendor."""
    user, session = new_id(), new_id()
    with psycopg.connect(database_url) as connection:
        connection.execute(VENDOR, (VENDORS,))
        connection.execute("SET LOCAL work_mem = '256MB'")
        for statement in PLAN.split(";")[:2]:
            connection.cursor().execute(statement, {"orders": orders, "vendors": VENDORS})
        for statement in (ORDERS, VENDOR_ORDERS, LINES, HISTORY, BOOKS, FOLDED, MARKED):
            connection.execute(statement)
        connection.execute(OWNER, {"user": user, "session": session})
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return token(UUID(str(user)), UUID(str(session)))
