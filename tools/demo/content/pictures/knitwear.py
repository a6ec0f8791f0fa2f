"""Wool: jumpers, hats, scarves and what keeps warm otherwise, laid out flat."""

from content.pictures.brush import PAPER, Brush, dark, light

_BODY = (
    "M290 190Q400 240 510 190L590 226Q700 330 726 560L640 586"
    "L586 420L580 650H220L214 420L160 586L74 560Q100 330 210 226Z"
)
_VEST = "M270 180L360 190Q400 330 440 190L530 180Q540 300 590 350L580 650H220L210 350Q260 300 270 180Z"


def jumper(b: Brush) -> None:
    """Forms: yoke, stripe, cable, roll, cardigan, vest; else plain."""
    shape = _VEST if b.form == "vest" else _BODY
    b.drop(shape)
    b.begin(shape, b.main)
    _pattern(b)
    b.path("M586 420L580 660H800V300H640Z", "#2e1f1c", 0.07)
    b.path("M520 200Q560 420 540 660H800V200Z", "#2e1f1c", 0.06)
    b.box(200, 612, 400, 40, dark(b.main, 0.14))
    b.line("M222 630H578", light(b.main, 0.2), 30, 0.5, "1 12")
    if b.form != "vest":
        for turn, x in ((17, 92), (-17, 624)):
            b.turned(turn, x + 42, 560)
            b.box(x - 10, 530, 110, 60, dark(b.main, 0.14))
            b.end()
    b.end()
    if b.form == "vest":
        b.line("M360 186Q400 330 440 186", dark(b.main, 0.2), 18)
        return
    if b.form == "cardigan":
        b.path("M300 196Q380 260 400 400Q420 260 500 196L470 184Q400 220 330 184Z", dark(b.main, 0.42))
        b.line("M306 196Q386 270 400 410V648", dark(b.main, 0.2), 14)
        b.line("M494 196Q414 270 402 410", dark(b.main, 0.2), 14)
        for y in (440, 500, 560, 620):
            b.dot(400, y, 11, b.accent)
        return
    neck = (
        "M292 192Q400 262 508 192L492 140Q400 172 308 140Z"
        if b.form == "roll"
        else "M296 190Q400 256 504 190L490 178Q400 226 310 178Z"
    )
    b.path(neck, dark(b.main, 0.2))
    if b.form != "roll":
        b.path("M310 178Q400 150 490 178Q400 226 310 178Z", dark(b.main, 0.45))
    b.line("M214 420Q220 380 216 350M586 420Q580 380 584 350", dark(b.main, 0.25), 5, 0.7)


def _pattern(b: Brush) -> None:
    if b.form == "stripe":
        for y in range(300, 620, 74):
            b.box(0, y, 800, 34, b.accent)
    elif b.form == "yoke":
        for radius, tone in ((190, b.accent), (150, b.main), (132, light(b.accent, 0.4)), (112, b.main)):
            b.oval(190, radius + 40, radius, tone, 20)
        b.oval(190, 210, 170, PAPER, 9, dash="14 16")
    elif b.form in {"cable", "vest"}:
        for x in (300, 400, 500):
            b.line(f"M{x - 16} 230q32 30 0 60t0 60t0 60t0 60t0 60t0 60", dark(b.main, 0.22), 7, 0.8)
            b.line(f"M{x + 16} 230q-32 30 0 60t0 60t0 60t0 60t0 60t0 60", light(b.main, 0.3), 7, 0.8)
    else:
        for x in range(240, 580, 34):
            b.line(f"M{x} 240V610", dark(b.main, 0.1), 4, 0.5, "14 12")


def scarf(b: Brush) -> None:
    """Forms: plain, check, snood; else striped."""
    if b.form == "snood":
        b.drop("M180 400A220 170 0 1 1 620 400A220 170 0 1 1 180 400Z")
        for ry, tone in ((190, dark(b.main, 0.2)), (176, b.main)):
            b.ellipse(400, 410, 236, ry, tone)
        b.ellipse(400, 380, 130, 84, dark(b.main, 0.45))
        for k in (0.68, 0.8, 0.92):
            b.line(
                f"M{400 - 236 * k:.0f} 430A{236 * k:.0f} {170 * k:.0f} 0 0 0 {400 + 236 * k:.0f} 430",
                dark(b.main, 0.2),
                6,
                0.6,
            )
        return
    for turn, x in ((9, 300), (-14, 390)):
        b.turned(turn, 400, 180)
        strip = f"M{x} 180H{x + 116}V620H{x}Z"
        b.drop(strip)
        b.begin(strip, b.main)
        _scarf_bands(b, x)
        b.path(f"M{x + 92} 180h24v440h-24Z", "#2e1f1c", 0.12)
        b.end()
        for step in range(7):
            b.line(f"M{x + 10 + step * 16} 622v46", b.main if step % 2 else b.accent, 7)
        b.end()
    loop = "M270 200Q270 110 400 110T530 200Q530 268 400 268T270 200Z"
    b.drop(loop, 8)
    b.solid(loop, b.main, 10)
    b.ellipse(400, 172, 84, 30, dark(b.main, 0.5))
    b.line("M300 222Q400 290 500 222", dark(b.main, 0.2), 6, 0.6)


