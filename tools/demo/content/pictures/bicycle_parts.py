"""The bicycle workshop: whole machines and the parts on its wall."""

from math import cos, radians, sin

from content.pictures.brush import INK, LEATHER, PAPER, STEEL, WOOD, Brush, dark, light

RUBBER = "#3d3a3a"


def _wheel(b: Brush, cx: float, cy: float, r: float, tyre: str) -> None:
    spokes = "".join(
        f"M{cx:.0f} {cy:.0f}L{cx + r * cos(radians(turn)):.0f} {cy + r * sin(radians(turn)):.0f}"
        for turn in range(0, 360, 24)
    )
    b.line(spokes, dark(STEEL, 0.15), 2.5, 0.8)
    b.ring(cx, cy, r, tyre, r * 0.09)
    b.ring(cx, cy, r * 0.9, STEEL, r * 0.06)
    b.dot(cx, cy, r * 0.08, dark(STEEL, 0.3))


def bicycle(b: Brush) -> None:
    """Forms: step (low frame), kids; else a diamond frame. The accent is on tyres, saddle and grips."""
    b.cast(300, y=646)
    for x in (200, 600):
        _wheel(b, x, 510, 128, b.accent if b.form == "kids" else RUBBER)
    hub, crank, seat, head = "200 510", "380 520", "330 300", "560 290"
    top = f"M344 340L{head}" if b.form not in {"step", "kids"} else f"M362 440Q460 430 {head}"
    frame = f"M{hub}L{crank}L{seat}M{hub}L342 340{top}M{crank}L568 320M{head}L600 510"
    b.line(frame, dark(b.main, 0.25), 20)
    b.line(frame, b.main, 13)
    b.line("M330 306L322 266", STEEL, 10)
    b.path("M262 250Q330 238 390 262Q400 280 340 278Q280 290 262 268Z", b.accent if b.form != "kids" else LEATHER)
    b.line("M560 290L550 236Q580 210 622 230", STEEL, 11)
    b.line("M596 222L632 236", b.accent, 17)
    b.ring(380, 520, 38, STEEL, 9)
    b.line("M380 520L410 580M396 584H436", dark(STEEL, 0.3), 9)
    b.line("M200 496L380 482M200 524L380 558", "#6b6664", 4, 0.8)


def wheel(b: Brush) -> None:
    """A built wheel; forms: tyre, tube."""
    if b.form in {"tyre", "tube"}:
        for shift, tone in ((20, "#00000022"), (0, b.main)):
            b.ring(400 + shift, 400 + shift, 220, tone, 62 if b.form == "tyre" else 40)
        if b.form == "tyre":
            b.ring(400, 400, 192, b.accent, 12)
            b.ring(400, 400, 232, "#00000030", 24, dash="16 10")
        else:
            b.line("M400 590V520", dark(STEEL, 0.3), 14)
            b.box(388, 500, 24, 26, INK, 5)
        b.line("M212 330A200 200 0 0 1 340 206", "#fffaf0", 9, 0.35)
        return
    b.cast(170)
    _wheel(b, 400, 390, 236, b.main)


def saddle(b: Brush) -> None:
    """A saddle in leather (main) on its rails; form cover."""
    b.cast(210)
    b.line("M300 470Q420 560 600 480M300 480Q430 590 590 500", dark(STEEL, 0.1), 12)
    b.lathe([(540, 22), (630, 22)], STEEL, cx=430, hard=True)
    b.solid(
        "M130 400Q140 350 260 360Q420 380 560 340Q660 320 690 380Q700 470 620 480Q520 450 400 460T150 430Z",
        b.main,
        12,
    )
    for x, y in ((620, 366), (648, 400), (634, 440), (160, 398)):
        b.dot(x, y, 9, b.accent)
    b.line("M200 388Q400 420 560 372", light(b.main, 0.3), 6, 0.6)


def bell(b: Brush) -> None:
    """A bell on a piece of bar; form light is a front lamp."""
    b.box(120, 560, 560, 54, dark(b.accent, 0.15), 27)
    b.box(120, 560, 560, 22, light(b.accent, 0.2), 11)
    if b.form == "light":
        b.path("M250 330L40 220V560L250 470Z", "#fff3cf", 0.75)
        b.box(370, 470, 60, 100, dark(b.main, 0.3), 8)
        b.solid("M270 300H500Q560 330 560 400T500 500H270Z", b.main, 12)
        b.ellipse(268, 400, 46, 106, STEEL)
        b.ellipse(264, 400, 36, 90, "#fff0c4")
        return
    b.box(370, 510, 60, 70, dark(STEEL, 0.25), 8)
    b.path("M470 500L600 470L606 500L470 530Z", dark(STEEL, 0.2))
    b.lathe([(300, 20), (320, 96), (380, 160), (470, 190), (510, 190)], b.main)
    b.lathe([(276, 16), (296, 24), (306, 20)], dark(b.main, 0.2))


