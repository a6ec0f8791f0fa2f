"""Wooden toys for the floor and the table: blocks, tops, puzzles, music and houses."""

from content.pictures.brush import INK, PAPER, WOOD, Brush, dark, light

RED, YELLOW, GREEN, BLUE = "#c8553d", "#e3b04b", "#6f9073", "#5b84a0"


def blocks(b: Brush) -> None:
    """Building blocks; forms: arch, tower; else a small pile."""
    b.cast(230)
    if b.form == "tower":
        for index, tone in enumerate((b.main, YELLOW, b.accent, GREEN, b.main)):
            half = 130 - index * 22
            y = 636 - (index + 1) * 92
            b.solid(
                f"M{400 - half + index * 6} {y}H{400 + half + index * 6}V{y + 90}H{400 - half + index * 6}Z", tone, 10
            )
        b.solid("M370 176L424 96L478 176Z", RED, 8)
        return
    if b.form == "arch":
        for r, tone in ((260, RED), (212, YELLOW), (164, b.main), (116, b.accent), (68, WOOD)):
            b.path(f"M{400 - r} 636A{r} {r} 0 0 1 {400 + r} 636Z", dark(tone, 0.22))
            b.path(f"M{400 - r} 636A{r} {r} 0 0 1 {400 + r - 12} 636Z", tone)
            b.path(f"M{400 - r + 42} 636A{r - 42} {r - 42} 0 0 1 {400 + r - 42} 636Z", dark(b.ground, 0.2))
        return
    b.solid("M180 476H340V636H180Z", b.main, 12)
    b.solid("M350 476H510V636H350Z", YELLOW, 12)
    b.solid("M520 536H660V636H520Z", GREEN, 10)
    b.solid("M260 320H420V470H260Z", b.accent, 12)
    b.solid("M430 470L510 370L590 470Z", RED, 8)
    b.solid("M260 316A80 80 0 0 1 420 316Z", WOOD, 10)
    b.dot(430, 556, 36, light(YELLOW, 0.5))
    b.path("M260 500l18 36h40l-32 24l12 40l-38 -24l-38 24l12 -40l-32 -24h40Z", light(b.main, 0.5))


def rings(b: Brush) -> None:
    """Stacking rings on a post."""
    b.cast(200)
    b.lathe([(604, 190), (636, 190)], WOOD, hard=True)
    b.lathe([(200, 16), (604, 20)], WOOD, hard=True)
    for index, tone in enumerate((b.main, YELLOW, b.accent, GREEN, b.main, RED)):
        half = 176 - index * 20
        y = 550 - index * 60
        b.box(400 - half, y, half * 2, 58, tone, 29)
        b.box(400 + half * 0.35, y, half * 0.65, 58, "#2e1f1c", 29, o=0.13)
        b.box(400 - half * 0.8, y + 12, half * 0.5, 9, "#fffaf0", 4, o=0.35)
    b.dot(404, 198, 36, dark(b.accent, 0.2))
    b.dot(398, 192, 33, b.accent)


def top(b: Brush) -> None:
    """A spinning top; form yoyo."""
    if b.form == "yoyo":
        b.line("M470 330C620 240 560 120 660 70", PAPER, 7)
        b.ring(672, 60, 22, PAPER, 7)
        b.drop("M190 430A190 190 0 1 1 570 430A190 190 0 1 1 190 430Z")
        b.dot(380, 430, 190, dark(b.main, 0.25))
        b.dot(372, 422, 182, b.main)
        b.ring(374, 424, 128, b.accent, 22)
        b.dot(374, 424, 44, YELLOW)
        return
    b.cast(80)
    b.turned(-10, 400, 640)
    b.lathe([(210, 20), (330, 16)], WOOD, hard=True)
    b.lathe(
        [(330, 60), (400, 180), (450, 190), (520, 130), (600, 40), (638, 6)],
        b.main,
        bands=[(390, 420, b.accent), (450, 470, YELLOW)],
    )
    b.end()


