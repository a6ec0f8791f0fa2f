"""The nursery: seeds, bulbs, tools and cans, and plants behind glass."""

from content.pictures.brush import PAPER, STEEL, WOOD, Brush, dark, light
from content.pictures.plants import LEAF, SOIL, leaf


def seeds(b: Brush) -> None:
    """A packet of seeds; form mix shows three."""
    packets = ((-14, b.accent), (2, light(b.main, 0.5)), (16, b.main)) if b.form == "mix" else ((-6, b.main),)
    for turn, tone in packets:
        b.turned(turn, 400, 520)
        packet = "M250 160H550V650H250Z"
        b.drop(packet)
        b.begin(packet, tone)
        b.box(280, 250, 240, 330, PAPER, 12)
        b.line("M400 540V400", LEAF, 8)
        leaf(b, 400, 510, 0.5, -58, LEAF)
        leaf(b, 400, 490, 0.5, 58, LEAF)
        for dx, dy in ((-32, 0), (32, 0), (0, -32), (0, 30)):
            b.dot(400 + dx, 360 + dy, 30, tone if tone != PAPER else b.accent)
        b.dot(400, 360, 17, "#e8b94d")
        b.line("M250 200H550", light(tone, 0.5), 5, 1, "12 12")
        b.box(524, 150, 30, 510, "#2e1f1c", o=0.1)
        b.end()
        b.end()
    for x, y in ((600, 640), (640, 610), (622, 676)):
        b.ellipse(x, y, 12, 8, SOIL)


def trowel(b: Brush) -> None:
    """Forms: fork, knife, secateurs, gloves; else a trowel."""
    if b.form == "secateurs":
        b.turned(28)
        for flip in (1, -1):
            b.raw(f'<g transform="translate(400 0) scale({flip} 1)">')
            b.line("M0 350Q80 480 60 680", dark(b.main, 0.25), 44)
            b.line("M-4 350Q74 480 54 676", b.main, 34)
            b.end()
        b.path("M380 370Q330 240 400 120Q450 230 424 370Z", STEEL)
        b.path("M424 370Q480 300 470 210Q440 250 410 340Z", dark(STEEL, 0.25))
        b.dot(402, 360, 24, b.accent)
        b.end()
        return
    if b.form == "gloves":
        for turn, x in ((-14, 250), (12, 480)):
            b.turned(turn, x, 500)
            hand = (
                f"M{x - 80} 640V330Q{x - 80} 300 {x - 56} 300V200Q{x - 30} 150 {x - 16} 210Q{x} 130 {x + 24} 200"
                f"Q{x + 46} 150 {x + 60} 220Q{x + 90} 190 {x + 92} 260V400"
                f"Q{x + 130} 360 {x + 140} 400Q{x + 120} 480 {x + 80} 500V640Z"
            )
            b.drop(hand)
            b.begin(hand, b.main)
            b.box(0, 560, 800, 100, b.accent)
            b.path(f"M{x + 50} 100V700H800V100Z", "#2e1f1c", 0.08)
            b.end()
            b.line(f"M{x - 18} 220V300M{x + 22} 210V300M{x + 58} 230V310", dark(b.main, 0.25), 5)
            b.end()
        return
    b.turned(40)
    handle = "M376 440H424L432 640Q400 690 368 640Z"
    b.drop("M376 440H424L432 640Q400 690 368 640Z")
    b.line("M400 360V450", dark(STEEL, 0.3), 18)
    if b.form == "fork":
        b.line("M330 130V300Q340 360 400 360T470 300V130M400 130V360", dark(STEEL, 0.1), 24)
        b.line("M326 130V300Q336 354 396 354", light(STEEL, 0.3), 7)
    else:
        blade = (
            "M330 360Q300 160 400 80Q500 160 470 360Z"
            if b.form != "knife"
            else "M370 400Q350 200 410 90Q440 240 430 400Z"
        )
        b.drop(blade, 10)
        b.solid(blade, STEEL, 16)
        b.line("M400 150V340", dark(STEEL, 0.2), 6)
    b.solid(handle, b.main, 9)
    b.box(372, 432, 56, 22, b.accent, 6)
    b.end()


def can(b: Brush) -> None:
    """A watering can; form mister is the small one."""
    if b.form == "mister":
        b.cast(110)
        b.lathe([(400, 40), (440, 80), (560, 104), (636, 94)], b.main)
        b.lathe([(330, 34), (400, 38)], b.accent, hard=True)
        b.path("M340 318H470V352H340L300 344V328Z", b.accent)
        b.line("M340 356Q310 390 330 420", dark(b.accent, 0.2), 12)
        for x, y in ((250, 320), (220, 300), (220, 344), (180, 322), (190, 280), (186, 366)):
            b.dot(x, y, 7, light(b.ground, 0.7))
        return
    b.cast(180)
    b.line("M320 590Q220 520 150 330", dark(b.main, 0.2), 36)
    b.line("M320 584Q220 516 150 330", b.main, 26)
    b.path("M90 340L196 290L206 316L104 372Z", b.accent)
    b.line("M330 400C340 240 560 230 590 420T560 600", dark(b.main, 0.28), 22)
    b.line("M330 400C340 246 552 236 582 420T556 598", light(b.main, 0.1), 13)
    b.lathe(
        [(390, 118), (420, 128), (636, 146)], b.main, hard=True, mouth=dark(b.main, 0.5), bands=[(480, 492, b.accent)]
    )


