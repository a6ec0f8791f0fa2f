"""The SQL of a merge, in the order in which it runs. All of it is set-based and reads the tables of `staging`."""

from typing import LiteralString

# one importer of a vendor at a time; different vendors do not wait for each other
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(id::text, 2)) FROM unnest(%s::uuid[]) AS v(id) ORDER BY id"

EXISTING_BY_HANDLE = """
SELECT w.n, p.id FROM unnest(%s::uuid[], %s::text[]) WITH ORDINALITY AS w(vendor_id, handle, n)
JOIN products p ON p.vendor_id = w.vendor_id AND p.handle = w.handle AND p.deleted_at IS NULL
"""
# a deleted product is restored as itself when its handle returns; found by its address, which it kept
GONE_BY_SLUG = """
SELECT DISTINCT ON (w.n) w.n, p.id
FROM unnest(%s::uuid[], %s::text[], %s::text[]) WITH ORDINALITY AS w(vendor_id, handle, slug, n)
JOIN product_slugs s ON s.slug = w.slug
JOIN products p ON p.id = s.product_id AND p.vendor_id = w.vendor_id AND p.handle = w.handle
WHERE p.deleted_at IS NOT NULL
ORDER BY w.n, p.deleted_at DESC
"""

# -- which variant is which --
MATCH_BY_OPTIONS = """
UPDATE feed_variants f SET variant_id = v.id FROM variants v, feed_products p
WHERE NOT f.fresh AND v.product_id = f.product_id AND v.options = f.options AND v.deleted_at IS NULL
  AND p.product_id = f.product_id AND NOT 'options' = ANY(p.absent)
"""
UNMATCHED = "SELECT EXISTS (SELECT FROM feed_variants WHERE NOT fresh AND variant_id IS NULL)"
MATCH_BY_SKU = """
UPDATE feed_variants f SET variant_id = v.id FROM variants v
WHERE NOT f.fresh AND f.variant_id IS NULL AND v.product_id = f.product_id
  AND v.vendor_id = f.vendor_id AND v.sku = f.sku
  AND v.deleted_at IS NULL AND NOT EXISTS (SELECT FROM feed_variants o WHERE o.variant_id = v.id)
"""
MATCH_GONE: LiteralString = """
UPDATE feed_variants f SET variant_id = m.id FROM (
    SELECT DISTINCT ON (f.new_id) f.new_id, v.id
    FROM feed_variants f JOIN variants v ON v.product_id = f.product_id AND v.{key} = f.{key}
    JOIN feed_products p ON p.product_id = f.product_id AND NOT 'options' = ANY(p.absent)
    WHERE NOT f.fresh AND f.variant_id IS NULL AND v.deleted_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM feed_variants o WHERE o.variant_id = v.id)
    ORDER BY f.new_id, v.deleted_at DESC, v.id
) m WHERE m.new_id = f.new_id
"""
# a file without options names variants by SKU, or means the only one that there is
MATCH_ONLY = """
UPDATE feed_variants f SET variant_id = v.id FROM feed_products p, variants v
WHERE p.product_id = f.product_id AND 'options' = ANY(p.absent) AND NOT f.fresh AND f.variant_id IS NULL
  AND f.sku IS NULL AND v.product_id = f.product_id AND v.deleted_at IS NULL
  AND NOT EXISTS (
      SELECT FROM variants o WHERE o.product_id = v.product_id AND o.id <> v.id AND o.deleted_at IS NULL)
"""
MATCH_LATER: tuple[LiteralString, ...] = (
    MATCH_BY_SKU,
    MATCH_ONLY,
    MATCH_GONE.format(key="options"),
    MATCH_GONE.format(key="sku"),
)

