"""Makes the demo's data from what is written and drawn in `content`: run it after a change there, commit both.

.venv/bin/python tools/demo/build.py
"""

import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(Path(__file__).parent)]

from content import (  # noqa: E402 - the path is set above
    ACCOUNTS,
    APPLICANT,
    BAKER,
    CATEGORIES,
    CLERK,
    PEOPLE,
    SHOPS,
    Account,
    CategoryNode,
    PastOrder,
    ProductContent,
    Shop,
    application,
    bakery,
    coupons,
    draw,
    languages,
    logo,
    past_orders,
    products,
    rates,
    reviews,
    wishes,
    zones,
)
from content.backlog import REVIEWS, backlog  # noqa: E402 - the path is set above
from content.blog import MENUS, PAGES, POSTS  # noqa: E402 - the path is set above
from content.stock import second_location  # noqa: E402 - the path is set above

DATA = ROOT / "src" / "mercat" / "demo" / "data"
FOLDER = "demo"
"""Where the pictures lie below `/media`."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
FRESH = 28
UPLOADED, PIXELS = 6, 1200
"""Of so many products of each vendor a picture of this width and height is uploaded; all others are drawings."""
INVOICED_DAYS = 21
"""So many days back the invoices of all orders are there; the demo's buyer has all of theirs."""
HEADER = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published",
    "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value",
    "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy",
    "Variant Price", "Variant Compare At Price", "Variant Barcode", "Variant Image",
    "Image Src", "Image Position", "Image Alt Text", "Status",
)  # fmt: skip


def pictures() -> dict[str, str]:
    """Return every picture that is not uploaded, as SVG by its path in the archive."""
    drawn, uploads = {f"{FOLDER}/{shop.slug}.svg": logo(shop) for shop in SHOPS}, uploaded()
    for product in products():
        if product.handle not in uploads:
            drawn[f"{FOLDER}/{product.handle}.svg"] = draw(product.picture)
        for variant in product.variants:
            if variant.picture is not None:
                drawn[f"{FOLDER}/{variant.sku.lower()}.svg"] = draw(variant.picture)
    return drawn


def uploaded() -> dict[str, str]:
    """Return as SVG, by the products' handles, the pictures that vendors upload: of the first six of each."""
    return {
        product.handle: draw(product.picture)
        for shop in SHOPS
        for product in [one for one in products() if one.shop == shop.slug][:UPLOADED]
    }


def digest_of(drawings: Mapping[str, str]) -> bytes:
    """Return what the archive of uploads says about the drawings that it was made of."""
    return hashlib.sha256(json.dumps(drawings, sort_keys=True).encode()).hexdigest().encode()


def _upload(drawing: str) -> bytes:
    """Return a drawing as WebP."""
    import resvg_py  # noqa: PLC0415 - needed by those who change a picture that is uploaded
    from PIL import Image  # noqa: PLC0415

    drawn = resvg_py.svg_to_bytes(svg_string=drawing, width=PIXELS, height=PIXELS, skip_system_fonts=True)
    written = io.BytesIO()
    Image.open(io.BytesIO(bytes(drawn))).convert("RGB").save(written, "WEBP", quality=85, method=6)
    return written.getvalue()


def catalogue(shop: Shop) -> str:
    """Return a vendor's products as Shopify's CSV."""
    written = io.StringIO()
    table = csv.DictWriter(written, HEADER, lineterminator="\n")
    table.writeheader()
    uploads = uploaded()
    for product in products():
        if product.shop == shop.slug:
            table.writerows(_rows(product, apart=product.handle in uploads))
    return written.getvalue()


def _rows(product: ProductContent, *, apart: bool) -> Iterator[dict[str, object]]:
    """Yield the rows of a product; a picture that is uploaded comes apart from the file."""
    names = product.option_names or ("Title",)
    for n, variant in enumerate(product.variants):
        row: dict[str, object] = {
            "Handle": product.handle,
            "Variant SKU": variant.sku,
            "Variant Grams": variant.grams,
            "Variant Inventory Tracker": "shopify",
            "Variant Inventory Qty": variant.stock,
            "Variant Inventory Policy": "deny",
            "Variant Price": variant.price.amount,
            "Variant Compare At Price": variant.compare_at.amount if variant.compare_at else "",
            "Variant Barcode": variant.barcode or "",
            "Variant Image": f"/media/{FOLDER}/{variant.sku.lower()}.svg" if variant.picture else "",
        }
        for number, value in enumerate(variant.options or ("Default Title",), 1):
            row[f"Option{number} Value"] = value
        if not n:
            row |= {f"Option{number} Name": name for number, name in enumerate(names, 1)}
            row |= {
                "Title": product.name,
                "Body (HTML)": product.description_html,
                "Vendor": product.brand or "",
                "Type": product.category,
                "Tags": ", ".join(product.tags),
                "Published": "true",
                "Image Src": "" if apart else f"/media/{FOLDER}/{product.handle}.svg",
                "Image Position": "" if apart else 1,
                "Image Alt Text": "" if apart else product.name,
                "Status": "active",
            }
        yield row


