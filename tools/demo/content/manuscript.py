"""Turns a shop's written catalogue into products.

A catalogue is plain text, so that its prose can be written and read as prose. One product looks like this::

    # Tide Mug | mugs | 24 | 380 g | mug moss/clay | stoneware, breakfast | loved, sale 20
    * Glaze: Sea Salt, Moss, Slate +2!
    * Size: Small, Large +6 ~520
    Sentences of the description, over as many lines as they need.
    - a point of a list
    @ Capacity: 300 ml; Care: Dishwasher safe

The first line: name, category, price, weight, picture (`motif.form main/accent`, colours optional), tags, and marks
(`loved` sells well, `new` came lately, `sale 20` is 20 % off). After an option value `+2` adds to the price, `~520`
is its weight in grams and `!` says sold out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product as combinations
from random import Random
from zlib import crc32

from slugify import slugify

from content.colours import COLOURS
from content.shapes import PictureSpec, ProductContent, Shop, VariantContent
from mercat.kit.money import Money

OPTION_VALUE = re.compile(r"(?P<name>.+?)(?: \+(?P<step>[\d.]+))?(?: ~(?P<grams>\d+))?(?P<gone>!)?")
MARKS = frozenset({"loved", "new", "sale"})
TRIM = frozenset({"Basket", "Bracket", "Foot", "Legs"})
"""Options whose colour is that of a part, drawn in the accent."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A shop with its written catalogue: `prefix` begins its SKUs, `made` are attributes that all its products have."""

    shop: Shop
    prefix: str
    accent: str
    made: dict[str, str]
    catalogue: str
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class _Choice:
    """One value of an option."""

    name: str
    step: int
    grams: int | None
    gone: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """One product as written."""

    name: str
    category: str
    price: int
    grams: int
    picture: str
    tags: tuple[str, ...]
    marks: dict[str, int]
    axes: dict[str, tuple[_Choice, ...]]
    html: str
    attributes: dict[str, str]


def read(workshop: Workshop) -> Iterator[ProductContent]:
    """Yield the workshop's products in the order of its catalogue."""
    stanzas = re.split(r"^# ", workshop.catalogue.strip(), flags=re.MULTILINE)[1:]
    for index, stanza in enumerate(stanzas):
        yield _product(workshop, _entry(stanza), index)


def handle_of(name: str) -> str:
    """Return a name as it stands in a URL."""
    return slugify(name.replace("'", ""))


def _entry(stanza: str) -> _Entry:
    head, *lines = stanza.strip().splitlines()
    cells = [cell.strip() for cell in head.split("|")]
    name, category, price, grams, picture, tags, marks = (*cells, "")[:7]
    axes: dict[str, tuple[_Choice, ...]] = {}
    attributes: dict[str, str] = {}
    prose: list[str] = []
    points: list[str] = []
    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind == "*":
            axis, _, values = rest.partition(": ")
            axes[axis] = tuple(_choice(value.strip()) for value in values.split(","))
        elif kind == "@":
            attributes |= dict(_pair(pair) for pair in rest.split(";"))
        elif kind == "-":
            points.append(rest)
        else:
            prose.append(line.strip())
    return _Entry(
        name,
        category,
        _cents(price),
        int(grams.removesuffix(" g")),
        picture,
        tuple(tag.strip() for tag in tags.split(",")),
        dict(_mark(mark) for mark in marks.split(",") if mark.strip()),
        axes,
        _html(prose, points),
        attributes,
    )


def _pair(written: str) -> tuple[str, str]:
    name, _, value = written.strip().partition(": ")
    return name, value


def _html(prose: list[str], points: list[str]) -> str:
    listed = "".join(f"<li>{point}</li>" for point in points)
    return f"<p>{' '.join(prose)}</p>" + (f"<ul>{listed}</ul>" if listed else "")


def _mark(written: str) -> tuple[str, int]:
    name, _, figure = written.strip().partition(" ")
    if name not in MARKS:
        raise ValueError(f"{written!r} marks nothing")
    return name, int(figure or 1)


def _choice(written: str) -> _Choice:
    found = OPTION_VALUE.fullmatch(written)
    if found is None:
        raise ValueError(f"{written!r} is no option value")
    grams = found["grams"]
    return _Choice(found["name"], _cents(found["step"] or "0"), int(grams) if grams else None, bool(found["gone"]))