def _scarf_bands(b: Brush, x: int) -> None:
    if b.form == "plain":
        for step in range(16, 110, 22):
            b.line(f"M{x + step} 180V620", dark(b.main, 0.14), 6, 0.6)
        return
    for y in range(300, 620, 72):
        b.box(x, y, 116, 30, b.accent)
    if b.form == "check":
        for step in (20, 70):
            b.box(x + step, 180, 24, 440, light(b.accent, 0.4), o=0.6)


def beanie(b: Brush) -> None:
    """Forms: plain, stripe, band (a headband); else with a pompom."""
    if b.form == "band":
        shape = "M150 350Q400 270 650 350V500Q400 430 150 500Z"
        b.drop(shape)
        b.solid(shape, b.main, 12)
        for x in range(190, 640, 60):
            b.line(f"M{x} {352 - (x - 150) * (650 - x) / 1500:.0f}q40 60 0 120", dark(b.main, 0.18), 7, 0.7)
        b.box(366, 296, 70, 152, b.accent, 20)
        return
    dome = "M190 540Q180 220 400 214T610 540Z"
    b.drop("M180 540Q180 220 400 214T620 540V640H180Z")
    if b.form not in {"plain", "stripe"}:
        b.dot(404, 196, 74, dark(b.accent, 0.18))
        b.dot(398, 190, 70, b.accent)
        for dx, dy in ((-40, -20), (10, -46), (40, 0), (-14, 20)):
            b.line(f"M{398 + dx} {190 + dy}l14 14", light(b.accent, 0.4), 6)
    b.begin(dome, b.main)
    if b.form == "stripe":
        for y in (300, 400, 500):
            b.line(f"M150 {y}Q400 {y - 40} 650 {y}", b.accent, 34)
    for x in range(210, 610, 38):
        b.line(f"M{x} 540Q{x + (400 - x) * 0.2:.0f} 330 {x + (400 - x) * 0.75:.0f} 220", dark(b.main, 0.16), 5, 0.6)
    b.path("M480 200Q570 300 560 560H800V200Z", "#2e1f1c", 0.12)
    b.end()
    b.solid("M176 520Q400 470 624 520V636Q400 590 176 636Z", light(b.main, 0.12), 10)
    for x in range(200, 610, 30):
        b.line(f"M{x} {516 - (x - 176) * (624 - x) / 2000:.0f}v92", dark(b.main, 0.2), 5, 0.6)


def mittens(b: Brush) -> None:
    """A pair; form wrist is fingerless."""
    for turn, flip in ((-12, 1), (12, -1)):
        b.raw(f'<g transform="rotate({turn} 400 400) translate({400 - 190 * flip} 30) scale({0.86 * flip} 0.92)">')
        top = "M-100 320H80" if b.form == "wrist" else "M-100 320Q-100 160 -10 160T80 320"
        shape = f"{top}V380L130 330Q176 310 180 360L80 500V600H-100Z"
        b.drop(shape)
        b.solid(shape, b.main, 10)
        b.box(-108, 560, 196, 84, b.accent, 10)
        b.line("M-90 602H74", dark(b.accent, 0.2), 60, 0.5, "1 20")
        b.path("M-10 380l34 40l-34 40l-34 -40Z", b.accent)
        b.path("M-10 398l18 22l-18 22l-18 -22Z", light(b.main))
        b.end()


