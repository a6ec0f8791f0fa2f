"""The writing desk: pens, ink, letters, papers and the binder's own tools."""

from content.pictures.brush import BRASS, INK, PAPER, STEEL, WOOD, Brush, dark, light, mix


def pen(b: Brush) -> None:
    """Forms: fountain, dip, brush, set of pencils, eraser; else a ballpoint."""
    if b.form == "set":
        _pencils(b)
        return
    b.turned(-42)
    barrel = "M150 374H560Q590 374 600 388V412Q590 426 560 426H150Q132 426 132 400T150 374Z"
    b.drop("M132 374H600L680 400L600 426H132Z", 12)
    if b.form == "dip":
        b.path("M590 388L650 384L716 400L650 416L590 412Z", BRASS)
        b.line("M640 400H712", dark(BRASS, 0.4), 3)
        b.solid("M110 400Q300 366 540 376L600 386V414L540 424Q300 434 110 400Z", b.main, 8)
    elif b.form == "brush":
        b.path("M596 384Q660 372 730 408Q650 424 596 416Z", INK)
        b.solid(barrel, b.main, 8)
        b.box(548, 374, 48, 52, BRASS)
    else:
        if b.form == "fountain":
            b.path("M596 380L650 386L712 400L650 414L596 420Z", BRASS)
            b.line("M642 400H706", dark(BRASS, 0.45), 3)
            b.dot(644, 400, 6, dark(BRASS, 0.45))
        else:
            b.path("M596 384L668 398V402L596 416Z", STEEL)
        b.solid(barrel, b.main, 8)
        b.path("M150 374H330V426H150Q132 426 132 400T150 374Z", b.accent)
        b.box(330, 372, 14, 56, BRASS)
        b.box(170, 356, 150, 12, BRASS, 6)
    b.line("M170 388H540", "#fffaf0", 6, 0.35)
    b.end()


def _pencils(b: Brush) -> None:
    for index, tone in enumerate((b.main, b.accent, light(b.main, 0.45), dark(b.main, 0.3), light(b.accent, 0.4))):
        x = 210 + index * 80
        shape = f"M{x} 660V270L{x + 28} 180L{x + 56} 270V660Z"
        b.drop(shape, 9)
        b.begin(shape, tone)
        b.box(x, 160, 56, 108, "#ecd3a8")
        b.box(x, 160, 56, 46, tone)
        b.path(f"M{x + 38} 270H{x + 56}V660H{x + 38}Z", "#2e1f1c", 0.16)
        b.path(f"M{x} 270H{x + 16}V660H{x}Z", "#fffaf0", 0.2)
        b.end()


def inkbottle(b: Brush) -> None:
    """A square bottle of ink in the main colour; form round."""
    b.cast(140)
    if b.form == "round":
        b.lathe(
            [(440, 60), (470, 64), (500, 140), (600, 150), (636, 130)],
            mix(b.main, "#dfe9e8", 0.15),
            bands=[(540, 590, PAPER)],
        )
        b.lathe([(390, 66), (446, 66)], b.accent, hard=True)
        b.ellipse(400, 390, 66, 11, light(b.accent, 0.2))
        return
    b.box(270, 430, 260, 206, "#dbe4e3", 22)
    b.box(284, 470, 232, 154, b.main, 14)
    b.box(470, 430, 60, 206, "#2e1f1c", 22, o=0.14)
    b.box(292, 446, 10, 160, "#fffaf0", 5, o=0.6)
    b.box(320, 510, 140, 76, PAPER, 4)
    b.path("M390 520q22 30 0 46q-22 -16 0 -46Z", b.main)
    b.lathe([(400, 60), (432, 64)], "#dbe4e3", hard=True)
    b.lathe([(340, 72), (404, 72)], b.accent, hard=True)
    b.ellipse(400, 340, 72, 12, light(b.accent, 0.25))


def envelope(b: Brush) -> None:
    """A letter with a wax seal; form card shows a drawn card on it."""
    b.turned(-7)
    back = "M150 250H650V580H150Z"
    b.drop(back)
    b.solid(back, b.main, 6)
    b.path("M150 580L340 410H460L650 580Z", light(b.main, 0.25))
    b.path("M150 250L400 450L650 250Z", dark(b.main, 0.08))
    b.path("M150 244L400 440L650 244Z", light(b.main, 0.12))
    b.dot(404, 440, 48, dark(b.accent, 0.3))
    b.dot(400, 434, 46, b.accent)
    b.ring(400, 434, 31, light(b.accent, 0.25), 5)
    b.end()
    if b.form == "card":
        b.turned(9, 470, 480)
        card = "M350 330H680V570H350Z"
        b.drop(card)
        b.path(card, PAPER)
        b.line(
            "M420 540Q460 440 470 390M452 470Q400 450 400 420Q450 420 458 456M462 436Q520 420 524 386Q474 386 466 420",
            b.accent,
            7,
        )
        b.line("M560 420H640M560 450H640M560 480H610", dark(PAPER, 0.25), 6)
        b.end()


