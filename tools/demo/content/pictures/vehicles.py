"""Wooden toys on wheels, keels and rockers."""

from content.pictures.brush import INK, PAPER, WOOD, Brush, dark, light

RED, YELLOW, GREEN = "#c8553d", "#e3b04b", "#6f9073"


def _wheel(b: Brush, cx: float, cy: float, r: float, tone: str) -> None:
    b.dot(cx + 3, cy + 4, r, dark(tone, 0.35))
    b.dot(cx, cy, r - 2, tone)
    b.dot(cx, cy, r * 0.34, light(tone, 0.5))


def train(b: Brush) -> None:
    """An engine; form waggon is what it pulls, form track the rails."""
    if b.form == "track":
        for x in range(110, 720, 70):
            b.box(x, 300, 34, 220, dark(WOOD, 0.2), 6)
        for y in (340, 460):
            b.drop(f"M60 {y}H740V{y + 24}H60Z", 6)
            b.box(60, y, 680, 24, b.main, 6)
            b.box(60, y, 680, 8, light(b.main), 4)
        return
    b.cast(250)
    if b.form == "waggon":
        b.solid("M180 420H620V590H180Z", b.main, 10)
        for x, tone in ((230, YELLOW), (350, b.accent), (470, GREEN)):
            b.solid(f"M{x} 310H{x + 100}V420H{x}Z", tone, 8)
        for x in (270, 530):
            _wheel(b, x, 590, 50, WOOD)
        b.dot(650, 560, 16, INK)
        return
    b.solid("M170 340H470Q500 340 500 370V570H170Z", b.main, 10)
    b.solid("M460 250H640V570H460Z", b.accent, 10)
    b.box(500, 310, 92, 100, light(b.ground, 0.6), 8)
    b.box(440, 220, 220, 40, dark(b.main, 0.15), 12)
    b.solid("M230 240H310V345H230Z", dark(b.main, 0.22), 8)
    b.box(216, 224, 108, 24, YELLOW, 8)
    b.box(150, 560, 510, 34, dark(WOOD, 0.1), 10)
    b.dot(172, 440, 26, YELLOW)
    for x, r in ((240, 50), (370, 50), (560, 64)):
        _wheel(b, x, 636 - r, r, WOOD)


def animal(b: Brush) -> None:
    """On wheels, with a string: duck, elephant, dog; form horse rocks instead."""
    b.cast(220)
    if b.form == "horse":
        b.line("M150 540Q400 700 650 540", dark(WOOD, 0.15), 32)
        b.line("M330 480L290 596M500 480L540 590", b.main, 38)
        b.solid(
            ("M270 380Q400 420 500 370L560 220L640 280L610 330L570 320L556 470Q540 520 400 510T270 470Z"), b.main, 10
        )
        b.line("M552 226Q490 290 510 380", b.accent, 30)
        b.line("M276 390Q200 420 216 510", b.accent, 22)
        b.solid("M350 380Q400 410 456 376L460 440H350Z", RED, 6)
        b.dot(590, 272, 9, INK)
        return
    b.line("M610 560C680 540 690 470 760 480", PAPER, 7)
    if b.form == "elephant":
        b.solid(
            "M200 560V400Q210 290 350 290H480Q600 290 610 400V540Q600 580 570 560V440L540 420V560H450V480H320V560Z",
            b.main,
            10,
        )
        b.path("M400 300Q490 290 500 380T440 470Q380 440 400 300Z", dark(b.main, 0.18))
        b.dot(536, 366, 11, INK)
    elif b.form == "dog":
        b.solid(
            "M200 420Q160 360 180 320Q220 340 240 390H430L440 290"
            "Q520 250 560 310H610Q620 370 560 380L540 560H450V480H310V560H210Z",
            b.main,
            10,
        )
        b.path("M446 290Q400 330 420 410Q470 410 480 320Z", b.accent)
        b.dot(530, 324, 10, INK)
        b.dot(606, 322, 14, INK)
    else:
        b.solid(
            "M190 420Q220 470 330 420Q380 400 400 340Q400 240 490 240"
            "T570 340Q560 390 530 420Q600 500 500 550H300Q200 540 190 420Z",
            b.main,
            10,
        )
        b.path("M560 300L640 320L562 350Z", b.accent)
        b.path("M280 450Q380 400 440 460Q400 530 320 510Z", dark(b.main, 0.14))
        b.dot(510, 304, 11, INK)
    b.box(190, 556, 430, 30, WOOD, 10)
    for x in (270, 540):
        _wheel(b, x, 594, 44, b.accent)


def car(b: Brush) -> None:
    """Forms: van, truck, boat, plane; else a small car."""
    b.cast(250)
    if b.form == "boat":
        b.solid("M150 500H650L580 636H230Z", b.main, 10)
        b.box(200, 520, 380, 16, b.accent, 8)
        b.box(392, 170, 18, 330, WOOD, 6)
        b.solid("M420 180L600 450H420Z", PAPER, 8)
        b.solid("M380 220L240 450H380Z", b.accent, 8)
        return
    if b.form == "plane":
        b.solid("M130 470Q140 420 260 410H560L650 300H700L670 470Q600 540 300 540Q150 540 130 470Z", b.main, 10)
        b.solid("M330 470H480L540 590H420Z", b.accent, 8)
        b.dot(120, 470, 22, YELLOW)
        b.ellipse(112, 470, 12, 110, WOOD)
        b.dot(290, 440, 34, light(b.ground, 0.6))
        for x in (270, 480):
            _wheel(b, x, 602, 34, WOOD)
        return
    body = {
        "van": "M150 360Q150 330 190 330H520Q560 330 590 400L650 440V590H150Z",
        "truck": "M480 360H580L650 450V590H150V520H480Z",
    }.get(b.form, "M140 500Q150 460 230 460L300 370H480L560 460Q650 470 660 530V590H140Z")
    b.solid(body, b.main, 10)
    if b.form == "truck":
        b.solid("M150 390H460V520H150Z", b.accent, 10)
        b.path("M520 390H570L614 450H520Z", light(b.ground, 0.6))
        for x in (200, 290, 380):
            b.dot(x, 372, 46, WOOD)
        b.box(150, 390, 310, 60, b.accent)
    elif b.form == "van":
        for x in (190, 310, 430):
            b.box(x, 370, 96, 76, light(b.ground, 0.6), 12)
        b.box(150, 480, 500, 20, b.accent)
    else:
        b.path("M312 386H384V456H262ZM400 386H472L534 456H400Z", light(b.ground, 0.6))
    for x in (260, 540):
        _wheel(b, x, 586, 52, b.accent if b.form != "truck" else WOOD)


MOTIFS = {
    "train": train,
    "animal": animal,
    "car": car,
}
FLAT = frozenset({"train.track"})
