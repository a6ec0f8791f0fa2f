"""A million products with 3.2 million variants: how long their search index takes, and how long one visitor waits.

The product itself imports 5,000 products; the others are copies of them in the catalogue's read models, each with an
id, a slug, SKUs and words of its own. The search index is then written by the product, as `mercat reindex` does.
"""

import time

import psycopg

from benchmarks import dataset, searches
from benchmarks.bench import Bench
from benchmarks.figures import Figure, at_most, known
from benchmarks.imported import bring_in
from benchmarks.requests import LIST, SEARCH, SUGGEST

ORIGINALS, COPIES = 5_000, 199
BUILD_MINUTES = 20.0
SEARCH_P50, SEARCH_P95, LIST_P50 = 20.0, 50.0, 10.0
# what a few products have, about 700, 28,000, and all
WORDS = {"rare": "x7y1234", "medium": "77q", "frequent": "teapots", "most frequent": "catalogue"}

# read models alone are copied: neither triggers nor foreign keys of what no list and no search reads
PREPARE = """
SET session_replication_role = replica;
SET maintenance_work_mem = '512MB';
CREATE FUNCTION pg_temp.copied(id uuid, n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (left(id::text, 24) || right(md5(id::text || n), 12))::uuid
$$
"""
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'product_projections' AND indexname NOT LIKE 'pk%' AND indexname NOT LIKE 'uq%'
"""
COLUMNS = """
SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY 1
"""
CHANGED = {
    "products": {"id": "pg_temp.copied(p.id, n)", "handle": "p.handle || '-' || n", "slug": "p.slug || '-' || n"},
    "product_projections": {
        "product_id": "pg_temp.copied(p.product_id, n)",
        "slug": "p.slug || '-' || n",
        "created_at": "p.created_at - n * interval '1 minute'",
        "sold_count": "abs(hashtext(p.slug || n)) % 50",
        "summary": "replace(p.summary, p.product_id::text, pg_temp.copied(p.product_id, n)::text)",
        "page": r"""regexp_replace(p.page, 'Number \d+ of', 'Number x' || n || 'y' || right(p.slug, 4) || ' lot '
            || abs(hashtext(p.slug || n)) % 1500 || 'q of')""",
        "variant_bodies": r"""ARRAY(
            SELECT regexp_replace(b, '"sku":"([^"]*)"', '"sku":"\1-' || n || '"') FROM unnest(p.variant_bodies) b)""",
    },
}
COUNTS = """
INSERT INTO product_counts (dimension, key, delta)
SELECT dimension, key, sum(delta) * %s FROM product_counts GROUP BY 1, 2
"""
SIZE = "SELECT count(*), sum(cardinality(variant_ids)) FROM product_projections"


def figures(bench: Bench) -> list[Figure]:
    """Measure the index, searches, lists and suggestions of a million products."""
    url = bench.stack.database("million")
    bench.say(f"importing {ORIGINALS:,} products, and copying them {COPIES} times")
    bring_in(url, dataset.write(bench.stack.folder / "originals.csv", ORIGINALS))
    products, variants = copy(url, COPIES)
    bench.say(f"writing the search index of {products:,} products")
    begun = time.perf_counter()
    searches.make_searchable(url)
    minutes = (time.perf_counter() - begun) / 60
    found = [
        known("a large catalogue", f"{products:,} products", details=f"{variants:,} variants"),
        at_most("its search index", minutes, BUILD_MINUTES, " minutes", details="mercat reindex"),
    ]
    server = bench.stack.product(url, "product-million")
    for kind, word in WORDS.items():
        name, path = f"large catalogue: search, {kind} word", SEARCH.format(word)
        found.append(searches.waited(server, name, path, SEARCH_P50, seconds=bench.seconds))
        found.append(searches.slowest(server, name, path, SEARCH_P95, seconds=bench.seconds))
    for name, path in (("list", LIST), ("suggestions", SUGGEST.format(searches.TYPED))):
        found.append(searches.waited(server, f"large catalogue: {name}", path, LIST_P50, seconds=bench.seconds))
    bench.stack.stop(server)
    return found


def copy(database_url: str, copies: int) -> tuple[int, int]:
    """Copy every product so many times; returns how many products and variants there are then."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(PREPARE)
        indexes = connection.execute(INDEXES).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        for table, changed in CHANGED.items():
            columns = [row[0] for row in connection.execute(COLUMNS, (table,))]
            values = ", ".join(changed.get(column, f"p.{column}") for column in columns)
            insert = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} p"  # noqa: S608 - our own
            connection.execute(f"{insert}, generate_series(1, {copies}) n".encode())
        for _, definition in indexes:
            connection.execute(definition)
        connection.execute(COUNTS, (copies,))
        for table in (*CHANGED, "product_counts"):
            connection.execute(f"VACUUM ANALYZE {table}".encode())
        row = connection.execute(SIZE).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
