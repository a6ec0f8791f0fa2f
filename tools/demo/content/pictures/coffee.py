"""What stands on a coffee bar: bags, kettles, drippers, grinders and cups."""

from content.pictures.brush import BRASS, PAPER, STEEL, WOOD, Brush, dark, light

GLASS = "#dfe9e8"
BREW = "#6b4630"


def bag(b: Brush) -> None:
    """A bag of beans; forms: kilo (with a tin tie), sampler (three small ones)."""
    if b.form == "sampler":
        b.cast(230)
        for x, tone in ((170, b.main), (480, b.accent), (320, light(b.main, 0.4))):
            _one_bag(b, (x, 380, 160, 256), tone, dark(b.main, 0.3))
        return
    b.cast(160 if b.form != "kilo" else 180)
    box = (230, 170, 340, 466) if b.form == "kilo" else (262, 250, 276, 386)
    _one_bag(b, box, b.main, b.accent)


def _one_bag(b: Brush, box: tuple[int, int, int, int], tone: str, label: str) -> None:
    x, y, w, h = box
    b.begin(
        f"M{x} {y}H{x + w}L{x + w + 8} {y + h * 0.5:.0f}L{x + w - 2} {y + h}H{x + 2}L{x - 8} {y + h * 0.5:.0f}Z", tone
    )
    b.path(f"M{x + w * 0.8:.0f} {y}L{x + w * 0.88:.0f} 640H800V{y}Z", "#2e1f1c", 0.16)
    b.path(f"M{x} {y}H{x + w * 0.1:.0f}L{x + w * 0.05:.0f} 640H{x - 20}Z", "#fffaf0", 0.18)
    b.box(x - 10, y, w + 20, h * 0.11, dark(tone, 0.14))
    b.line(f"M{x - 10} {y + h * 0.11:.0f}H{x + w + 10}", dark(tone, 0.3), 4)
    b.box(x + w * 0.12, y + h * 0.32, w * 0.64, h * 0.46, PAPER, 8)
    b.dot(x + w * 0.44, y + h * 0.47, w * 0.15, label)
    b.line(
        f"M{x + w * 0.4:.0f} {y + h * 0.52:.0f}q-10 -{h * 0.05:.0f} {w * 0.04:.0f} -{h * 0.05:.0f}t10 -{h * 0.05:.0f}",
        PAPER,
        5,
    )
    for row, span in ((0.62, 0.4), (0.67, 0.3), (0.72, 0.2)):
        b.box(x + w * (0.44 - span / 2), y + h * row, w * span, 6, dark(PAPER, 0.3), 3)
    b.end()


def kettle(b: Brush) -> None:
    """A gooseneck pouring kettle; form stove is the round one with a bail."""
    b.cast(170)
    if b.form == "stove":
        b.line("M290 400C290 230 510 230 510 400", dark(b.accent, 0.1), 20)
        b.solid("M262 500C200 490 190 430 152 404L186 388C232 410 244 440 292 446Z", b.main, 6)
        b.lathe([(390, 84), (430, 130), (520, 172), (600, 176), (636, 160)], b.main)
    else:
        b.line("M284 590C180 590 250 370 150 372", dark(b.main, 0.2), 24)
        b.line("M284 586C176 586 246 368 150 368", b.main, 15)
        b.line("M500 410C640 380 660 470 640 590", dark(b.accent, 0.3), 30)
        b.line("M500 406C634 378 652 470 634 588", b.accent, 20)
        b.lathe([(400, 94), (470, 120), (600, 158), (636, 160)], b.main)
    b.lathe([(372, 60), (384, 84), (404, 90)], light(b.main, 0.15))
    b.lathe([(342, 24), (356, 26), (374, 14)], b.accent)


def dripper(b: Brush) -> None:
    """A pour-over cone on a glass server; form cone stands alone on its cup."""
    b.cast(140)
    if b.form == "cone":
        b.lathe([(480, 96), (580, 104), (620, 88), (636, 70)], light(b.accent, 0.6), mouth=dark(b.accent, 0.4))
        base, top = 478, 300
    else:
        b.lathe([(420, 70), (450, 72), (560, 136), (610, 140), (636, 126)], GLASS, bands=[(540, 800, BREW)])
        b.line("M500 470C620 470 610 600 534 590", dark(GLASS, 0.2), 16)
        base, top = 420, 230
    b.lathe([(base - 12, 134), (base + 4, 130)], dark(b.main, 0.1), hard=True)
    b.lathe([(top, 158), (top + 16, 154), (base - 40, 62), (base - 12, 58)], b.main, mouth=PAPER, hard=True)
    for lean in (-70, -10, 50):
        b.line(f"M{400 + lean} {top + 40}L{400 + lean * 0.45:.0f} {base - 30}", light(b.main), 5, 0.5)
    b.ellipse(400, top + 6, 108, 12, BREW)


