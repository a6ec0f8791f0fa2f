"""Plants in pots, in ten habits of growth."""

from math import cos, radians, sin

from content.pictures.brush import WOOD, Brush, dark, light, mix

SOIL = "#5b4536"
LEAF = "#5f7d4f"


def plant(b: Brush) -> None:
    """A pot (accent) and a plant (main). Forms: the habits of growth below; else a fig."""
    grow, pot_top, half = _HABITS.get(b.form, (_fig, 470, 104))
    b.cast(half)
    b.raw(f'<g transform="translate(0 {pot_top - 470})">')
    if b.form != "fern":
        grow(b)
    b.end()
    b.lathe([(pot_top, half), (636, half * 0.74)], b.accent, mouth=SOIL, hard=True)
    b.lathe([(pot_top - 4, half + 8), (pot_top + 30, half + 6)], light(b.accent, 0.1), mouth=SOIL, hard=True)
    if b.form == "fern":
        grow(b)


def leaf(b: Brush, x: float, y: float, size: float, turn: float, tone: str) -> None:
    """One pointed leaf growing up from (x, y), turned clockwise."""
    place = f"translate({x:.0f} {y:.0f}) rotate({turn:.0f})"
    wide, tall = round(60 * size), round(150 * size)
    if size < 0.6:  # too small to show its shaded half
        b.path(f"M0 0Q-{wide} -{wide} 0 -{tall}Q{wide} -{wide} 0 0Z", tone, turn=place)
        return
    b.raw(f'<g transform="{place} scale({size:.2f})">')
    b.path("M0 0Q-60 -60 0 -150Q60 -60 0 0Z", tone)
    b.path("M0 0Q60 -60 0 -150Z", dark(tone, 0.16))
    b.end()


def _monstera(b: Brush) -> None:
    for x, y, size, turn in (
        (240, 300, 1, -34),
        (560, 290, 1, 32),
        (330, 190, 1.1, -12),
        (490, 170, 1, 16),
        (404, 330, 0.9, 2),
    ):
        b.line(f"M400 476Q{(x + 400) / 2:.0f} {(y + 476) / 2:.0f} {x} {y}", dark(b.main, 0.1), 8)
        b.raw(f'<g transform="translate({x} {y}) rotate({turn}) scale({size})">')
        b.path("M0 40C-90 60 -110 -40 0 -110C110 -40 90 60 0 40Z", b.main)
        b.path("M0 40C90 60 110 -40 0 -110Z", dark(b.main, 0.15))
        b.line("M-88 10L-40 -4M-76 -44L-30 -46M88 10L40 -4M76 -44L30 -46", b.ground, 9)
        b.line("M0 40V-84", light(b.main, 0.4), 4, 0.7)
        b.end()


def _snake(b: Brush) -> None:
    for x, tall, lean in ((330, 250, -60), (370, 350, -24), (412, 400, 12), (452, 310, 44), (480, 220, 70)):
        blade = (
            f"M{x - 24} 480Q{x - 34 + lean / 2:.0f} {480 - tall / 2:.0f} {x + lean} {480 - tall}"
            f"Q{x + 40 + lean / 2:.0f} {480 - tall / 2:.0f} {x + 24} 480Z"
        )
        b.begin(blade, b.main)
        b.line(
            f"M{x + 20} 490Q{x + 34 + lean / 2:.0f} {480 - tall / 2:.0f} {x + lean} {480 - tall}",
            mix(b.main, "#e3d98a", 0.6),
            16,
        )
        rungs = "".join(f"M{x - 40} {480 - step}q30 -16 60 0" for step in range(40, tall, 48))
        b.line(rungs, light(b.main, 0.4), 6, 0.4)
        b.end()


def _cactus(b: Brush) -> None:
    b.line("M400 360H290V250", dark(b.main, 0.1), 60)
    b.line("M400 400H510V310", dark(b.main, 0.2), 52)
    b.lathe([(170, 10), (184, 46), (230, 72), (400, 76), (480, 70)], b.main)
    for x in (366, 400, 434):
        b.line(f"M{x} 220V470", light(b.main, 0.4), 4, 0.8, "2 20")
    for dx, dy in ((-16, 0), (16, 0), (0, -16), (0, 12)):
        b.dot(400 + dx, 168 + dy, 15, "#e39aa0")
    b.dot(400, 168, 9, "#f3d58b")


