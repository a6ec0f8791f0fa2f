"""Light: lamps on the table, on the floor, from the ceiling, and their parts. What is lit glows."""

from math import cos, radians, sin

from content.pictures.brush import BRASS, INK, WOOD, Brush, dark, light, mix

WARM = "#ffe9b8"


def _glow(b: Brush, cx: float, cy: float, reach: float) -> None:
    for share, strength in ((1, 0.16), (0.72, 0.2), (0.46, 0.28)):
        b.dot(cx, cy, reach * share, WARM, strength)


def _sphere(cy: float, r: float) -> list[tuple[float, float]]:
    return [(cy - r * cos(radians(turn)), r * sin(radians(turn))) for turn in range(8, 164, 12)]


def table(b: Brush) -> None:
    """Forms: mushroom, globe, drum, pleated; else a cone shade on a turned foot."""
    _glow(b, 400, 330, 330)
    b.cast(130)
    if b.form == "mushroom":
        b.lathe([(400, 46), (560, 50), (610, 96), (636, 110)], b.accent)
        b.lathe([(236, 40), (262, 140), (330, 208), (404, 222)], b.main)
        b.ellipse(400, 406, 216, 24, WARM)
        return
    if b.form == "globe":
        b.lathe([(500, 60), (560, 90), (636, 104)], b.accent, hard=True)
        b.lathe(_sphere(360, 150), mix(b.main, WARM, 0.7))
        return
    if b.form == "drum":
        b.lathe([(420, 16), (600, 16)], b.accent, hard=True)
        b.lathe([(596, 110), (622, 120), (636, 120)], b.accent)
        b.lathe([(220, 180), (430, 180)], b.main, hard=True, bands=[(404, 416, b.accent)])
        b.ellipse(400, 432, 170, 17, WARM)
        return
    b.lathe([(410, 20), (440, 26), (480, 70), (560, 96), (600, 66), (620, 90), (636, 112)], b.accent)
    b.lathe([(210, 96), (420, 202)], b.main, hard=True)
    if b.form == "pleated":
        for step in range(-8, 9):
            b.line(f"M{400 + step * 11.4:.0f} 216L{400 + step * 24} 436", dark(b.main, 0.14), 5, 0.7)
    b.ellipse(400, 424, 192, 22, WARM)
    b.ellipse(400, 211, 96, 10, WARM)


def floor(b: Brush) -> None:
    """A standing lamp; forms: tripod, arc."""
    if b.form == "arc":
        _glow(b, 560, 330, 260)
        b.cast(110, 220)
        b.line("M220 620C220 120 420 60 560 220", dark(b.accent, 0.2), 16)
        b.line("M216 620C216 116 420 54 560 216", b.accent, 9)
        b.lathe([(610, 100), (636, 104)], dark(b.accent, 0.1), cx=220)
        b.lathe([(216, 16), (250, 80), (320, 120)], b.main, cx=560)
        b.ellipse(560, 322, 116, 15, WARM)
        return
    _glow(b, 400, 230, 270)
    b.cast(130)
    if b.form == "tripod":
        for x in (270, 540, 410):
            b.line(f"M400 330L{x} 634", dark(b.accent, 0.14 if x != 270 else 0), 20)
        b.dot(400, 340, 20, BRASS)
    else:
        b.lathe([(320, 10), (610, 10)], b.accent, hard=True)
        b.lathe([(608, 92), (624, 104), (636, 104)], b.accent)
    b.lathe([(130, 110), (330, 170)], b.main, hard=True)
    b.ellipse(400, 332, 160, 17, WARM)
    b.line("M470 340V400", BRASS, 4)
    b.dot(470, 404, 8, BRASS)