# -- what the file does not speak of stays --
KEEP_OF_PRODUCTS = """
UPDATE feed_products f SET
    name = CASE WHEN 'name' = ANY(f.absent) THEN p.name ELSE f.name END,
    option_names = CASE WHEN 'options' = ANY(f.absent) THEN p.option_names ELSE f.option_names END,
    description_html = CASE WHEN 'description_html' = ANY(f.absent) THEN p.description_html ELSE f.description_html END,
    brand_id = CASE WHEN 'brand' = ANY(f.absent) THEN p.brand_id ELSE f.brand_id END,
    category_id = CASE WHEN 'category' = ANY(f.absent) THEN (
        SELECT c.id FROM categories c WHERE c.id = p.category_id AND c.deleted_at IS NULL FOR SHARE
    ) ELSE f.category_id END,
    seo_title = CASE WHEN 'seo_title' = ANY(f.absent) THEN p.seo_title ELSE f.seo_title END,
    seo_description = CASE WHEN 'seo_description' = ANY(f.absent) THEN p.seo_description ELSE f.seo_description END,
    status = CASE WHEN 'status' = ANY(f.absent) THEN p.status ELSE f.status END,
    listed = CASE WHEN 'listed' = ANY(f.absent) THEN p.listed ELSE f.listed END
FROM products p WHERE p.id = f.product_id AND NOT f.fresh
  AND f.absent && '{name,options,description_html,brand,category,seo_title,seo_description,status,listed}'
"""
KEEP_OF_VARIANTS = """
UPDATE feed_variants f SET
    sku = CASE WHEN 'sku' = ANY(k.kept) THEN v.sku ELSE f.sku END,
    options = CASE WHEN 'options' = ANY(k.kept) THEN v.options ELSE f.options END,
    position = CASE WHEN 'variants' = ANY(k.kept) THEN v.position ELSE f.position END,
    currency = CASE WHEN 'price' = ANY(k.kept) THEN v.currency ELSE f.currency END,
    price_minor = CASE WHEN 'price' = ANY(k.kept) THEN v.price_minor ELSE f.price_minor END,
    compare_at_minor = CASE WHEN 'compare_at' = ANY(k.kept) THEN v.compare_at_minor ELSE f.compare_at_minor END,
    weight_grams = CASE WHEN 'grams' = ANY(k.kept) THEN v.weight_grams ELSE f.weight_grams END,
    barcode = CASE WHEN 'barcode' = ANY(k.kept) THEN v.barcode ELSE f.barcode END,
    image_url = CASE WHEN 'image' = ANY(k.kept) THEN v.image_url ELSE f.image_url END
FROM variants v, feed_products p, feed_variants o, LATERAL (SELECT p.absent || o.unknown AS kept) k
WHERE o.new_id = f.new_id AND v.id = f.variant_id AND p.product_id = f.product_id
  AND k.kept && '{sku,options,variants,price,compare_at,grams,barcode,image}'
"""

# -- what cannot be --
REMOVE_MISSING = """
UPDATE variants v SET deleted_at = now(), updated_at = now() FROM feed_products p
WHERE v.product_id = p.product_id AND NOT p.fresh AND NOT p.partial AND v.deleted_at IS NULL
  AND NOT 'variants' = ANY(p.absent)
  AND NOT EXISTS (SELECT FROM feed_variants f WHERE f.variant_id = v.id)
RETURNING v.product_id
"""
REFUSE_UNKNOWN = """
DELETE FROM feed_products p WHERE p.fresh AND 'name' = ANY(p.absent) RETURNING p.line
"""
REFUSE_UNKNOWN_VARIANTS = """
DELETE FROM feed_variants f WHERE NOT EXISTS (SELECT FROM feed_products p WHERE p.product_id = f.product_id)
"""
REFUSE_UNPRICED = """
DELETE FROM feed_variants f USING feed_products p
WHERE p.product_id = f.product_id AND f.variant_id IS NULL
  AND (f.price_minor IS NULL OR (NOT p.fresh AND 'options' = ANY(p.absent)))
RETURNING f.line, p.fresh
"""
# a SKU is free if its holder gets another one in this same batch; to be repeated, for such a holder may be refused too
REFUSE_TAKEN_SKUS = """
WITH taken AS MATERIALIZED (
    SELECT f.new_id, f.sku FROM feed_variants f JOIN variants v
      ON v.vendor_id = f.vendor_id AND v.sku = f.sku AND v.deleted_at IS NULL
     AND v.id <> coalesce(f.variant_id, f.new_id)
    WHERE NOT EXISTS (SELECT FROM feed_variants o WHERE o.variant_id = v.id AND o.sku IS DISTINCT FROM v.sku)
)
UPDATE feed_variants f SET sku = (SELECT o.sku FROM variants o WHERE o.id = f.variant_id AND o.deleted_at IS NULL)
FROM taken t WHERE t.new_id = f.new_id RETURNING f.line, t.sku
"""
REFUSE_EMPTY = """
DELETE FROM feed_products p
WHERE p.fresh AND NOT EXISTS (SELECT FROM feed_variants f WHERE f.product_id = p.product_id)
RETURNING p.line
"""