def socks(b: Brush) -> None:
    """A pair; forms: stripe, bootie; else with coloured heel and toe."""
    for x, y in ((90, -30), (-60, 40)):
        b.raw(f'<g transform="translate({x} {y})">')
        shape = "M300 130H440V430Q560 470 600 540Q620 620 540 620H440Q300 600 300 460Z"
        if b.form == "bootie":
            shape = "M300 300H440V430Q560 450 590 520Q610 600 530 600H420Q300 590 300 460Z"
        b.drop(shape)
        b.begin(shape, b.main)
        b.dot(560, 590, 90, b.accent)
        b.dot(310, 560, 88, b.accent)
        if b.form == "stripe":
            for band in range(200, 430, 60):
                b.box(290, band, 160, 26, b.accent)
        b.path("M410 100H440V430Q560 470 620 560L620 640H560Q570 540 410 450Z", "#2e1f1c", 0.12)
        top = 300 if b.form == "bootie" else 130
        b.box(290, top, 170, 56, light(b.main, 0.2))
        b.line(f"M304 {top + 28}H440", dark(b.main, 0.2), 40, 0.4, "1 18")
        b.end()
        b.end()


def blanket(b: Brush) -> None:
    """A folded pile; form throw hangs its fringe."""
    b.cast(250)
    layers = (
        ((556, b.main), (480, light(b.accent, 0.1)), (404, b.main))
        if b.form != "throw"
        else ((540, b.main), (440, b.main))
    )
    tall = 80 if b.form != "throw" else 100
    for y, tone in layers:
        b.solid(f"M180 {y}H600Q640 {y} 640 {y + tall // 2}T600 {y + tall}H180Q150 {y + tall // 2} 180 {y}Z", tone, 8)
        for x in range(220, 600, 60):
            b.line(f"M{x} {y + 10}v{tall - 20}", b.accent if tone == b.main else b.main, 8, 0.55)
    if b.form == "throw":
        for x in range(186, 600, 24):
            b.line(f"M{x} 540v44", b.accent, 7)


def yarn(b: Brush) -> None:
    """A skein twisted; form ball has its needles."""
    if b.form == "ball":
        b.cast(170)
        b.line("M250 300L520 560M560 290L300 560", "#c99a66", 14)
        b.dot(246, 296, 18, b.accent)
        b.dot(564, 286, 18, b.accent)
        b.begin("M230 470A170 166 0 1 1 570 470A170 166 0 1 1 230 470Z", b.main)
        for step in range(-2, 4):
            b.line(f"M200 {440 + step * 44}Q400 {330 + step * 60} 600 {470 + step * 40}", dark(b.main, 0.16), 7)
            b.line(f"M{330 + step * 44} 290Q{250 + step * 60} 470 {380 + step * 40} 650", light(b.main, 0.25), 6, 0.7)
        b.path("M480 300Q560 460 440 640H700V300Z", "#2e1f1c", 0.12)
        b.end()
        b.line("M520 620C600 660 640 600 720 640", b.main, 9)
        return
    b.turned(-24)
    shape = "M130 400Q130 320 240 330T400 340T560 330T670 400T560 470T400 460T240 470T130 400Z"
    b.drop(shape)
    b.begin(shape, b.main)
    for x in range(60, 680, 34):
        b.line(f"M{x} 500Q{x + 60} 430 {x + 90} 300", dark(b.main, 0.2) if x % 68 else light(b.main, 0.35), 8, 0.8)
    b.box(100, 440, 600, 60, "#2e1f1c", o=0.12)
    b.end()
    b.box(340, 318, 120, 166, PAPER, 6)
    b.box(340, 380, 120, 40, b.accent)
    b.end()


def cushion(b: Brush) -> None:
    """A knitted cushion; form stripe."""
    b.cast(220)
    b.begin("M200 260Q400 226 600 260Q640 440 606 630Q400 650 194 630Q160 440 200 260Z", b.main)
    if b.form == "stripe":
        for y in (320, 430, 540):
            b.box(100, y, 600, 46, b.accent)
    else:
        for x in range(190, 640, 70):
            b.line(f"M{x} 240q40 40 0 80t0 80t0 80t0 80t0 80", dark(b.main, 0.18), 8, 0.8)
            b.line(f"M{x + 24} 240q-40 40 0 80t0 80t0 80t0 80t0 80", light(b.main, 0.3), 8, 0.8)
    b.path("M540 240Q590 440 540 660H800V240Z", "#2e1f1c", 0.13)
    b.end()
    for x, y in ((200, 260), (600, 260)):
        b.dot(x, y, 18, b.accent)


MOTIFS = {
    "jumper": jumper,
    "scarf": scarf,
    "beanie": beanie,
    "mittens": mittens,
    "socks": socks,
    "blanket": blanket,
    "yarn": yarn,
    "cushion": cushion,
}
FLAT = frozenset({"jumper", "scarf", "beanie", "mittens", "socks", "yarn"})