def desk(b: Brush) -> None:
    """A jointed work lamp; form clamp holds on to a board."""
    _glow(b, 236, 400, 230)
    if b.form == "clamp":
        b.box(400, 590, 400, 50, WOOD, 6)
        b.box(520, 540, 90, 70, dark(b.accent, 0.2), 10)
    else:
        b.cast(130, 520)
        b.lathe([(604, 116), (626, 126), (636, 126)], b.main, cx=520)
    for width, tone in ((20, dark(b.accent, 0.25)), (11, b.accent)):
        b.line("M530 600L600 400L380 240", tone, width)
    for x, y in ((600, 400), (380, 240)):
        b.dot(x, y, 22, dark(b.main, 0.2))
        b.dot(x - 3, y - 3, 15, light(b.main, 0.2))
    b.turned(34, 300, 290)
    b.lathe([(200, 30), (230, 44), (260, 60), (360, 116)], b.main, cx=300)
    b.ellipse(300, 362, 112, 15, WARM)
    b.end()


def pendant(b: Brush) -> None:
    """Hangs from its cord (accent); forms: dome, globe, cone, disc, paper, bottle."""
    _glow(b, 400, 480, 300)
    top = 330
    b.line(f"M400 0V{top}", b.accent, 8)
    b.lathe([(top - 40, 20), (top + 6, 26)], BRASS, hard=True)
    if b.form == "globe":
        b.lathe(_sphere(470, 140), mix(b.main, WARM, 0.6))
        return
    if b.form == "paper":
        b.lathe([(320, 30), (350, 140), (440, 216), (520, 190), (570, 60)], mix(b.main, WARM, 0.5))
        for y, half in ((356, 150), (396, 190), (440, 214), (484, 208), (526, 176)):
            b.line(f"M{400 - half} {y}Q400 {y + 40} {400 + half} {y}", dark(b.main, 0.16), 4, 0.7)
        return
    if b.form == "bottle":
        b.lathe([(330, 34), (400, 38), (450, 88), (600, 92)], b.main)
        b.ellipse(400, 600, 90, 13, WARM)
        return
    shape = {
        "cone": [(330, 30), (520, 190)],
        "disc": [(330, 40), (380, 80), (440, 250)],
    }.get(b.form, [(330, 30), (350, 120), (420, 200), (520, 226)])
    b.lathe(shape, b.main, hard=b.form == "cone")
    (low, half) = shape[-1]
    b.dot(400, low + 10, 44, WARM)
    b.ellipse(400, low, half * 0.97, half * 0.12, mix(WARM, b.main, 0.2))


def wall(b: Brush) -> None:
    """A bracket with a shade; form disc is a plate that washes the wall."""
    if b.form == "disc":
        _glow(b, 400, 400, 380)
        b.dot(412, 414, 170, "#2e1f1c", 0.14)
        b.dot(400, 400, 170, dark(b.main, 0.2))
        b.dot(394, 392, 164, b.main)
        b.dot(400, 400, 60, b.accent)
        b.dot(396, 396, 44, light(b.accent, 0.3))
        return
    _glow(b, 460, 440, 290)
    b.path("M226 316H300V616H226Z", "#2e1f1c", 0.12)
    b.solid("M214 300H286V600H214Z", b.accent, 8)
    b.line("M286 470C400 470 460 420 460 320", dark(BRASS, 0.1), 16)
    b.lathe([(290, 26), (320, 60), (440, 150)], b.main, cx=460)
    b.ellipse(460, 442, 146, 17, WARM)


def bulb(b: Brush) -> None:
    """A light bulb; forms: globe, candle."""
    _glow(b, 400, 320, 280)
    b.cast(70)
    shapes: dict[str, list[tuple[float, float]]] = {
        "globe": [*_sphere(330, 150), (500, 52)],
        "candle": [(190, 6), (260, 50), (380, 84), (460, 66), (500, 48)],
    }
    shape = shapes.get(b.form, [(190, 40), (220, 100), (310, 140), (400, 110), (500, 56)])
    b.lathe(shape, mix(b.main, WARM, 0.72))
    b.line("M380 500V390L360 330L380 350L400 320L420 350L440 330L420 390V500", "#d9903a", 5)
    b.lathe([(500, 52), (600, 50)], BRASS, hard=True)
    for y in (520, 546, 572):
        b.line(f"M348 {y}Q400 {y + 22} 452 {y}", dark(BRASS, 0.3), 5)
    b.lathe([(600, 46), (620, 30), (636, 22)], INK)


