import re
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree as ET

import pytest

from content import SHOPS, PictureSpec, draw, logo, products
from content.pictures.motifs import FLAT, HANGING, MOTIFS, NEARER, UPRIGHT

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
    return f"{spec.motif}.{spec.form}-{spec.main}-{spec.accent}-{spec.ground}-{spec.backdrop}"


def faults(svg: str) -> Iterator[str]:
    """Say what a picture holds that it must not, wherever it may come from."""
    if len(svg.encode()) >= LARGEST:
        yield "too large"
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    if root.tag != f"{SVG}svg" or root.get("viewBox") != "0 0 800 800":
        yield "no drawing of 800 by 800"
    ids = [element.get("id") for element in root.iter(f"{SVG}clipPath")]
    used: set[str | None] = set()
    for element in root.iter():
        if element.tag.removeprefix(SVG) not in DRAWN or (element.text or "").strip():
            yield f"{element.tag} {element.text}"
        for name, value in element.attrib.items():
            if "href" in name or name.startswith("on") or name == "style" or "nan" in value:
                yield f"{name}={value}"
            if "url(" in value:
                found = re.fullmatch(r"url\(#(m[0-9a-f]+)\)", value)
                used.add(found[1] if found else value)
    if len(set(ids)) < len(ids) or used != set(ids):
        yield f"clip paths {ids}, used {used}"


def test_pictures_and_logos_are_small_well_formed_and_keep_to_themselves() -> None:
    drawn = {title(spec): draw(spec) for spec in specs()} | {shop.slug: logo(shop) for shop in SHOPS}
    assert len(drawn) > 400
    assert [f"{name}: {fault}" for name, svg in drawn.items() for fault in faults(svg)] == []


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
