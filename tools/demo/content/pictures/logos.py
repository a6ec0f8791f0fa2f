"""The shops' signs: one simple mark each, on a round ground in the shop's ink."""

from collections.abc import Callable

from content.pictures.brush import Brush, light
from content.shapes import PictureSpec, Shop


def _pot(b: Brush) -> None:
    b.path("M300 250H500Q486 300 530 360Q600 470 520 570H280Q200 470 270 360Q314 300 300 250Z", b.main)
    b.line("M226 440Q284 400 342 440T458 440T574 440", b.ground, 18)
    b.line("M236 496Q290 460 344 496T456 496T564 496", b.ground, 12)
    b.box(280, 226, 240, 30, b.accent, 15)


def _spokes(b: Brush) -> None:
    b.ring(400, 400, 190, b.main, 30)
    b.line("M400 230V570M253 315L547 485M253 485L547 315", b.main, 12)
    b.path("M300 380H520L560 350H590L560 410Q510 440 470 440V470H500V500H330V470H360V440Q310 430 300 380Z", b.accent)


def _book(b: Brush) -> None:
    b.path("M400 280Q310 220 210 250V540Q310 510 400 570Z", b.main)
    b.path("M400 280Q490 220 590 250V540Q490 510 400 570Z", light(b.main, 0.35))
    b.line("M400 300V560", b.accent, 14, dash="26 34")
    b.line("M400 560Q460 640 560 590", b.accent, 10)


def _lantern(b: Brush) -> None:
    b.line("M330 300Q330 190 400 190T470 300", b.main, 20)
    b.path("M290 300H510L540 560H260Z", b.main)
    b.ellipse(400, 430, 62, 88, b.accent)
    b.line("M372 500Q360 440 400 430T428 360", b.ground, 14)
    b.box(246, 556, 308, 40, b.main, 16)


def _hills(b: Brush) -> None:
    b.dot(490, 300, 66, b.accent)
    b.path("M190 540L340 290L440 450L500 370L610 540Z", b.main)
    for y in (570, 606):
        b.line(f"M220 {y}q30 -28 60 0t60 0t60 0t60 0t60 0t60 0", b.main, 14)
    b.path("M340 290L380 356Q350 384 330 356Q310 380 296 362Z", b.ground)


def _gable(b: Brush) -> None:
    b.line("M210 430L400 250L590 430", b.main, 34)
    b.line("M400 590V400", b.main, 20)
    b.path("M400 480Q280 480 270 370Q390 370 400 480Z", b.accent)
    b.path("M400 540Q520 540 530 430Q410 430 400 540Z", light(b.accent, 0.3))
    b.line("M270 600H530", b.main, 24)


def _dome(b: Brush) -> None:
    b.line("M400 180V290", b.main, 16)
    b.path("M210 460Q220 290 400 284T590 460Z", b.main)
    b.path("M340 460A60 60 0 0 0 460 460Z", b.accent)
    b.line("M290 530L260 590M400 550V620M510 530L540 590", b.accent, 18)


def _horse(b: Brush) -> None:
    b.line("M210 540Q400 660 590 540", b.main, 30)
    b.line("M330 440L306 570M470 440L494 570", b.main, 34)
    b.path("M290 370Q400 400 480 360L530 230L600 290L570 330L540 316L528 440Q500 480 400 470T290 440Z", b.main)
    b.line("M520 240Q470 290 484 356", b.accent, 24)
    b.line("M292 380Q230 410 246 470", b.accent, 20)


_MARKS: dict[str, Callable[[Brush], None]] = {
    "saltmarsh-pottery": _pot,
    "spoke-and-anvil": _spokes,
    "quire-and-thread": _book,
    "lantern-street-roasters": _lantern,
    "fell-and-fjord": _hills,
    "green-gable-nursery": _gable,
    "dimmet-lightworks": _dome,
    "jumble-hill-toys": _horse,
}


def logo(shop: Shop) -> str:
    """Return the shop's sign as an SVG document of 800 by 800, round on a transparent ground."""
    palette = shop.palette
    b = Brush(
        PictureSpec("logo", shop.slug, light(palette.grounds[0], 0.4), light(palette.accent, 0.15), palette.ink, 0)
    )
    b.dot(400, 400, 392, palette.ink)
    b.ring(400, 400, 356, light(palette.ink, 0.3), 6)
    _MARKS[shop.slug](b)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800">{b.svg()}</svg>'