def handlebar(b: Brush) -> None:
    """Seen from above; forms: drop, grips, tape."""
    if b.form == "grips":
        for y in (290, 450):
            grip = f"M170 {y}H620Q640 {y} 640 {y + 30}V{y + 50}Q640 {y + 80} 620 {y + 80}H170Z"
            b.drop(grip)
            b.begin(grip, b.main)
            for x in range(190, 620, 34):
                b.line(f"M{x} {y}l26 80", dark(b.main, 0.25), 7)
            b.box(160, y + 56, 500, 30, "#2e1f1c", o=0.18)
            b.box(170, y, 40, 80, b.accent)
            b.end()
        return
    if b.form == "tape":
        for x in (280, 520):
            b.drop(f"M{x - 90} 400A90 90 0 1 1 {x + 90} 400A90 90 0 1 1 {x - 90} 400Z")
            for r in (90, 70, 50):
                b.dot(x, 400, r, dark(b.main, 0.25))
                b.dot(x - 2, 398, r - 4, b.main)
            b.dot(x, 400, 30, b.ground)
            b.line(f"M{x + 86} 410Q{x + 110} 520 {x + 40} 600", b.main, 22)
        return
    bar = (
        "M90 520Q100 330 260 330H540Q700 330 710 520"
        if b.form != "drop"
        else "M190 590Q110 570 120 450T250 330H550Q670 330 680 450T610 590"
    )
    b.line(bar, dark(b.ground, 0.3), 30, 0.4)
    b.line(bar, dark(STEEL, 0.15), 26)
    b.line(bar, light(STEEL, 0.4), 9)
    ends = (
        "M90 520Q94 440 120 400M710 520Q706 440 680 400"
        if b.form != "drop"
        else "M190 590Q110 570 120 450M610 590Q690 570 680 450"
    )
    b.line(ends, b.main, 40)
    b.box(360, 296, 80, 72, b.accent, 12)
    b.line("M400 360V470", dark(b.accent, 0.2), 40)


def chainring(b: Brush) -> None:
    """A chainring and crank; forms: chain, pedal."""
    if b.form == "pedal":
        body = "M230 270H570V530H230Z"
        b.drop(body)
        b.solid(body, b.main, 12)
        b.box(290, 320, 90, 160, b.ground, 10)
        b.box(420, 320, 90, 160, b.ground, 10)
        b.line("M570 400H690", dark(STEEL, 0.1), 34)
        for x in range(250, 560, 44):
            b.dot(x, 290, 9, b.accent)
            b.dot(x, 512, 9, b.accent)
        return
    if b.form == "chain":
        b.ring(412, 416, 200, "#00000022", 56)
        for turn in range(0, 360, 18):
            cx, cy = 400 + 200 * cos(radians(turn)), 400 + 200 * sin(radians(turn))
            b.dot(cx, cy, 34, b.main if turn % 36 else dark(b.main, 0.25))
            b.dot(cx, cy, 10, b.accent)
        return
    b.ring(414, 416, 196, "#00000022", 60)
    b.ring(400, 400, 216, dark(b.main, 0.2), 26, dash="20 13.9")
    b.ring(400, 400, 190, b.main, 40)
    b.line("M400 400L400 220M400 400L571 344M400 400L506 546M400 400L294 546M400 400L229 344", dark(b.main, 0.12), 30)
    b.dot(400, 400, 60, b.main)
    b.line("M400 400L610 640", dark(STEEL, 0.25), 54)
    b.line("M396 396L604 634", STEEL, 38)
    b.dot(400, 400, 24, b.accent)
    b.dot(608, 638, 16, dark(STEEL, 0.4))


def pump(b: Brush) -> None:
    """A floor pump; form mini lies with its hose."""
    if b.form == "mini":
        b.turned(-34)
        b.drop("M130 370H670V430H130Z")
        b.solid("M200 368H560V432H200Z", b.main, 10)
        b.solid("M110 376H200V424H110Z", b.accent, 8)
        b.solid("M560 376H690V424H560Z", STEEL, 8)
        b.line("M220 384H540", "#fffaf0", 7, 0.4)
        b.end()
        return
    b.cast(140)
    b.line("M440 590C640 640 640 300 480 340", INK, 12)
    b.box(280, 612, 240, 26, dark(b.accent, 0.2), 10)
    b.lathe([(300, 36), (612, 36)], b.main, hard=True)
    b.box(390, 190, 20, 110, STEEL)
    b.solid("M260 160H540Q560 176 540 196H260Q240 176 260 160Z", WOOD, 6)
    b.dot(404, 566, 54, dark(b.accent, 0.25))
    b.dot(400, 562, 48, PAPER)
    b.line("M400 562L424 536", "#c8553d", 6)