def marketplace() -> dict[str, Any]:
    """Return everything else that the loader reads, as JSON has it."""
    orders = past_orders()
    return {
        "accounts": {name: _account(account) for name, account in ACCOUNTS.items()},
        "helpers": [_account(CLERK)],
        "applications": [
            {"by": _account(APPLICANT), "form": _shape(application())},
            {"by": _account(BAKER), "form": _shape(bakery())},
        ],
        "vendors": [_vendor(shop) for shop in SHOPS],
        "categories": [_category(node) for node in CATEGORIES],
        "products": [
            {"slug": one.handle, "created_days_ago": _made(one, orders), "attributes": one.attributes}
            for one in products()
        ],
        "second_location": {**second_location(), "location": _shape(second_location()["location"])},
        "people": [
            {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": person.email,
                "line1": person.line1,
                "city": person.city,
                "postal_code": person.postal_code,
                "country": person.country,
            }
            for person in PEOPLE
        ],
        "orders": [
            {
                "buyer": order.buyer_index,
                "days_ago": order.placed_days_ago,
                "minute": order.minute_of_day,
                "lines": order.lines,
                "outcome": order.outcome,
                "paid_by": "manual" if order.minute_of_day % 4 == 0 else "test",
                "invoiced": order.buyer_index == 0 or order.placed_days_ago <= INVOICED_DAYS,
                "note": order.note,
                **({"currency": order.currency} if order.currency else {}),
            }
            for order in orders
        ],
        "reviews": list(_reviews(orders)),
        "backlog": backlog(),
        "wishlist": [{"product": wish.handle, "note": wish.note} for wish in wishes()],
        "coupons": [_shape(coupon) for coupon in coupons()],
        "zones": [{"zone": _shape(zone), "methods": [_shape(one) for one in methods]} for zone, methods in zones()],
        "tax_rates": [_shape(rate) for rate in rates()],
        "posts": POSTS,
        "pages": PAGES,
        "menus": MENUS,
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "email": account.email,
        "password": account.password,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "vendor": account.shop,
    }


def _vendor(shop: Shop) -> dict[str, Any]:
    legal = shop.legal
    return {
        "slug": shop.slug,
        "name": shop.name,
        "tagline": shop.tagline,
        "description": shop.description,
        "legal": {
            "legal_name": legal.name,
            "address": {
                "line1": legal.street,
                "city": legal.city,
                "postal_code": legal.postal_code,
                "country": "DE",
            },
            "tax_id": legal.tax_id,
        },
    }


def _category(node: CategoryNode) -> dict[str, Any]:
    return {"slug": node.slug, "name": node.name, "children": [_category(child) for child in node.children]}


def _shape(shape: Any) -> Any:  # noqa: ANN401 - a pydantic model of any room
    return shape.model_dump(mode="json", exclude_unset=True)


def _made(product: ProductContent, orders: tuple[PastOrder, ...]) -> int:
    """Return the product's age: it is there before its first order, on whatever day of that week the loader puts it."""
    skus = {variant.sku for variant in product.variants}
    sold = [
        order.placed_days_ago for order in orders if order.placed_days_ago > FRESH and skus & dict(order.lines).keys()
    ]
    return max([product.created_days_ago, *(-(-age // 7) * 7 + 1 for age in sold)])


def _reviews(orders: tuple[PastOrder, ...]) -> Iterator[dict[str, Any]]:
    handles = {variant.sku: product.handle for product in products() for variant in product.variants}
    waiting = dict(zip(reviews()[-len(REVIEWS) :], REVIEWS, strict=True))
    for review in reviews():
        bought = next(
            n
            for n, order in enumerate(orders)
            if order.buyer_index == review.buyer_index
            and order.outcome in {"delivered", "completed"}
            and order.placed_days_ago - review.days_ago >= 1
            and any(handles[sku] == review.handle for sku, _ in order.lines)
        )
        yield {
            "order": bought,
            "product": review.handle,
            "days_after": orders[bought].placed_days_ago - review.days_ago,
            "rating": review.rating,
            "title": review.title,
            "body": review.body,
            "reply": review.reply,
            **({"reply": None, **waiting[review]} if review in waiting else {}),
        }


def texts() -> dict[str, str]:
    """Return the text files by their path below the data folder."""
    written = json.dumps(marketplace(), ensure_ascii=False, indent=1)
    translated = json.dumps(languages.TEXTS, ensure_ascii=False, indent=1)
    made = {"marketplace.json": f"{written}\n", "translations.json": f"{translated}\n"}
    return {**made, **{f"catalogues/{shop.slug}.csv": catalogue(shop) for shop in SHOPS}}


def main() -> None:
    """Write the data."""
    for name, text in texts().items():
        path = DATA / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with ZipFile(DATA / "pictures.zip", "w", ZIP_DEFLATED) as archive:
        for name, drawing in pictures().items():
            archive.writestr(ZipInfo(name, LONG_AGO), drawing, ZIP_DEFLATED, 9)
    drawings, path = uploaded(), DATA / "uploads.zip"
    if path.exists() and ZipFile(path).comment == digest_of(drawings):
        return
    with ZipFile(path, "w") as archive:
        for handle, drawing in drawings.items():
            archive.writestr(ZipInfo(f"{handle}.webp", LONG_AGO), _upload(drawing))
        archive.comment = digest_of(drawings)


if __name__ == "__main__":
    main()
