"""The one way from a picture's description to its SVG."""

from collections.abc import Callable, Mapping

from content.pictures import (
    bicycle_parts,
    books,
    coffee,
    garden,
    knitwear,
    lamps,
    plants,
    stationery,
    toys,
    vehicles,
    vessels,
)
from content.pictures.brush import FLOOR, SIZE, Brush, number
from content.pictures.scenes import hanging, lying, standing
from content.shapes import PictureSpec

MOTIFS: Mapping[str, Callable[[Brush], None]] = {
    **vessels.MOTIFS,
    **coffee.MOTIFS,
    **books.MOTIFS,
    **stationery.MOTIFS,
    **knitwear.MOTIFS,
    **plants.MOTIFS,
    **garden.MOTIFS,
    **lamps.MOTIFS,
    **vehicles.MOTIFS,
    **toys.MOTIFS,
    **bicycle_parts.MOTIFS,
}

FLAT = frozenset[str]().union(
    *(
        family.FLAT
        for family in (vessels, coffee, books, stationery, knitwear, garden, lamps, vehicles, toys, bicycle_parts)
    )
)
"""Motifs, or `motif.form`, seen from above; the others stand on a table."""

HANGING = books.HANGING | garden.HANGING | lamps.HANGING

UPRIGHT = frozenset({"yarn.ball", "scoop.tamper"})
"""Forms that stand although their motif lies."""

NEARER = {
    "mug": 1.15,
    "mug.espresso": 1.3,
    "jug.creamer": 1.5,
    "jar": 1.15,
    "bag": 1.1,
    "tin": 1.15,
    "scoop": 1.25,
    "scoop.tamper": 1.3,
    "grinder": 1.12,
    "inkbottle": 1.35,
    "case": 1.1,
    "scarf.snood": 1.2,
    "yarn": 1.2,
    "socks.bootie": 1.15,
    "plant.succulent": 1.4,
    "plant.cactus": 1.1,
    "can.mister": 1.3,
    "twine": 1.25,
    "twine.labels": 1.1,
    "bulbs": 1.3,
    "garden-tool": 1.1,
    "bike-tool": 1.15,
    "bike-tool.helmet": 1,
    "chainring.pedal": 1.2,
    "handlebar.tape": 1.3,
    "puzzle.memory": 1.15,
    "pump.mini": 1.1,
}
"""Small things are looked at more closely."""


def draw(spec: PictureSpec) -> str:
    """Return an SVG document of 800 by 800; the same spec gives the same bytes."""
    brush = Brush(spec)
    place, anchor = _scene(spec)
    place(brush, spec.backdrop)
    zoom = NEARER.get(f"{spec.motif}.{spec.form}", NEARER.get(spec.motif, 1))
    if zoom != 1:
        shift = f"translate({number(400 * (1 - zoom))} {number(anchor * (1 - zoom))}) scale({zoom:g})"
        brush.raw(f'<g transform="{shift}">')
    MOTIFS[spec.motif](brush)
    if zoom != 1:
        brush.end()
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">{brush.svg()}</svg>'


def _scene(spec: PictureSpec) -> tuple[Callable[[Brush, int], None], int]:
    names = {spec.motif, f"{spec.motif}.{spec.form}"}
    if names & HANGING:
        return hanging, SIZE // 2
    if names & FLAT and not names & UPRIGHT:
        return lying, SIZE // 2
    return standing, FLOOR
