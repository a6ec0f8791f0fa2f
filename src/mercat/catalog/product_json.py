"""The JSON of a product as readers get it."""

from uuid import UUID

import orjson

from mercat import files
from mercat.catalog.plain_text import plain_text
from mercat.catalog.product_rows import ImageRow, ProductRow, VariantRow
from mercat.kit.money import Money

Json = dict[str, object]
"""An object of the JSON that readers get."""


def summary_of(product: ProductRow) -> Json:
    """Return the `ProductSummary` of a loaded product, without `in_stock`."""
    cheapest = min(product.variants, key=lambda variant: variant.price_minor, default=None)
    image = product.images[0] if product.images else None
    return {
        "id": product.id,
        "slug": product.slug,
        "name": product.name,
        "price": _money(cheapest.price_minor, cheapest.currency) if cheapest else None,
        "compare_at_price": _money(cheapest.compare_at_minor, cheapest.currency) if cheapest else None,
        "lowest_price_30d": _money(cheapest.lowest_minor, cheapest.currency) if cheapest else None,
        "rating": {"average": float(product.rating_average), "count": product.rating_count},
        "vendor": {"id": product.vendor_id, "slug": product.vendor_slug, "name": product.vendor_name},
        "brand": _reference(product.brand_id, product.brand_slug, product.brand_name),
        "category": _reference(product.category_id, product.category_slug, product.category_name),
        "image": _picture(image.url, image.alt, image) if image else None,
        "tags": [tag.name for tag in product.tags],
        "created_at": product.created_at,
    }  # fmt: skip


def details_of(product: ProductRow) -> Json:
    """Return what a `ProductRead` has over the summary, without stock and variants."""
    names = product.option_names
    return {
        "description": plain_text(product.description_html),
        "description_html": product.description_html,
        "attributes": product.attributes,
        "images": [{"id": image.id, **_picture(image.url, image.alt, image)} for image in product.images],
        "options": [
            {"name": name, "values": list(dict.fromkeys(v.options[i] for v in product.variants))}
            for i, name in enumerate(names)
        ],
        "tax_class": product.tax_class,
        "status": product.status,
        "is_active": product.on_sale,
        "listed": product.listed,
        "publish_at": product.publish_at,
        "slugs": product.slugs,
        "seo": {"title": product.seo_title, "description": product.seo_description},
        "version": product.version,
        "updated_at": product.updated_at,
    }


def variant_of(variant: VariantRow, product: ProductRow) -> Json:
    """Return a `VariantRead` without `available` and `in_stock`."""
    return {
        "id": variant.id,
        "sku": variant.sku,
        "title": " / ".join(variant.options) or "Default",
        "options": dict(zip(product.option_names, variant.options, strict=True)),
        "price": _money(variant.price_minor, variant.currency),
        "compare_at_price": _money(variant.compare_at_minor, variant.currency),
        "lowest_price_30d": _money(variant.lowest_minor, variant.currency),
        "prices": [
            {"price": _money(minor, currency), "compare_at_price": _money(former, currency)}
            for currency, minor, former in variant.prices
        ],
        "weight_grams": variant.weight_grams,
        "barcode": variant.barcode,
        "image": _picture(variant.image_url, product.name, variant) if variant.image_url else None,
    }


def as_json(value: Json) -> str:
    """Write a fragment of a projection as it is stored."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()


def _reference(row_id: UUID | None, slug: str | None, name: str | None) -> Json | None:
    return None if row_id is None else {"id": row_id, "slug": slug, "name": name}


def _picture(url: str, alt: str, drawn: ImageRow | VariantRow) -> Json:
    return files.picture_of(url, alt, drawn.width, drawn.height, drawn.drawn)


def _money(minor: int | None, currency: str) -> dict[str, str] | None:
    return None if minor is None else Money(minor, currency).wire()
