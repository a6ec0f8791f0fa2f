import re
from functools import cache
from xml.etree import ElementTree as ET

import pytest

from mercat.demo.content import SHOPS, PictureSpec, Shop, draw, logo, products
from mercat.demo.content.pictures.drawing import FLAT, HANGING, MOTIFS, NEARER, UPRIGHT

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "g", "path", "rect", "circle", "ellipse", "clipPath"}
LARGEST = 6 * 1024


@cache
def specs() -> tuple[PictureSpec, ...]:
    """Every picture of the marketplace, of products and of variants, once."""
    drawn = [product.picture for product in products()]
    drawn += [variant.picture for product in products() for variant in product.variants if variant.picture]
    return tuple(dict.fromkeys(drawn))


def title(spec: PictureSpec) -> str:
    return f"{spec.motif}.{spec.form}-{spec.main}-{spec.backdrop}"


def inspect(svg: str) -> ET.Element:
    """Refuse what a picture must not hold, wherever it may come from; return its root."""
    assert len(svg.encode()) < LARGEST
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == "0 0 800 800"
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in DRAWN
        assert not (element.text or "").strip()
        for name, value in element.attrib.items():
            assert "href" not in name
            assert not name.startswith("on")
            assert name != "style"
            assert "nan" not in value
            assert "url(" not in value or re.fullmatch(r"url\(#m[0-9a-f]+\)", value)
    return root


@pytest.mark.parametrize("spec", specs(), ids=title)
def test_a_picture_is_small_well_formed_and_keeps_to_itself(spec: PictureSpec) -> None:
    root = inspect(draw(spec))
    ids = [element.get("id") for element in root.iter(f"{SVG}clipPath")]
    assert len(set(ids)) == len(ids)
    used = {value[5:-1] for element in root.iter() for value in element.attrib.values() if value.startswith("url(#")}
    assert used == set(ids)


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.slug)
def test_a_logo_is_small_well_formed_and_keeps_to_itself(shop: Shop) -> None:
    inspect(logo(shop))


def test_the_pictures_use_every_motif_and_there_are_many() -> None:
    assert {spec.motif for spec in specs()} == set(MOTIFS)
    assert len(MOTIFS) >= 70
    assert len({(spec.motif, spec.form) for spec in specs()}) >= 180


def test_no_two_specs_draw_the_same_picture() -> None:
    assert len({draw(spec) for spec in specs()}) == len(specs())


def test_no_motif_takes_more_than_a_few_places_in_the_shop() -> None:
    forms = [(product.picture.motif, product.picture.form) for product in products()]
    assert max(forms.count(form) for form in set(forms)) <= 7


def test_pictures_inlined_in_one_page_share_no_names() -> None:
    names = [name for spec in specs() for name in re.findall(r'id="([^"]+)"', draw(spec))]
    assert len(set(names)) == len(names)


def test_the_colours_of_a_spec_are_in_its_picture() -> None:
    plain = PictureSpec("mug", "", "#123456", "#654321", "#abcdef", 0)
    svg = draw(plain)
    assert "#123456" in svg
    assert "#abcdef" in svg


def test_a_variant_in_another_colour_has_another_picture_and_the_first_has_the_products() -> None:
    recoloured = 0
    for product in products():
        assert product.variants[0].picture is None, product.name
        for variant in product.variants:
            if variant.picture:
                recoloured += 1
                assert draw(variant.picture) != draw(product.picture)
    assert recoloured > 200


def test_the_places_are_those_of_motifs_that_exist() -> None:
    placed = {name.split(".")[0] for name in (*FLAT, *HANGING, *UPRIGHT, *NEARER)}
    assert placed <= set(MOTIFS)


def test_an_unknown_motif_is_refused() -> None:
    with pytest.raises(KeyError):
        draw(PictureSpec("unicorn", "", "#123456", "#654321", "#abcdef", 0))
