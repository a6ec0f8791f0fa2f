"""Thrown pots: mugs, bowls, vases, plates and what else comes off the wheel."""

from content.pictures.brush import Brush, dark, light, mix

CLAY = "#c98d63"


def mug(b: Brush) -> None:
    """Forms: tall, espresso, dipped; else round."""
    if b.form == "tall":
        body, top = [(300, 118), (400, 122), (560, 122), (634, 108)], 300
    elif b.form == "espresso":
        body, top = [(420, 92), (500, 98), (580, 96), (636, 72)], 420
    else:
        body, top = [(340, 138), (420, 150), (540, 150), (610, 132), (636, 100)], 340
    half = body[0][1]
    b.cast(half + 20)
    grip = 60 if b.form == "espresso" else 88
    x, y = 400 + half, top + (636 - top) * 0.2
    ring = f"M{x - 8} {y}C{x + grip * 1.3} {y - 24} {x + grip * 1.3} {y + grip * 1.9} {x - 2} {y + grip * 1.75}"
    b.line(ring, dark(b.main, 0.24), 36)
    b.line(ring, b.main, 26)
    bands = [(560, 800, CLAY)] if b.form != "dipped" else [(480, 800, b.accent)]
    b.lathe(body, b.main, bands=[*bands, (bands[0][0] - 7, bands[0][0], light(b.main))], mouth=dark(b.main, 0.5))


def bowl(b: Brush) -> None:
    """Forms: deep, wide, stack; else a breakfast bowl."""
    if b.form == "stack":
        b.cast(190)
        for index, tone in enumerate((b.main, light(b.main, 0.45), b.accent)):
            y = 500 - index * 84
            b.lathe([(y, 214 - index * 6), (y + 60, 190), (y + 110, 120), (y + 136, 84)], tone, mouth=dark(tone, 0.4))
        return
    top, half, foot = {"deep": (400, 190, 96), "wide": (500, 262, 104)}.get(b.form, (440, 224, 92))
    b.cast(half * 0.8)
    drop = 636 - top
    body = [
        (top, half),
        (top + drop * 0.35, half * 0.93),
        (top + drop * 0.7, half * 0.66),
        (636 - 22, foot),
        (636, foot + 6),
    ]
    b.lathe(
        body, b.main, bands=[(636 - drop * 0.3, 800, CLAY), (top + 20, top + 32, b.accent)], mouth=dark(b.main, 0.35)
    )
    b.ellipse(400, top + half * 0.06, half * 0.62, half * 0.06, light(b.main, 0.2), 0.55)


_VASES = {
    "tall": [(190, 62), (230, 50), (300, 78), (420, 118), (540, 112), (636, 78)],
    "bottle": [(170, 34), (290, 32), (350, 58), (430, 124), (540, 138), (636, 96)],
    "moon": [(260, 56), (290, 52), (340, 134), (440, 184), (540, 166), (610, 104), (636, 84)],
    "bud": [(330, 30), (390, 28), (450, 66), (530, 104), (600, 98), (636, 70)],
    "cylinder": [(240, 104), (300, 110), (540, 110), (636, 102)],
}


def vase(b: Brush) -> None:
    """Forms: bottle, moon, bud, cylinder; else tall. Each holds its own stems."""
    body = _VASES.get(b.form, _VASES["tall"])
    top, half = body[0]
    b.cast(max(w for _, w in body))
    _stems(b, top)
    b.lathe(
        body, b.main, bands=[(610, 800, CLAY), (440, 452, b.accent), (470, 476, b.accent)], mouth=dark(b.main, 0.55)
    )
    for lean in (-0.4, 0.1):
        b.line(f"M{400 + half * lean} {top + 2}L{400 + half * lean * 1.5} {top - 30}", "#7d8257", 5)


def _stems(b: Brush, top: float) -> None:
    leaf = "#8a8f63"
    if b.form == "bud":
        b.line(f"M398 {top}Q390 {top - 90} 424 {top - 150}", leaf, 5)
        for dx, dy in ((-22, 0), (22, 0), (0, -24), (0, 20)):
            b.dot(428 + dx, top - 164 + dy, 21, "#f2ead8")
        b.dot(428, top - 166, 14, "#d9a441")
        return
    if b.form in {"moon", "cylinder"}:
        for end, lift in ((300, 120), (372, 190), (470, 150)):
            b.line(f"M400 {top}Q{(400 + end) / 2} {top - lift * 0.5} {end} {top - lift}", leaf, 5)
            for step in (0.55, 0.78, 1):
                x, y = 400 + (end - 400) * step, top - lift * step
                b.ellipse(x + 16, y - 4, 22, 9, "#9aa177")
                b.ellipse(x - 14, y - 12, 20, 9, leaf)
        return
    for end, lift in ((330, 90), (410, 130), (474, 80)):
        b.line(f"M400 {top}Q{(400 + end) / 2} {top - lift * 0.4} {end} {top - lift}", "#b79a68", 4)
        b.ellipse(end, top - lift, 9, 26, "#d6b984")