def twine(b: Brush) -> None:
    """A spool of garden twine; form labels are plant labels."""
    if b.form == "labels":
        b.turned(-10)
        for index in range(5):
            x = 180 + index * 92
            label = f"M{x} 220H{x + 66}V560L{x + 33} 640L{x} 560Z"
            b.drop(label, 10)
            b.solid(label, b.main, 6)
            b.line(f"M{x + 20} {270 + index * 6}V{430 - index * 20}", b.accent, 6)
        b.end()
        return
    b.cast(130)
    for y in (404, 610):
        b.lathe([(y, 136), (y + 26, 136)], WOOD, hard=True)
    b.lathe([(430, 104), (520, 118), (612, 104)], b.main)
    for y in range(446, 610, 22):
        b.line(f"M294 {y}Q400 {y + 30} 508 {y - 8}", dark(b.main, 0.2), 5, 0.6)
    b.lathe([(404, 136), (430, 136)], WOOD, hard=True)
    b.ellipse(400, 404, 136, 21, light(WOOD, 0.3))
    b.ellipse(400, 404, 32, 6, dark(WOOD, 0.5))
    b.line("M500 560C560 600 580 660 690 640", b.main, 7)


def bulbs(b: Brush) -> None:
    """Three bulbs beginning to shoot."""
    b.cast(220)
    for x, size, tone in ((270, 1, b.main), (540, 0.9, light(b.main, 0.2)), (405, 1.15, b.main)):
        b.raw(f'<g transform="translate({x} 640) scale({size})">')
        b.line("M-20 0q-6 16 -20 20M0 0v24M20 0q6 16 22 20", "#d8c6a4", 5)
        leaf(b, -6, -150, 0.6, -14, LEAF)
        leaf(b, 8, -150, 0.75, 10, light(LEAF, 0.15))
        b.begin("M-10 -190C-30 -130 -100 -120 -92 -50C-86 0 86 0 92 -50C100 -120 30 -130 10 -190Z", tone)
        b.line(
            "M-8 -180C-30 -100 -60 -80 -52 0M4 -180C10 -100 0 -60 0 0M8 -180C40 -100 56 -70 52 0", dark(tone, 0.2), 5
        )
        b.path("M10 -200C50 -120 70 -80 40 10H120V-200Z", "#2e1f1c", 0.15)
        b.end()
        b.end()


def terrarium(b: Brush) -> None:
    """A planted glass; form hanging is a basket in a net."""
    if b.form == "hanging":
        b.line("M400 0L250 400M400 0L550 400M400 0V380", "#cdb58a", 6)
        b.begin("M236 390H564Q560 560 400 570Q240 560 236 390Z", b.accent)
        b.path("M470 380Q500 500 440 580H700V380Z", "#2e1f1c", 0.14)
        b.end()
        for x, length in ((262, 250), (320, 170), (400, 120), (478, 190), (536, 280)):
            b.line(
                f"M{x} 390Q{x + (x - 400) * 0.5:.0f} {400 + length // 2} {x + (x - 400) * 0.3:.0f} {390 + length}",
                dark(b.main, 0.12),
                5,
            )
            for step in range(30, length, 44):
                px = x + (x - 400) * 0.34
                leaf(b, px, 390 + step, 0.36, 110, b.main)
                leaf(b, px, 390 + step, 0.36, -110, light(b.main, 0.18))
        return
    b.cast(170)
    b.begin(
        "M300 250H500Q520 250 520 280C640 330 620 640 560 636H240C180 640 160 330 280 280Q280 250 300 250Z", "#e3ecea"
    )
    b.box(0, 560, 800, 200, SOIL)
    b.box(0, 546, 800, 26, b.accent)
    for x, y, size, turn in (
        (310, 560, 1.1, -24),
        (350, 560, 1.3, 4),
        (400, 560, 0.9, 34),
        (480, 560, 0.8, -20),
        (510, 560, 0.9, 20),
    ):
        leaf(b, x, y, size, turn, b.main)
    b.dot(450, 556, 34, dark(b.main, 0.2))
    b.path("M520 240Q600 450 520 660H800V240Z", "#2e1f1c", 0.08)
    b.line("M236 400Q216 470 240 560", "#ffffff", 12, 0.7)
    b.end()
    b.lathe([(206, 84), (252, 90)], WOOD, hard=True)


MOTIFS = {
    "seeds": seeds,
    "garden-tool": trowel,
    "can": can,
    "twine": twine,
    "bulbs": bulbs,
    "terrarium": terrarium,
}
FLAT = frozenset({"seeds", "garden-tool", "twine.labels"})
HANGING = frozenset({"terrarium.hanging"})