def _fern(b: Brush) -> None:
    for index, turn in enumerate((-96, -66, -38, -12, 14, 42, 70, 98)):
        tone = b.main if index % 2 else dark(b.main, 0.14)
        b.raw(f'<g transform="translate(400 470) rotate({turn})">')
        b.line("M0 0Q12 -130 0 -260", tone, 5)
        leaflets = ((step, round(44 - step * 0.11)) for step in range(50, 260, 30))
        b.line("".join(f"M6 -{step}l-{reach} -22m{reach} 22l{reach} -22" for step, reach in leaflets), tone, 15)
        b.end()


def _olive(b: Brush) -> None:
    b.line("M400 476Q392 400 404 330L400 230", WOOD, 17)
    ends = [
        (360 / ring * step + reach, 400 + reach * sin(radians(360 / ring * step + reach)), reach, step)
        for ring, reach in ((9, 130), (6, 76))
        for step in range(ring)
    ]
    tips = [(turn, x, 200 - reach * 0.8 * cos(radians(turn)), step) for turn, x, reach, step in ends]
    b.line("".join(f"M400 240L{x:.0f} {y:.0f}" for _, x, y, _ in tips), WOOD, 4)
    for turn, x, y, step in tips:
        for bend in (-40, 20):
            leaf(b, x, y, 0.48, turn + bend, b.main if step % 2 else light(b.main, 0.3))


def _herb(b: Brush) -> None:
    for x, tall, lean in ((340, 170, -70), (376, 240, -26), (410, 290, 8), (446, 220, 44), (466, 150, 80)):
        b.line(f"M{x} 480Q{x} {480 - tall // 2} {x + lean} {480 - tall}", dark(b.main, 0.15), 5)
        for share in (0.5, 0.76, 1):
            px, py = x + lean * share**2, 480 - tall * share
            leaf(b, px, py, 0.34, -62 + lean * 0.3, b.main)
            leaf(b, px, py, 0.34, 62 + lean * 0.3, light(b.main, 0.15))


def _flower(b: Brush) -> None:
    bloom = b.main
    for x, tall, lean in ((350, 220, -90), (396, 300, -6), (440, 230, 84)):
        b.line(f"M{x} 480Q{x} {480 - tall // 2} {x + lean} {480 - tall}", LEAF, 7)
        leaf(b, x, 480, 0.9, lean * 0.8, LEAF)
    for x, y in ((260, 260), (390, 180), (524, 250)):
        for turn in range(0, 360, 45):
            b.ellipse(
                x + 30 * cos(radians(turn)),
                y + 30 * sin(radians(turn)),
                22,
                22,
                bloom if turn % 90 else light(bloom, 0.25),
            )
        b.dot(x, y, 18, "#e8b94d")


def _lavender(b: Brush) -> None:
    for x, tall, lean in (
        (330, 230, -110),
        (356, 290, -60),
        (390, 330, -14),
        (420, 310, 30),
        (450, 280, 76),
        (470, 220, 120),
    ):
        b.line(f"M{x} 480Q{x} {480 - tall // 2} {x + lean} {480 - tall}", "#7f9270", 5)
        for step in range(5):
            b.ellipse(
                x + lean * (1 - step * 0.05),
                480 - tall + step * 20,
                12 + step,
                11,
                b.main if step % 2 else light(b.main, 0.25),
            )


def _succulent(b: Brush) -> None:
    for reach, count, tone in ((1.0, 9, dark(b.main, 0.12)), (0.76, 8, b.main), (0.5, 6, light(b.main, 0.25))):
        for step in range(count):
            turn = -100 + 200 / (count - 1) * step
            leaf(b, 400, 480, reach * 1.05, turn, tone)


def _fig(b: Brush) -> None:
    b.line("M400 476V150", WOOD, 10)
    for y, turn in ((420, -70), (400, 66), (340, -58), (310, 54), (250, -46), (220, 42), (180, -24), (164, 18)):
        leaf(b, 400, y, 1.05, turn, b.main if turn < 0 else light(b.main, 0.12))


_HABITS = {
    "monstera": (_monstera, 490, 104),
    "snake": (_snake, 480, 104),
    "cactus": (_cactus, 500, 96),
    "fern": (_fern, 470, 110),
    "olive": (_olive, 480, 100),
    "herb": (_herb, 490, 104),
    "flower": (_flower, 500, 110),
    "lavender": (_lavender, 490, 110),
    "succulent": (_succulent, 520, 112),
}


MOTIFS = {"plant": plant}