def plate(b: Brush) -> None:
    """Forms: oval, small; else a dinner plate. Seen from above."""
    rx, ry = {"oval": (290, 200), "small": (190, 190)}.get(b.form, (262, 262))
    outline = f"M{400 - rx} 400A{rx} {ry} 0 0 1 {400 + rx} 400A{rx} {ry} 0 0 1 {400 - rx} 400Z"
    b.drop(outline)
    b.solid(outline, b.main, 8)
    b.ellipse(400, 400, rx * 0.74, ry * 0.74, dark(b.main, 0.1))
    b.ellipse(404, 406, rx * 0.72, ry * 0.72, light(b.main, 0.3))
    b.oval(400, rx * 0.93, ry * 0.93, b.accent, 7)
    b.line(
        f"M{400 - rx * 0.5} {400 - ry * 0.42}Q{400 - rx * 0.2} {400 - ry * 0.64} {400 + rx * 0.1} {400 - ry * 0.62}",
        "#fffaf0",
        9,
        0.6,
    )


def teapot(b: Brush) -> None:
    """A round pot with a cane handle, or with a side handle (form side)."""
    b.cast(190)
    spout = "M250 520C190 500 190 420 140 396L168 376C232 400 240 440 290 450Z"
    b.solid(spout, b.main, 6)
    if b.form == "side":
        b.line("M560 440C680 410 680 590 556 570", dark(b.main, 0.22), 32)
        b.line("M560 440C676 412 676 586 556 568", b.main, 22)
    else:
        b.line("M268 420C270 190 530 190 532 420", dark(b.accent, 0.25), 22)
        b.line("M268 418C272 196 528 196 532 418", b.accent, 14)
    b.lathe([(384, 80), (410, 130), (470, 176), (550, 172), (610, 130), (636, 104)], b.main, bands=[(596, 800, CLAY)])
    b.lathe([(356, 26), (372, 62), (392, 92)], light(b.main, 0.12))
    b.dot(400, 346, 20, b.accent)
    b.dot(394, 340, 6, "#fffaf0", 0.5)


def jug(b: Brush) -> None:
    """A pouring jug; form creamer is the small one."""
    small = b.form == "creamer"
    top = 420 if small else 250
    k = (636 - top) / 386
    body = [
        (top + y * k, half * (0.72 if small else 1))
        for y, half in ((0, 96), (70, 84), (190, 140), (300, 148), (386, 108))
    ]
    b.cast(150 * (0.72 if small else 1))
    half = body[0][1]
    grip = (
        f"M{400 + half - 6} {top + 26 * k:.0f}C{400 + half * 2.5:.0f} {top} "
        f"{400 + half * 2.6:.0f} {top + 230 * k:.0f} {400 + half * 1.35:.0f} {top + 270 * k:.0f}"
    )
    b.line(grip, dark(b.main, 0.24), 32)
    b.line(grip, b.main, 22)
    b.path(
        f"M{400 - half} {top + 50 * k:.0f}L{400 - half * 1.5:.0f} {top - 10}L{400 - half * 0.2:.0f} {top - 6}Z",
        b.main,
    )
    b.lathe(
        body,
        b.main,
        bands=[(body[-1][0] - 70 * k, 800, CLAY), (top + 120 * k, top + 130 * k, b.accent)],
        mouth=dark(b.main, 0.5),
    )


def jar(b: Brush) -> None:
    """A storage jar with a cork or wooden lid (accent); form butter is the low dish."""
    if b.form == "butter":
        b.cast(220)
        b.lathe([(598, 236), (620, 230), (636, 190)], b.main, hard=True)
        b.lathe([(452, 150), (470, 172), (560, 178), (598, 180)], light(b.main, 0.15), bands=[(520, 532, b.accent)])
        b.lathe([(424, 30), (440, 26), (456, 34)], b.accent)
        return
    b.cast(150)
    b.lathe(
        [(330, 128), (380, 148), (500, 156), (600, 144), (636, 118)],
        b.main,
        bands=[(600, 800, CLAY), (404, 414, b.accent)],
    )
    b.lathe([(296, 120), (312, 126), (344, 126)], mix(b.accent, "#c99a66", 0.6), mouth="", hard=True)
    b.ellipse(400, 296, 120, 19, light(mix(b.accent, "#c99a66", 0.6), 0.3))
    b.lathe([(262, 26), (276, 22), (298, 30)], mix(b.accent, "#c99a66", 0.6))


def candlestick(b: Brush) -> None:
    """A candle in its holder; form pair stands two beside each other."""
    for cx, tall in ((320, 0), (490, 110)) if b.form == "pair" else ((400, 0),):
        b.cast(96, cx)
        top = 430 + tall
        b.lathe([(top - 210, 20), (top, 20)], "#f3e8d2", cx=cx, hard=True)
        b.line(f"M{cx} {top - 210}V{top - 228}", "#5b4a40", 4)
        b.path(
            f"M{cx} {top - 290}Q{cx + 32} {top - 240} {cx} {top - 220}Q{cx - 32} {top - 240} {cx} {top - 290}Z",
            "#f0b54a",
        )
        b.path(
            f"M{cx} {top - 262}Q{cx + 14} {top - 236} {cx} {top - 224}Q{cx - 14} {top - 236} {cx} {top - 262}Z",
            "#fdeebf",
        )
        b.lathe(
            [(top, 40), (top + 26, 34), (600, 44), (618, 96), (636, 98)], b.main, cx=cx, bands=[(606, 800, b.accent)]
        )


MOTIFS = {
    "mug": mug,
    "bowl": bowl,
    "vase": vase,
    "plate": plate,
    "teapot": teapot,
    "jug": jug,
    "jar": jar,
    "candlestick": candlestick,
}
FLAT = frozenset({"plate"})