def _cents(amount: str) -> int:
    return Money.of(amount, "EUR").minor


def _product(workshop: Workshop, entry: _Entry, index: int) -> ProductContent:
    handle = handle_of(entry.name)
    chance = Random(handle)  # noqa: S311 - the same marketplace every time is the point
    age = chance.randint(2, 25) if "new" in entry.marks else chance.randint(60, 700)
    pull = min(chance.paretovariate(1.1), 12) * (4 if "loved" in entry.marks else 1)
    picture = _picture(workshop, entry, index)
    code = f"{workshop.prefix}-{101 + index}"
    return ProductContent(
        handle=handle,
        name=entry.name,
        shop=workshop.shop.slug,
        category=entry.category,
        description_html=entry.html,
        tags=entry.tags,
        brand=workshop.brand,
        option_names=tuple(entry.axes),
        variants=tuple(_variant(entry, picture, code, chosen) for chosen in combinations(*entry.axes.values())),
        picture=picture,
        created_days_ago=age,
        # what costs little is bought more often
        weight=round(pull * min(3.0, 60_00 / (entry.price + 10_00)), 3),
        attributes={**workshop.made, **entry.attributes},
    )


def _variant(entry: _Entry, picture: PictureSpec, code: str, chosen: tuple[_Choice, ...]) -> VariantContent:
    named = zip(chosen, entry.axes.values(), strict=True)
    sku = "-".join([code, *(_short(choice.name, siblings) for choice, siblings in named)])
    chance = Random(sku)  # noqa: S311 - the same marketplace every time is the point
    full = entry.price + sum(choice.step for choice in chosen)
    off = entry.marks.get("sale", 0)
    price = full * (100 - off) // 100 // 50 * 50 if off else full
    gone = any(choice.gone for choice in chosen)
    looks = _recoloured(entry, picture, chosen)
    stock = 0 if gone else chance.randint(1, 4) if chance.random() < 0.08 else chance.randint(6, 60)
    return VariantContent(
        sku=sku,
        options=tuple(choice.name for choice in chosen),
        price=Money(price, "EUR"),
        compare_at=Money(full, "EUR") if off else None,
        stock=stock,
        grams=next((choice.grams for choice in reversed(chosen) if choice.grams), entry.grams),
        barcode=_barcode(sku),
        picture=None if looks == picture else looks,
    )


def _recoloured(entry: _Entry, picture: PictureSpec, chosen: tuple[_Choice, ...]) -> PictureSpec:
    for axis, choice in zip(entry.axes, chosen, strict=True):
        tone = COLOURS.get(choice.name.lower())
        if tone:
            picture = replace(picture, accent=tone) if axis in TRIM else replace(picture, main=tone)
    return picture


def _short(name: str, siblings: tuple[_Choice, ...]) -> str:
    """Return the shortest beginning of a value, from three letters on, that no other value of its option has."""
    bare = [re.sub(r"[^A-Z0-9]", "", choice.name.upper()) for choice in siblings]
    own = re.sub(r"[^A-Z0-9]", "", name.upper())
    lengths = range(3, len(own) + 1)
    return next((own[:n] for n in lengths if sum(other.startswith(own[:n]) for other in bare) == 1), own)


def _barcode(sku: str) -> str:
    """Return an EAN-13 of the range that GS1 leaves to shops for their own use."""
    body = f"20{crc32(sku.encode()):010d}"
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighed % 10}"


def _picture(workshop: Workshop, entry: _Entry, index: int) -> PictureSpec:
    drawn, _, colours = entry.picture.partition(" ")
    motif, _, form = drawn.partition(".")
    main, _, accent = colours.partition("/")
    chosen = (choice.name.lower() for values in entry.axes.values() for choice in values)
    named = main or next((name for name in chosen if name in COLOURS), "")
    grounds = workshop.shop.palette.grounds
    return PictureSpec(
        motif=motif,
        form=form,
        main=COLOURS[named.replace("-", " ")] if named else workshop.shop.palette.accent,
        accent=COLOURS[(accent or workshop.accent).replace("-", " ")],
        ground=grounds[index % len(grounds)],
        # steps by another number than the grounds, so that neighbours in a grid differ
        backdrop=(index * 3 + index // 4) % 4,
    )
