"""Bound and boxed: notebooks, calendars, boxes and cases."""

from content.pictures.brush import BRASS, PAPER, WOOD, Brush, dark, light, mix

_COVER = "M250 150H545Q560 150 560 165V635Q560 650 545 650H250Z"


def notebook(b: Brush) -> None:
    """Forms: ribbon, strap, stitched, halfcloth, open, trio; else a plain cover with a label."""
    if b.form == "open":
        _open_book(b)
        return
    if b.form == "trio":
        for turn, tone in ((-16, b.accent), (2, light(b.main, 0.5)), (18, b.main)):
            b.turned(turn, 400, 470)
            _cover(b, tone)
            b.line("M276 150V650", light(tone, 0.5), 4, 0.8, "16 14")
            b.end()
        return
    b.turned(-8)
    _cover(b, b.main)
    if b.form == "halfcloth":
        b.path("M250 150H340V650H250Z", b.accent)
        b.path("M560 585V635Q560 650 545 650H495Z", b.accent)
        b.path("M560 215V165Q560 150 545 150H495Z", b.accent)
    elif b.form == "stitched":
        for y in range(180, 640, 56):
            b.line(f"M250 {y}H292", b.accent, 5)
        b.line("M292 152V648", b.accent, 5)
    elif b.form == "strap":
        b.box(500, 148, 22, 504, b.accent)
        b.box(250, 380, 320, 40, dark(b.main, 0.14))
        b.dot(548, 400, 13, BRASS)
    else:
        b.box(330, 240, 170, 110, PAPER, 4)
        b.line("M352 280H478M352 306H440", b.accent, 6)
    if b.form == "ribbon":
        b.path("M430 640V726L444 708L458 726V640Z", b.accent)
    b.line("M268 156V644", dark(b.main, 0.25), 5, 0.6)
    b.end()


def _cover(b: Brush, tone: str) -> None:
    b.drop(_COVER)
    b.path(_COVER, dark(PAPER, 0.18), turn="translate(9 9)")
    b.path(_COVER, PAPER, turn="translate(5 5)")
    b.solid(_COVER, tone, 5)


def _open_book(b: Brush) -> None:
    b.drop("M110 250H690V600H110Z")
    b.box(104, 244, 592, 362, b.main, 10)
    b.path("M400 270Q260 226 124 256V588Q260 560 400 600Z", PAPER)
    b.path("M400 270Q540 226 676 256V588Q540 560 400 600Z", dark(PAPER, 0.05))
    b.path("M400 270Q370 258 340 254V584Q370 588 400 600Z", "#2e1f1c", 0.08)
    b.path("M400 270Q440 254 480 250V580Q440 586 400 600Z", "#2e1f1c", 0.1)
    for y in range(310, 560, 38):
        b.line(f"M156 {y}Q260 {y - 18} 350 {y}", dark(PAPER, 0.22), 4)
    b.dot(560, 390, 62, b.accent, 0.9)
    b.path("M470 500Q540 410 570 460T650 480V520Q560 510 470 530Z", mix(b.accent, b.main, 0.5))


def box(b: Brush) -> None:
    """A covered box, lid ajar; form folder is a portfolio with ties."""
    if b.form == "folder":
        b.turned(-6)
        shape = "M170 200H630V620H170Z"
        b.drop(shape)
        b.path(shape, PAPER, turn="translate(10 10)")
        b.solid(shape, b.main, 6)
        b.box(170, 200, 70, 420, b.accent)
        b.line("M628 400C690 380 690 450 740 430M628 412C680 430 660 470 710 490", b.accent, 10)
        b.box(330, 280, 200, 90, PAPER, 4)
        b.line("M352 312H500M352 338H460", b.accent, 6)
        b.end()
        return
    b.cast(230)
    b.box(190, 440, 420, 196, b.main, 6)
    b.box(540, 440, 70, 196, "#2e1f1c", 6, o=0.14)
    b.box(340, 520, 120, 64, BRASS, 6)
    b.box(350, 530, 100, 44, PAPER, 3)
    b.raw('<g transform="rotate(-4 190 430)">')
    b.box(176, 370, 448, 84, light(b.accent, 0.08), 6)
    b.box(556, 370, 68, 84, "#2e1f1c", 6, o=0.14)
    b.end()


def planner(b: Brush) -> None:
    """A desk calendar with loose leaves on a wooden foot; form wall hangs from a rail."""
    if b.form == "wall":
        leaf = "M220 190H580V670H220Z"
        b.drop(leaf)
        b.path(leaf, PAPER)
        b.dot(330, 330, 74, b.accent)
        b.path("M220 470Q320 340 420 420T580 380V470H220Z", b.main)
        b.line("M400 110L240 186H560Z", dark(WOOD, 0.2), 5)
        b.box(206, 178, 388, 26, WOOD, 8)
    else:
        b.cast(210)
        b.path("M240 250H560L580 610H220Z", PAPER)
        b.path("M240 250H560L569 400H231Z", b.main)
        b.dot(460, 326, 38, b.accent)
        b.solid("M190 596H610V636H190Z", WOOD, 6)
    for row in range(4):
        for col in range(6):
            b.dot(
                270 + col * 52,
                (510 if b.form == "wall" else 440) + row * 42,
                10,
                b.accent if (row, col) == (1, 3) else dark(PAPER, 0.2),
            )


def case(b: Brush) -> None:
    """A zipped pencil case."""
    shape = "M150 330Q150 300 180 300H620Q650 300 650 330V520Q650 550 620 550H180Q150 550 150 520Z"
    b.turned(-12)
    b.drop(shape)
    b.solid(shape, b.main, 12)
    b.line("M176 344H624", dark(b.main, 0.35), 12)
    b.line("M176 344H624", BRASS, 5, dash="4 9")
    b.box(590, 336, 62, 18, b.accent, 8)
    b.box(200, 430, 100, 60, light(b.main, 0.3), 6, o=0.6)
    b.end()


MOTIFS = {
    "notebook": notebook,
    "box": box,
    "planner": planner,
    "case": case,
}
FLAT = frozenset({"notebook", "box.folder", "case"})
HANGING = frozenset({"planner.wall"})