def bag(b: Brush) -> None:
    """A pannier; forms: saddlebag, roll, basket."""
    b.cast(200)
    if b.form == "basket":
        b.begin("M170 380H630L570 636H230Z", b.main)
        for y in range(400, 640, 40):
            b.line(f"M150 {y}H650", dark(b.main, 0.22), 9)
        for x in range(190, 640, 46):
            b.line(f"M{x} 380L{400 + (x - 400) * 0.74:.0f} 640", light(b.main, 0.3), 9, 0.8)
        b.path("M540 370L490 640H700V370Z", "#2e1f1c", 0.14)
        b.end()
        b.box(154, 360, 492, 36, dark(b.main, 0.12), 16)
        b.box(290, 420, 26, 110, b.accent, 8)
        b.box(484, 420, 26, 110, b.accent, 8)
        return
    if b.form == "saddlebag":
        b.solid("M220 420Q220 360 290 360H510Q580 360 580 420V600Q570 636 520 636H280Q230 636 220 600Z", b.main, 12)
        b.solid("M206 400Q210 350 270 350H530Q590 350 594 400V480Q400 540 206 480Z", light(b.main, 0.12), 8)
        for x in (300, 474):
            b.box(x, 380, 28, 190, b.accent, 6)
            b.box(x - 6, 510, 40, 26, STEEL, 6)
        return
    if b.form == "roll":
        b.solid("M150 450Q150 380 200 380H600Q650 380 650 450V570Q650 636 600 636H200Q150 636 150 570Z", b.main, 14)
        for x in (260, 510):
            b.box(x, 376, 34, 264, b.accent, 4)
            b.box(x - 6, 470, 46, 34, STEEL, 6)
        return
    b.solid("M250 300H550L570 600Q570 636 530 636H270Q230 636 230 600Z", b.main, 12)
    b.solid("M240 280Q240 250 270 250H530Q560 250 560 280V330H240Z", dark(b.main, 0.12), 6)
    b.line("M340 250Q340 190 400 190T460 250", b.accent, 18)
    for x in (300, 474):
        b.box(x, 280, 26, 180, b.accent, 6)
    b.box(290, 500, 220, 96, light(b.main, 0.15), 10)
    b.box(350, 474, 100, 14, PAPER, 7)


def lock(b: Brush) -> None:
    """A shackle lock; form chain is a link chain in its sleeve."""
    if b.form == "chain":
        b.line("M240 560C90 330 260 150 420 190S700 330 560 560", dark(b.ground, 0.35), 50, 0.35)
        b.line("M240 560C90 330 260 150 420 190S700 330 560 560", b.main, 50)
        b.line("M240 560C90 330 260 150 420 190S700 330 560 560", light(b.main, 0.3), 6, 0.7, "22 18")
        b.solid("M220 540H580V640H220Z", b.accent, 10)
        b.dot(400, 588, 16, INK)
        return
    for width, tone in ((56, dark(b.main, 0.3)), (42, b.main)):
        b.line("M250 560V320A150 150 0 0 1 550 320V560", tone, width)
    b.line("M240 540V320A160 160 0 0 1 330 186", "#fffaf0", 7, 0.35)
    b.solid("M180 540H620V650H180Z", b.accent, 12)
    b.dot(400, 594, 24, dark(b.accent, 0.35))
    b.box(396, 590, 9, 30, PAPER, 3)


def tool(b: Brush) -> None:
    """Forms: patch (a repair tin), helmet; else a folding multitool."""
    if b.form == "helmet":
        b.drop("M150 520Q160 220 420 220T650 500L600 540Q400 470 220 560Z")
        b.solid("M150 520Q160 220 420 220T650 500L600 540Q400 470 220 560Z", b.main, 14)
        for d in (
            "M260 420Q330 320 440 300Q370 360 330 450Z",
            "M390 420Q440 330 540 330Q490 380 470 440Z",
            "M530 430Q560 380 610 390Q600 430 590 470Z",
        ):
            b.path(d, dark(b.main, 0.55))
        b.line("M240 550Q300 680 400 690Q480 660 560 520", b.accent, 14)
        return
    if b.form == "patch":
        tin = "M170 300H560V540H170Z"
        b.drop(tin)
        b.solid(tin, b.main, 12)
        b.box(210, 350, 300, 120, PAPER, 10)
        b.dot(280, 410, 36, b.accent)
        b.line("M350 390H470M350 424H430", b.accent, 10)
        for x, y in ((620, 330), (660, 430), (610, 530)):
            b.dot(x + 6, y + 8, 42, "#00000022")
            b.dot(x, y, 40, INK)
            b.ring(x, y, 32, "#d98b52", 5)
        return
    for turn, length in ((-60, 190), (-25, 230), (15, 220), (50, 180)):
        b.turned(turn, 400, 420)
        b.box(388, 420 - length, 22, length, STEEL, 6)
        b.box(380, 414 - length, 38, 26, dark(STEEL, 0.2), 6)
        b.end()
    body = "M330 380H470V620Q470 650 440 650H360Q330 650 330 620Z"
    b.drop(body)
    b.solid(body, b.main, 12)
    b.dot(400, 416, 22, b.accent)
    b.dot(400, 606, 22, b.accent)


MOTIFS = {
    "bicycle": bicycle,
    "wheel": wheel,
    "saddle": saddle,
    "bell": bell,
    "handlebar": handlebar,
    "chainring": chainring,
    "pump": pump,
    "pannier": bag,
    "lock": lock,
    "bike-tool": tool,
}
FLAT = frozenset({"wheel.tyre", "wheel.tube", "handlebar", "chainring", "pump.mini", "lock", "bike-tool", "bell"})