def seal(b: Brush) -> None:
    """A brass seal and a stick of wax."""
    wax = "M180 520L480 640L468 672L168 552Z"
    b.drop(wax, 10)
    b.solid(wax, b.main, 6)
    b.dot(556, 560, 74, dark(b.main, 0.3))
    b.dot(550, 552, 72, b.main)
    b.ring(550, 552, 50, light(b.main, 0.3), 6)
    b.turned(35, 360, 330)
    handle = "M330 130Q360 96 390 130L402 300Q360 330 318 300Z"
    b.drop("M318 120H402V470H318Z")
    b.solid("M310 300H410V440H310Z", BRASS, 12)
    b.solid("M296 430H424V470H296Z", BRASS, 10)
    b.solid(handle, b.accent, 12)
    b.end()


def sheets(b: Brush) -> None:
    """A fan of marbled or coloured papers; form roll is wrapping paper, tied."""
    if b.form == "roll":
        for y, tone, accent in ((300, b.main, b.accent), (470, b.accent, b.main)):
            b.turned(-24)
            roll = f"M120 {y}H680V{y + 110}H120Z"
            b.drop(roll)
            b.begin(roll, tone)
            for x in range(110, 700, 64):
                b.path(f"M{x} {y}l40 110h14l-40 -110Z", light(accent, 0.2), 0.8)
            b.box(100, y + 76, 700, 40, "#2e1f1c", o=0.16)
            b.box(380, y, 26, 110, PAPER)
            b.end()
            b.ellipse(680, y + 55, 18, 55, dark(tone, 0.3))
            b.end()
        return
    for turn, tone, swirl in ((-18, b.accent, b.main), (-2, PAPER, b.accent), (15, b.main, light(b.accent, 0.4))):
        b.turned(turn, 400, 560)
        sheet = "M230 170H570V640H230Z"
        b.drop(sheet, 8)
        b.begin(sheet, tone)
        for y in range(150, 660, 150):
            b.line(f"M210 {y}q60 70 110 10t110 30t140 -30", swirl, 14, 0.75)
            b.line(f"M210 {y + 74}q50 46 100 6t120 24t150 -30", light(swirl, 0.5), 9, 0.75)
        b.end()
        b.end()


def tools(b: Brush) -> None:
    """A binder's tools: bone folder, awl and thread; form knife is a letter opener."""
    if b.form == "knife":
        b.turned(-40)
        b.drop("M120 376H690V424H120Z", 10)
        b.solid("M330 382H600L700 400L600 420H330Z", BRASS, 8)
        b.solid("M110 400Q110 372 140 372H330V428H140Q110 428 110 400Z", b.main, 8)
        b.end()
        return
    fold = "M180 210Q210 170 250 210V560Q215 640 180 560Z"
    b.drop(fold)
    b.solid(fold, "#efe6d2", 8)
    b.drop("M340 380H400V620H340Z")
    b.line("M370 180V390", dark(STEEL, 0.2), 10)
    b.solid("M344 390Q370 370 396 390L404 600Q370 640 336 600Z", b.accent, 8)
    b.drop("M470 400H640V600H470Z")
    b.box(470, 380, 170, 30, WOOD, 8)
    b.box(486, 410, 138, 160, b.main)
    for y in range(424, 570, 22):
        b.line(f"M488 {y + 8}L622 {y - 4}", light(b.main), 5, 0.6)
    b.box(590, 410, 34, 160, "#2e1f1c", o=0.15)
    b.box(470, 570, 170, 30, WOOD, 8)
    b.line("M486 424C440 330 560 300 600 220", b.main, 5)


MOTIFS = {
    "pen": pen,
    "inkbottle": inkbottle,
    "envelope": envelope,
    "seal": seal,
    "sheets": sheets,
    "bindery": tools,
}
FLAT = frozenset({"pen", "envelope", "seal", "sheets", "bindery"})