def puzzle(b: Brush) -> None:
    """A board with pieces lifted out; form memory is a set of picture tiles."""
    if b.form == "memory":
        for index in range(9):
            x, y = 180 + index % 3 * 156, 180 + index // 3 * 156
            tone = (b.main, PAPER, b.accent)[index % 3]
            tile = f"M{x} {y}h130v130h-130Z"
            b.drop(tile, 7)
            b.solid(tile, tone, 5)
            b.dot(x + 64, y + 64, 36, (YELLOW, GREEN, BLUE)[(index + index // 3) % 3])
        return
    board = "M150 200H650V620H150Z"
    b.drop(board)
    b.solid(board, WOOD, 8)
    for x, y, shape, tone in (
        (280, 320, "M-70 0A70 70 0 1 1 70 0A70 70 0 1 1 -70 0Z", b.main),
        (520, 320, "M-70 -64H70V64H-70Z", b.accent),
        (290, 510, "M0 -74L80 60H-80Z", YELLOW),
        (520, 510, "M0 -76L22 -24L78 -22L34 14L50 68L0 38L-50 68L-34 14L-78 -22L-22 -24Z", RED),
    ):
        b.path(shape, dark(WOOD, 0.35), turn=f"translate({x} {y})")
        shift = "translate(40 46) rotate(14)" if tone == b.accent else "translate(-5 -6)"
        b.raw(f'<g transform="translate({x} {y}) {shift}">')
        b.path(shape, dark(tone, 0.25), turn="translate(5 6)")
        b.path(shape, tone)
        b.end()


def xylophone(b: Brush) -> None:
    """A chime with its beater; form drum."""
    if b.form == "drum":
        b.cast(170)
        b.lathe([(400, 176), (636, 170)], b.main, hard=True, bands=[(400, 430, WOOD), (600, 800, WOOD)], mouth=PAPER)
        b.line("M236 440L300 600L364 450L428 606L492 450L560 600", PAPER, 6)
        b.line("M300 380L180 210M500 380L640 220", WOOD, 14)
        b.dot(180, 210, 22, b.accent)
        b.dot(640, 220, 22, b.accent)
        return
    b.turned(-6)
    b.box(130, 330, 560, 22, dark(WOOD, 0.1), 8)
    b.box(150, 470, 520, 22, dark(WOOD, 0.1), 8)
    for index, tone in enumerate((b.main, b.accent, YELLOW, GREEN, BLUE, RED)):
        x, tall = 150 + index * 90, 320 - index * 30
        bar = f"M{x} {412 - tall // 2}h66v{tall}h-66Z"
        b.drop(bar, 9)
        b.solid(bar, tone, 6)
        for y in (342, 480):
            b.dot(x + 32, y, 7, PAPER)
    b.end()
    b.line("M420 680L640 560", WOOD, 14)
    b.dot(418, 682, 26, dark(b.accent, 0.1))


def house(b: Brush) -> None:
    """A dolls' house; form farm is a stable."""
    b.cast(230)
    b.solid("M190 330H610V636H190Z", PAPER if b.form != "farm" else b.main, 10)
    b.solid("M150 340L400 140L650 340Z", b.main if b.form != "farm" else b.accent, 10)
    if b.form == "farm":
        b.box(310, 440, 180, 196, b.accent)
        b.line("M316 446L484 630M484 446L316 630", PAPER, 12)
        b.dot(400, 270, 38, PAPER)
        return
    for x, y in ((236, 376), (476, 376), (476, 510)):
        b.box(x, y, 90, 90, b.accent, 6)
        b.line(f"M{x + 45} {y}v90M{x} {y + 45}h90", PAPER, 6)
    b.box(250, 510, 84, 126, dark(b.main, 0.1), 8)
    b.dot(318, 578, 7, YELLOW)
    b.dot(400, 264, 36, YELLOW)


def skittles(b: Brush) -> None:
    """Nine pins and a ball; form balance stacks shapes on a rocking moon; form figures are little people."""
    b.cast(240)
    if b.form == "balance":
        b.solid("M150 480Q190 640 400 640T650 480Z", b.main, 10)
        for x, y, tone in (
            (250, 400, YELLOW),
            (340, 400, b.accent),
            (430, 400, RED),
            (520, 400, GREEN),
            (300, 316, BLUE),
            (390, 316, YELLOW),
        ):
            b.solid(f"M{x} {y}h80v78h-80Z", tone, 6)
        return
    for index, x in enumerate((200, 310, 420, 530)):
        tone = (b.main, b.accent, GREEN, YELLOW)[index]
        tall = 0 if b.form == "figures" and index % 2 else 50
        b.lathe(
            [(430 - tall, 46), (500 - tall, 60), (636, 62)],
            tone,
            cx=x + 20,
            hard=b.form == "figures",
            bands=[(560, 590, light(tone, 0.6))],
        )
        b.dot(x + 22, 394 - tall, 48, dark(WOOD, 0.12))
        b.dot(x + 18, 390 - tall, 46, light(WOOD, 0.35))
        b.dot(x + 6, 388 - tall, 5, INK)
        b.dot(x + 32, 388 - tall, 5, INK)
        if b.form == "figures":
            b.path(
                f"M{x - 28} {384 - tall}A46 46 0 0 1 {x + 64} {384 - tall}"
                f"Q{x + 18} {350 - tall} {x - 28} {384 - tall}Z",
                tone,
            )
    if b.form != "figures":
        b.dot(660, 600, 42, dark(RED, 0.2))
        b.dot(654, 594, 37, RED)


MOTIFS = {
    "blocks": blocks,
    "rings": rings,
    "top": top,
    "puzzle": puzzle,
    "xylophone": xylophone,
    "house": house,
    "skittles": skittles,
}
FLAT = frozenset({"top.yoyo", "puzzle", "xylophone."})
