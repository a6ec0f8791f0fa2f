"""Where things stand or lie: a quiet wall and table, or a sheet seen from above, in the shop's own colours."""

from content.pictures.brush import Brush, dark, light

BACKDROPS = 4


def standing(b: Brush, backdrop: int) -> None:
    """Paint a wall, something quiet on it, and the table."""
    b.box(0, 0, 800, 800, b.ground)
    glow = light(b.ground, 0.5)
    kind = backdrop % BACKDROPS
    if kind == 0:
        b.dot(400, 390, 290, glow, 0.75)
    elif kind == 1:
        b.path("M170 800V370A230 230 0 0 1 630 370V800Z", glow, 0.75)
    elif kind == 2:
        for x in (110, 300):
            b.path(f"M{x} 60H{x + 160}L{x + 330} 560H{x + 170}Z", glow, 0.6)
    else:
        b.dot(560, 250, 150, glow, 0.8)
        b.path("M0 560Q180 440 400 520T800 470V800H0Z", dark(b.ground, 0.05))
    b.box(0, 570, 800, 230, dark(b.ground, 0.13))
    b.box(0, 570, 800, 8, light(b.ground, 0.3), o=0.6)


def lying(b: Brush, backdrop: int) -> None:
    """Paint a table top seen from above, with a sheet of another tone on it."""
    b.box(0, 0, 800, 800, b.ground)
    glow = light(b.ground, 0.45)
    kind = backdrop % BACKDROPS
    if kind == 0:
        b.dot(400, 400, 340, glow, 0.7)
    elif kind == 1:
        b.path("M0 560L800 250V800H0Z", dark(b.ground, 0.09))
    elif kind == 2:
        b.path("M-40 300L300 -40H560L-40 560ZM240 840L840 240V500L500 840Z", glow, 0.6)
    else:
        b.box(80, 80, 640, 640, glow, 40, o=0.75)


def hanging(b: Brush, backdrop: int) -> None:
    """Paint a wall and nothing below: for what hangs from the ceiling or the wall."""
    b.box(0, 0, 800, 800, b.ground)
    glow = light(b.ground, 0.5)
    if backdrop % 2:
        b.path("M150 800V400A250 250 0 0 1 650 400V800Z", glow, 0.6)
    else:
        b.dot(400, 430, 300, glow, 0.6)
    b.box(0, 744, 800, 56, dark(b.ground, 0.1))