# -- new products --
ADD_PRODUCTS = """
INSERT INTO products (id, vendor_id, brand_id, category_id, handle, slug, name, description_html, option_names,
                      seo_title, seo_description, status, listed)
SELECT product_id, vendor_id, brand_id, category_id, handle, slug, name, description_html, option_names,
       seo_title, seo_description, status, coalesce(listed, true)
FROM feed_products WHERE fresh ORDER BY product_id RETURNING id
"""
ADD_SLUGS = """
INSERT INTO product_slugs (slug, product_id) SELECT slug, product_id FROM feed_products WHERE fresh ORDER BY slug
"""
ADD_TAGS = """
INSERT INTO product_tags (product_id, tag_id, position)
SELECT p.product_id, t.id, t.n - 1 FROM feed_products p, unnest(p.tag_ids) WITH ORDINALITY AS t(id, n) WHERE p.fresh
"""
ADD_IMAGES = """
INSERT INTO product_images (id, product_id, url, alt, position)
SELECT i.id, p.product_id, i.url, i.alt, i.n - 1
FROM feed_products p, unnest(p.image_ids, p.image_urls, p.image_alts) WITH ORDINALITY AS i(id, url, alt, n)
WHERE p.fresh
"""
ADD_ALL: tuple[LiteralString, ...] = (ADD_SLUGS, ADD_TAGS, ADD_IMAGES)

# -- variants --
# SKUs and options may change places: those that change step out of the unique indexes first
PARK = """
UPDATE variants v SET deleted_at = now() FROM feed_variants f
WHERE v.id = f.variant_id AND v.deleted_at IS NULL AND (v.sku IS DISTINCT FROM f.sku OR v.options <> f.options)
"""
CHANGE_VARIANTS = """
UPDATE variants v SET sku = f.sku, options = f.options, currency = f.currency, price_minor = f.price_minor,
    compare_at_minor = f.compare_at_minor, weight_grams = f.weight_grams, barcode = f.barcode, image_url = f.image_url,
    position = f.position, deleted_at = NULL, updated_at = now()
FROM feed_variants f
WHERE v.id = f.variant_id
  AND (v.sku, v.options, v.currency, v.price_minor, v.compare_at_minor, v.weight_grams, v.barcode, v.image_url,
       v.position, v.deleted_at)
   IS DISTINCT FROM
      (f.sku, f.options, f.currency, f.price_minor, f.compare_at_minor, f.weight_grams, f.barcode, f.image_url,
       f.position, NULL::timestamptz)
RETURNING v.product_id
"""
ADD_VARIANTS = """
INSERT INTO variants (id, product_id, vendor_id, sku, options, currency, price_minor, compare_at_minor, weight_grams,
                      barcode, image_url, position)
SELECT new_id, product_id, vendor_id, sku, options, currency, price_minor, compare_at_minor, weight_grams,
       barcode, image_url, position FROM feed_variants WHERE variant_id IS NULL
RETURNING product_id
"""

# -- prices in other currencies that the file speaks of; only where there are any --
SET_PRICES = """
WITH differing AS MATERIALIZED (
    SELECT w.variant_id, w.product_id, g.currency, g.price_minor, w.compare_at_minor
    FROM feed_prices g JOIN feed_variants f ON f.new_id = g.new_id
    LEFT JOIN variant_prices p ON p.variant_id = f.variant_id AND p.currency = g.currency
    CROSS JOIN LATERAL (
        SELECT coalesce(f.variant_id, f.new_id) AS variant_id, f.product_id,
               CASE WHEN g.keeps_compare_at THEN p.compare_at_minor ELSE g.compare_at_minor END AS compare_at_minor
    ) w
    WHERE g.price_minor IS DISTINCT FROM p.price_minor
       OR (g.price_minor IS NOT NULL AND w.compare_at_minor IS DISTINCT FROM p.compare_at_minor)
), gone AS (
    DELETE FROM variant_prices p USING differing d
    WHERE p.variant_id = d.variant_id AND p.currency = d.currency AND d.price_minor IS NULL
), written AS (
    INSERT INTO variant_prices (variant_id, currency, price_minor, compare_at_minor)
    SELECT variant_id, currency, price_minor, compare_at_minor FROM differing WHERE price_minor IS NOT NULL
    ON CONFLICT (variant_id, currency) DO UPDATE
    SET price_minor = excluded.price_minor, compare_at_minor = excluded.compare_at_minor
)
SELECT DISTINCT product_id FROM differing
"""

