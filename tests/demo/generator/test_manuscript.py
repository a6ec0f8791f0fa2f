import pytest

from content import Palette, ProductContent, Shop
from content.colours import COLOURS
from content.manuscript import Workshop, handle_of, read
from content.shapes import LegalIdentity

OWNER = LegalIdentity("Shed GmbH", "Hof 1", "10115", "Berlin", "DE240200424")
SHOP = Shop("shed", "Shed", "", "", ("things",), Palette(("#ffffff", "#eeeeee"), "#000000", "#112233"), OWNER)

WRITTEN = """
# Plain Thing | things | 10 | 200 g | mug moss/rust | one, two
A sentence over
two lines.
- a point
@ Made: By hand
# Many Thing | things | 20.50 | 300 g | mug | three | sale 20, loved
* Colour: Navy, Natural
* Size: Small, Large +5 ~450!
Prose.
"""


def written(catalogue: str) -> list[ProductContent]:
    return list(read(Workshop(SHOP, "SHD", "clay", {"Origin": "Here"}, catalogue)))


def test_a_product_without_options_has_one_variant_and_its_own_colours() -> None:
    plain, _ = written(WRITTEN)
    assert plain.handle == "plain-thing"
    assert plain.description_html == "<p>A sentence over two lines.</p><ul><li>a point</li></ul>"
    assert plain.attributes == {"Origin": "Here", "Made": "By hand"}
    assert plain.tags == ("one", "two")
    assert [variant.sku for variant in plain.variants] == ["SHD-101"]
    assert (plain.variants[0].price.amount, plain.variants[0].compare_at) == ("10.00", None)
    assert (plain.picture.main, plain.picture.accent) == (COLOURS["moss"], COLOURS["rust"])


def test_options_multiply_with_their_own_prices_weights_and_pictures() -> None:
    _, many = written(WRITTEN)
    assert many.option_names == ("Colour", "Size")
    small, large, other, _ = many.variants
    assert (small.options, small.grams, small.price.amount) == (("Navy", "Small"), 300, "16.00")
    assert (large.options, large.grams, large.price.amount) == (("Navy", "Large"), 450, "20.00")
    assert small.compare_at is not None
    assert small.compare_at.amount == "20.50"
    assert small.stock > 0
    assert large.stock == 0
    assert small.picture is None
    assert other.picture is not None
    assert other.picture.main == COLOURS["natural"]


def test_values_that_begin_alike_get_longer_codes() -> None:
    _, many = written(WRITTEN)
    assert [variant.sku for variant in many.variants] == [
        "SHD-102-NAV-SMA",
        "SHD-102-NAV-LAR",
        "SHD-102-NAT-SMA",
        "SHD-102-NAT-LAR",
    ]
    (alike,) = written("\n# Alike | things | 1 | 1 g | mug | t\n* Colour: Chalk, Charcoal\nProse.\n")
    assert [variant.sku for variant in alike.variants] == ["SHD-101-CHAL", "SHD-101-CHAR"]


def test_a_part_in_another_colour_leaves_the_whole_as_it_is() -> None:
    (lamp,) = written("\n# Lamp | things | 1 | 1 g | table-lamp opal/walnut | t\n* Foot: Walnut, Oak\nProse.\n")
    assert lamp.variants[0].picture is None
    other = lamp.variants[1].picture
    assert other is not None
    assert (other.main, other.accent) == (COLOURS["opal"], COLOURS["oak"])


BROKEN = (
    "\n# Thing | things | ten | 1 g | mug | t\nProse.\n",
    "\n# Thing | things | 1.001 | 1 g | mug | t\nProse.\n",
    "\n# Thing | things | 1 | heavy | mug | t\nProse.\n",
    "\n# Thing | things | 1 | 1 g | mug | t | lovely\nProse.\n",
    "\n# Thing | things | 1 | 1 g | mug | t\n* Colour: \nProse.\n",
    "\n# Thing | things\nProse.\n",
)


def test_a_slip_of_the_pen_is_refused() -> None:
    for broken in BROKEN:
        with pytest.raises(ValueError, match=r".+"):
            written(broken)


def test_a_colour_nobody_mixed_is_refused() -> None:
    with pytest.raises(KeyError):
        written("\n# Thing | things | 1 | 1 g | mug octarine | t\nProse.\n")


def test_a_handle_has_only_what_urls_like() -> None:
    assert handle_of("Mother-in-Law's Tongue") == "mother-in-laws-tongue"
    assert handle_of("Arch No. 4 City Bicycle") == "arch-no-4-city-bicycle"