def lantern(b: Brush) -> None:
    """A lantern to carry; form paper folds."""
    _glow(b, 400, 440, 320)
    b.cast(130)
    b.line("M300 270C300 110 500 110 500 270", dark(b.accent, 0.15), 12)
    if b.form == "paper":
        b.lathe([(270, 100), (300, 130), (450, 156), (600, 130), (636, 100)], mix(b.main, WARM, 0.45))
        for y in range(310, 620, 44):
            b.line(f"M250 {y}Q400 {y + 40} 550 {y}", dark(b.main, 0.14), 4, 0.6)
        return
    b.box(286, 300, 228, 300, mix(WARM, b.ground, 0.25))
    b.path("M400 380Q440 450 400 490Q360 450 400 380Z", "#f0b54a")
    b.lathe([(490, 34), (600, 34)], "#f6ecd8", hard=True)
    for x in (280, 392, 502):
        b.box(x, 296, 16, 310, b.main if x < 500 else dark(b.main, 0.2))
    b.lathe([(236, 40), (262, 60), (306, 134)], b.main, hard=True)
    b.lathe([(596, 134), (636, 138)], b.main, hard=True)


def garland(b: Brush) -> None:
    """Bulbs on a cord; form cable is textile cable on a loop, with its plug."""
    if b.form == "cable":
        for r in (190, 164, 138, 112):
            b.ring(410, 412, r, "#00000018", 22)
            b.ring(400, 400, r, b.main, 20)
            b.ring(400, 400, r, b.accent, 7, dash="9 13")
        b.box(340, 170, 120, 26, light(b.accent, 0.5), 8)
        b.line("M560 500C640 560 600 640 660 690", b.main, 20)
        b.box(630, 670, 84, 60, INK, 14)
        return
    for y, sag in ((200, 150), (420, 170)):
        b.line(f"M-20 {y}Q400 {y + sag * 2} 820 {y - 30}", b.accent, 7)
        for share in (0.14, 0.32, 0.5, 0.68, 0.86):
            x = -20 + 840 * share
            drop = y - 30 * share**2 + 2 * share * (1 - share) * sag * 2
            _glow(b, x, drop + 66, 80)
            b.box(x - 13, drop, 26, 34, dark(b.main, 0.3), 4)
            b.ellipse(x, drop + 62, 30, 36, WARM)


def shade(b: Brush) -> None:
    """A lampshade alone; form dimmer is a switch."""
    if b.form == "dimmer":
        plate = "M220 200H580Q600 200 600 220V580Q600 600 580 600H220Q200 600 200 580V220Q200 200 220 200Z"
        b.drop(plate)
        b.solid(plate, b.main, 8)
        b.dot(408, 412, 116, "#2e1f1c", 0.18)
        b.dot(400, 400, 112, dark(b.accent, 0.2))
        b.dot(394, 394, 104, b.accent)
        b.line("M394 394L340 330", light(b.accent, 0.6), 10)
        return
    b.cast(210)
    b.lathe([(320, 110), (636, 236)], b.main, hard=True, mouth=light(b.main, 0.5))


MOTIFS = {
    "table-lamp": table,
    "floor-lamp": floor,
    "desk-lamp": desk,
    "pendant": pendant,
    "wall-lamp": wall,
    "bulb": bulb,
    "lantern": lantern,
    "garland": garland,
    "shade": shade,
}
FLAT = frozenset({"shade.dimmer", "garland.cable"})
HANGING = frozenset({"pendant", "wall-lamp", "garland."})