# -- tags and pictures of products that were there --
RETAG = """
WITH differing AS MATERIALIZED (
    SELECT p.product_id, p.tag_ids FROM feed_products p
    WHERE NOT p.fresh AND p.tag_ids IS NOT NULL AND p.tag_ids <>
        ARRAY(SELECT t.tag_id FROM product_tags t WHERE t.product_id = p.product_id ORDER BY t.position, t.tag_id)
), gone AS (
    DELETE FROM product_tags t USING differing d WHERE t.product_id = d.product_id AND t.tag_id <> ALL(d.tag_ids)
), placed AS (
    INSERT INTO product_tags (product_id, tag_id, position)
    SELECT d.product_id, t.id, t.n - 1 FROM differing d, unnest(d.tag_ids) WITH ORDINALITY AS t(id, n)
    ON CONFLICT (product_id, tag_id) DO UPDATE SET position = excluded.position
)
SELECT product_id FROM differing
"""
PICTURE = """
WITH differing AS MATERIALIZED (
    SELECT p.product_id, p.partial, p.image_ids, p.image_urls, p.image_alts
    FROM feed_products p, LATERAL (
        SELECT coalesce(array_agg(i.url ORDER BY i.position, i.id), '{}') AS urls,
               coalesce(array_agg(i.alt ORDER BY i.position, i.id), '{}') AS alts
        FROM product_images i WHERE i.product_id = p.product_id
    ) there
    WHERE NOT p.fresh AND p.image_urls IS NOT NULL
      AND CASE WHEN p.partial THEN NOT p.image_urls <@ there.urls
               ELSE (p.image_urls, p.image_alts) IS DISTINCT FROM (there.urls, there.alts) END
), wanted AS MATERIALIZED (
    SELECT DISTINCT ON (d.product_id, w.n) d.product_id, w.id, w.url, w.alt, w.n - 1 AS position, i.id AS known
    FROM differing d CROSS JOIN unnest(d.image_ids, d.image_urls, d.image_alts) WITH ORDINALITY AS w(id, url, alt, n)
    LEFT JOIN product_images i ON i.product_id = d.product_id AND i.url = w.url
    ORDER BY d.product_id, w.n, i.position, i.id
), gone AS (
    DELETE FROM product_images i USING differing d
    WHERE i.product_id = d.product_id AND NOT d.partial AND NOT EXISTS (SELECT FROM wanted w WHERE w.known = i.id)
), kept AS (
    UPDATE product_images i SET alt = w.alt, position = w.position FROM wanted w WHERE i.id = w.known
), added AS (
    INSERT INTO product_images (id, product_id, url, alt, position)
    SELECT id, product_id, url, alt, position FROM wanted WHERE known IS NULL
)
SELECT product_id FROM differing
"""

# -- products that were there: last, so that whatever changed on them counts their version once --
CHANGE_PRODUCTS = """
UPDATE products p SET brand_id = f.brand_id, category_id = f.category_id, name = f.name,
    description_html = f.description_html, option_names = f.option_names, seo_title = f.seo_title,
    seo_description = f.seo_description, status = f.status, listed = coalesce(f.listed, p.listed), deleted_at = NULL,
    version = p.version + 1, updated_at = now()
FROM feed_products f
WHERE p.id = f.product_id AND NOT f.fresh AND (
    p.id = ANY(%s) OR
    (p.brand_id, p.category_id, p.name, p.description_html, p.option_names, p.seo_title, p.seo_description, p.status,
     p.listed, p.deleted_at)
    IS DISTINCT FROM
    (f.brand_id, f.category_id, f.name, f.description_html, f.option_names, f.seo_title, f.seo_description, f.status,
     coalesce(f.listed, p.listed), NULL::timestamptz)
) RETURNING p.id
"""
# oversold elsewhere: a new variant has none, for a known one that number says nothing about the units here
COUNTS = """
SELECT coalesce(variant_id, new_id), product_id, CASE WHEN quantity IS NOT NULL THEN greatest(quantity, 0) END,
       allow_backorder, tracked
FROM feed_variants f
WHERE (quantity >= 0 OR (quantity < 0 AND variant_id IS NULL)
       OR (quantity IS NULL AND (allow_backorder OR tracked IS FALSE)))
  AND NOT (keeps_count AND EXISTS (SELECT FROM stock_levels s WHERE s.variant_id = f.variant_id AND s.tracked))
"""

# -- what of it cannot be bought, each variant by the first reason that holds --
WHAT_SELLS = """
SELECT p.id, p.name, v.id, CASE
    WHEN s.status <> 'active' THEN 'vendor_not_selling'
    WHEN p.status <> 'active' THEN p.status
    WHEN v.id IS NULL THEN 'no_variants'
END
FROM products p JOIN vendors s ON s.id = p.vendor_id
LEFT JOIN variants v ON v.product_id = p.id AND v.deleted_at IS NULL
WHERE p.id = ANY(%s) AND p.deleted_at IS NULL
"""
# apart from the above: of rows that the same transaction has written there are no statistics, and together they were
# once joined by comparing every variant with every level
IN_STOCK = "SELECT variant_id, in_stock FROM variant_availability WHERE variant_id = ANY(%s)"