def grinder(b: Brush) -> None:
    """A hand grinder; form box is the wooden one with a drawer."""
    if b.form == "box":
        b.cast(150)
        b.box(250, 440, 300, 196, b.main, 8)
        b.box(500, 440, 50, 196, "#2e1f1c", 8, o=0.16)
        b.box(290, 520, 200, 80, dark(b.main, 0.14), 6)
        b.dot(390, 560, 13, BRASS)
        b.box(236, 424, 328, 24, dark(b.main, 0.2), 8)
        b.lathe([(360, 40), (380, 96), (424, 112)], BRASS)
        crank = 330
    else:
        b.cast(80)
        b.lathe([(330, 74), (480, 74)], b.main, hard=True)
        b.lathe([(480, 68), (500, 68)], BRASS, hard=True)
        b.lathe([(500, 74), (630, 74), (636, 70)], dark(b.main, 0.12), bands=[(520, 600, b.accent)], hard=True)
        crank = 310
    b.lathe([(crank - 10, 10), (crank + 40, 12)], STEEL, hard=True)
    b.line(f"M400 {crank - 8}L560 {crank - 34}", dark(STEEL, 0.15), 16)
    b.line(f"M400 {crank - 12}L560 {crank - 38}", STEEL, 9)
    b.lathe([(crank - 108, 22), (crank - 90, 30), (crank - 60, 24), (crank - 44, 14)], WOOD, cx=566)


def cup(b: Brush) -> None:
    """A cup on its saucer."""
    b.cast(220)
    b.lathe([(600, 218), (620, 190), (636, 90)], light(b.main, 0.18), mouth=light(b.main, 0.3))
    b.line("M524 456C640 440 620 580 500 566", dark(b.main, 0.22), 28)
    b.line("M524 454C634 440 614 576 500 563", b.main, 18)
    b.lathe(
        [(420, 150), (480, 146), (560, 110), (604, 70), (614, 66)], b.main, mouth=BREW, bands=[(444, 454, b.accent)]
    )
    b.ellipse(400, 424, 96, 11, "#e2c39a")
    b.path("M400 415q34 -4 34 8 0 6 -34 11 -34 -5 -34 -11 0 -12 34 -8Z", "#f6e9d2")


def moka(b: Brush) -> None:
    """A stove-top pot."""
    b.cast(130)
    b.line("M470 330C590 320 620 360 600 480", dark(b.accent, 0.25), 30)
    b.line("M470 326C584 318 612 360 595 478", b.accent, 20)
    b.path("M320 300L262 290L330 400Z", dark(b.main, 0.12))
    b.lathe([(290, 112), (460, 84)], b.main, hard=True)
    b.lathe([(458, 98), (484, 98)], dark(b.main, 0.2), hard=True)
    b.lathe([(484, 88), (600, 134), (636, 134)], light(b.main, 0.1), hard=True)
    for edge in (-44, 40):
        b.line(
            f"M{400 + edge * 1.25:.0f} 306L{400 + edge} 452M{400 + edge} 492L{400 + edge * 1.5:.0f} 630",
            dark(b.main, 0.2),
            4,
            0.6,
        )
    b.lathe([(258, 40), (292, 108)], light(b.main, 0.1), hard=True)
    b.lathe([(222, 14), (236, 22), (258, 18)], b.accent)


def press(b: Brush) -> None:
    """A cafetière in its frame."""
    b.cast(130)
    b.line("M514 370C640 360 640 590 514 572", dark(b.accent, 0.3), 26)
    b.line("M514 367C633 358 633 584 514 568", b.accent, 17)
    b.lathe(
        [(310, 108), (620, 108), (630, 100)], GLASS, bands=[(420, 800, BREW), (404, 420, dark(STEEL, 0.2))], hard=True
    )
    for y in (330, 604):
        b.lathe([(y, 112), (y + 20, 112)], b.main, hard=True)
    b.line("M300 340V620", b.main, 12)
    b.line("M500 340V620", dark(b.main, 0.2), 12)
    b.lathe([(620, 116), (636, 110)], b.main, hard=True)
    b.lathe([(270, 40), (290, 112), (314, 114)], b.main)
    b.line("M400 200V272", dark(STEEL, 0.1), 9)
    b.lathe([(168, 20), (186, 26), (206, 16)], b.accent)


