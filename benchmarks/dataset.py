"""A catalogue for measuring: Shopify's product CSV, made here, the same bytes every time.

Nothing random and no files from elsewhere: every name, brand, price and stock count follows from the product's number
by a hash. Every other product comes in one piece, its neighbour in five or six sizes, so that 44,446 products have
145,534 variants.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

PRODUCTS, VARIANTS = 44_446, 145_534

HEADER = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
    "Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Price",
    "Variant Compare At Price", "Image Src", "Image Position", "Image Alt Text", "Status",
)  # fmt: skip
SIZES = ("XS", "S", "M", "L", "XL", "XXL")
TYPES = (
    "Bags", "Belts", "Blankets", "Boots", "Bowls", "Caps", "Chairs", "Coats", "Cushions", "Dresses", "Gloves",
    "Jackets", "Jars", "Lamps", "Mugs", "Plates", "Rugs", "Sandals", "Scarves", "Shelves", "Shirts", "Shoes",
    "Shorts", "Skirts", "Socks", "Stools", "Sweaters", "Tables", "Teapots", "Throws", "Towels", "Trays", "Trousers",
    "Vases", "Wallets",
)  # fmt: skip
COLOURS = (
    "Amber", "Black", "Blue", "Brown", "Coral", "Cream", "Green", "Grey", "Indigo", "Ivory", "Olive", "Orange", "Pink",
    "Plum", "Red", "Rust", "Sand", "Teal", "White", "Yellow",
)  # fmt: skip
MATERIALS = ("Canvas", "Clay", "Cotton", "Felt", "Glass", "Leather", "Linen", "Oak", "Silk", "Steel", "Wool")
MANNERS = ("Classic", "Everyday", "Fine", "Heavy", "Light", "Plain", "Quilted", "Ribbed", "Slim", "Striped", "Woven")
SEASONS = ("Spring", "Summer", "Autumn", "Winter")
PLACES = ("Alder", "Birch", "Cedar", "Dune", "Elm", "Fern", "Grove", "Heath", "Isle", "Knoll", "Lake", "Moor", "North")
TRADES = ("Atelier", "Company", "Goods", "House", "Mill", "Studio", "Supply", "Works", "Workshop", "Yard")
BRANDS = tuple(f"{place} {trade}" for place in PLACES for trade in TRADES)

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A file and what is in it."""

    path: Path
    products: int
    variants: int


def write(path: Path, products: int = PRODUCTS) -> Catalogue:
    """Write the first so many products."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, HEADER, restval="")
        rows.writeheader()
        for number in range(products):
            rows.writerows(_product(number))
    return Catalogue(path, products, _variants_before(products))


def _variants_before(number: int) -> int:
    """Return how many variants all products before this one have."""
    whole = number // 2 * 2 * VARIANTS // PRODUCTS
    return whole + number % 2


def _product(number: int) -> Iterator[Row]:
    count = _variants_before(number + 1) - _variants_before(number)
    dice = iter(blake2b(number.to_bytes(8, "big"), digest_size=32).digest())

    def pick(choices: tuple[str, ...]) -> str:
        return choices[next(dice) % len(choices)]

    manner, colour, material, kind, brand = (pick(c) for c in (MANNERS, COLOURS, MATERIALS, TYPES, BRANDS))
    season = pick(SEASONS)
    title = f"{manner} {colour} {material} {kind}"
    handle = f"{title.lower().replace(' ', '-')}-{number + 1}"
    price = 300 + (next(dice) * 256 + next(dice)) % 29_700
    shared = {
        "Variant Grams": str(50 + next(dice) * 10),
        "Variant Inventory Policy": "deny",
        "Variant Price": f"{price // 100}.{price % 100:02d}",
        "Variant Compare At Price": f"{price // 80}.00" if next(dice) % 4 == 0 else "",
    }
    first = {
        "Handle": handle,
        "Title": title,
        "Body (HTML)": (
            f"<p>{title} by {brand}.</p><p>{material} in {colour.lower()}, made for {season.lower()} "
            f"and for long use. Number {number + 1} of the catalogue.</p>"
        ),
        "Vendor": brand,
        "Type": kind,
        "Tags": f"{colour}, {material}, {season}",
        "Published": "true",
        "Option1 Name": "Size" if count > 1 else "Title",
        "Image Src": f"/media/catalogue/{handle}.jpg",
        "Image Position": "1",
        "Image Alt Text": title,
        "Status": "active",
    }
    for position in range(count):
        yield {
            "Handle": handle,
            "Option1 Value": SIZES[position] if count > 1 else "Default Title",
            "Variant SKU": f"{number + 1}-{position + 1}",
            # nothing to sell of one in twelve, plenty of the others: an order must not fail for want of stock
            "Variant Inventory Qty": "0" if (number + position) % 12 == 11 else str(1_000 + next(dice)),
            **shared,
            **(first if position == 0 else {}),
        }