def carafe(b: Brush) -> None:
    """A glass for brewing or serving; forms: bottle (cold brew), hourglass with a wooden collar, else a server."""
    b.cast(130)
    if b.form == "bottle":
        b.lathe([(230, 50), (300, 52), (370, 104), (600, 108), (636, 96)], GLASS, bands=[(350, 800, BREW)])
        b.box(340, 440, 120, 110, PAPER, 6)
        b.dot(400, 495, 26, b.main)
        b.lathe([(196, 44), (240, 46)], b.accent, hard=True)
        return
    if b.form == "hourglass":
        b.lathe(
            [(200, 132), (350, 56), (390, 52), (560, 144), (610, 146), (636, 120)],
            GLASS,
            bands=[(500, 800, BREW)],
            mouth=PAPER,
        )
        b.lathe([(328, 74), (370, 66), (414, 76)], b.main)
        b.line("M350 386H452", LACE, 10)
        b.dot(404, 396, 14, dark(LACE, 0.1))
        return
    b.line("M486 380C640 370 640 570 528 560", dark(GLASS, 0.2), 18)
    b.lathe(
        [(340, 84), (380, 80), (500, 130), (600, 148), (636, 132)],
        GLASS,
        bands=[(480, 800, BREW)],
        mouth=dark(GLASS, 0.2),
    )
    b.lathe([(316, 86), (342, 88)], b.main, hard=True)
    b.ellipse(400, 316, 86, 13, light(b.main, 0.2))


LACE = "#8a5a3c"


def scale(b: Brush) -> None:
    """A brewing scale with a cup on it."""
    b.cast(240)
    b.box(190, 590, 440, 46, b.main, 14)
    b.box(190, 618, 440, 18, "#2e1f1c", 9, o=0.18)
    b.box(206, 574, 408, 20, light(b.main, 0.25), 8)
    b.box(470, 600, 110, 22, light(b.accent, 0.55), 5)
    b.box(486, 606, 44, 10, dark(b.accent, 0.4), 3)
    b.lathe([(430, 100), (520, 104), (560, 84), (576, 62)], PAPER, cx=360, mouth=BREW, bands=[(460, 468, b.accent)])


def scoop(b: Brush) -> None:
    """A measuring spoon with beans; forms: tamper, brush; seen from above."""
    if b.form == "tamper":
        b.cast(110)
        b.lathe([(600, 110), (636, 110)], STEEL, hard=True)
        b.lathe([(330, 34), (350, 58), (420, 62), (500, 30), (560, 40), (600, 60)], b.main)
        return
    b.turned(-38)
    handle = "M470 378H700A22 22 0 0 1 700 422H470Z"
    head = "M330 290A110 110 0 1 0 330 510A110 110 0 1 0 330 290Z" if b.form != "brush" else "M200 340H480V460H200Z"
    b.drop(handle)
    b.drop(head)
    b.solid(handle, b.accent, 6)
    if b.form == "brush":
        for y in range(346, 460, 14):
            b.line(f"M120 {y}H220", "#e7d7b8", 10)
        b.solid(head, b.main, 10)
    else:
        b.solid(head, b.main, 10)
        b.dot(330, 400, 88, dark(b.main, 0.35))
        for dx, dy in ((-40, -30), (10, -46), (44, -6), (-8, 4), (-50, 22), (18, 44), (-16, 60)):
            b.ellipse(330 + dx, 400 + dy, 26, 18, BREW)
            b.line(f"M{310 + dx} {400 + dy}q20 -8 40 0", dark(BREW, 0.4), 4)
    b.end()


def filters(b: Brush) -> None:
    """Paper filters fanned out; form cloth is a flannel on its ring."""
    cone = "M400 250L620 560Q400 660 180 560Z"
    if b.form == "cloth":
        b.drop("M240 300H560L400 660Z")
        b.solid("M240 300H560Q530 520 400 660Q270 520 240 300Z", PAPER, 12)
        b.ellipse(400, 300, 164, 40, dark(PAPER, 0.12))
        b.line("M236 300A164 40 0 1 0 564 300A164 40 0 1 0 236 300M564 300H720", b.main, 14)
        return
    for turn, tone in ((-26, dark(b.main, 0.06)), (0, light(b.main, 0.2)), (24, light(b.main, 0.45))):
        b.turned(turn, 400, 600)
        b.drop(cone, 8)
        b.path(cone, tone)
        b.line("M400 262L232 572M400 262L568 572", dark(tone, 0.12), 4)
        b.line("M212 548Q400 640 588 548", dark(tone, 0.14), 4, dash="10 10")
        b.end()


def tin(b: Brush) -> None:
    """A round tin with a label."""
    top, half = 300, 130
    b.cast(half)
    b.lathe(
        [(top + 40, half - 6), (628, half - 6), (636, half - 12)], b.main, bands=[(top + 80, 600, PAPER)], hard=True
    )
    b.lathe([(top, half), (top + 50, half)], dark(b.main, 0.12), hard=True)
    b.ellipse(400, top, half, half * 0.16, light(b.main, 0.25))
    b.dot(392, 514, 46, b.accent)
    b.line("M376 526q-4 -16 16 -16t16 -18", PAPER, 5)


MOTIFS = {
    "bag": bag,
    "kettle": kettle,
    "dripper": dripper,
    "grinder": grinder,
    "cup": cup,
    "moka": moka,
    "press": press,
    "carafe": carafe,
    "scale": scale,
    "scoop": scoop,
    "filters": filters,
    "tin": tin,
}
FLAT = frozenset({"scoop", "scoop.brush", "filters"})
