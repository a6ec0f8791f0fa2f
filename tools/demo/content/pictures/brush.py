"""The hand that draws: flat colour, light from the upper left, shade to the lower right, on an 800 by 800 sheet.

Every motif is drawn with these few strokes, which is what makes two hundred pictures look like one shop.
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

from content.shapes import PictureSpec

SIZE = 800
FLOOR = 640
"""Where standing things touch the table."""

Profile = Sequence[tuple[float, float]]
"""Half the width of a turned body at each height, from top to bottom: `(y, half_width)`."""

Band = tuple[float, float, str]
"""From a height to a height in a colour."""

WOOD = "#c99a66"
STEEL = "#c9ccca"
BRASS = "#cfa24e"
PAPER = "#faf5ea"
INK = "#3b3634"
LEATHER = "#9c6240"


def mix(one: str, other: str, share: float) -> str:
    """Return `one` with `share` (0..1) of `other` in it."""
    parts = (round(int(one[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def dark(colour: str, share: float = 0.18) -> str:
    """Return the colour in shade: towards a warm brown, never grey."""
    return mix(colour, "#2e1f1c", share)


def light(colour: str, share: float = 0.35) -> str:
    """Return the colour in light: towards a warm white."""
    return mix(colour, "#fffaf0", share)


def number(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def smooth(points: Sequence[tuple[float, float]]) -> str:
    """Return Bézier segments through the points (Catmull-Rom), to follow a move to the first."""
    padded = [points[0], *points, points[-1]]
    segments = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        handles = (bx + (cx - ax) / 6, by + (cy - ay) / 6, cx - (dx - bx) / 6, cy - (dy - by) / 6, cx, cy)
        segments.append("C" + " ".join(number(value) for value in handles))
    return "".join(segments)


def straight(points: Sequence[tuple[float, float]]) -> str:
    """Return line segments through the points, to follow a move to the first."""
    return "".join(f"L{number(x)} {number(y)}" for x, y in points[1:])


class Brush:
    """Collects strokes for one picture and knows its colours."""

    def __init__(self, spec: PictureSpec) -> None:
        self.form = spec.form
        self.main = spec.main
        self.accent = spec.accent
        self.ground = spec.ground
        # several pictures may be inlined in one page: their clip paths must not answer to the same names
        self._key = f"m{crc32(repr(spec).encode()):x}"
        self._clips = 0
        self._strokes: list[str] = []

    def svg(self) -> str:
        """Return the strokes so far."""
        return "".join(self._strokes)

    def raw(self, markup: str) -> None:
        """Add markup as it is."""
        self._strokes.append(markup)

    def path(self, d: str, fill: str, o: float = 1, turn: str = "") -> None:
        """Fill an outline; `o` is its opacity, `turn` an SVG transform."""
        self.raw(f'<path d="{d}" fill="{fill}"{_opacity(o)}{_transform(turn)}/>')

    def line(self, d: str, colour: str, width: float = 6, o: float = 1, dash: str = "") -> None:
        """Follow a path with a round pen."""
        self.raw(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{number(width)}" stroke-linecap="round"'
            f' stroke-linejoin="round"{_dashes(dash)}{_opacity(o)}/>'
        )

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, fill: str, o: float = 1) -> None:
        """Fill an ellipse."""
        self.raw(
            f'<ellipse cx="{number(cx)}" cy="{number(cy)}" rx="{number(rx)}" ry="{number(ry)}" fill="{fill}"'
            f"{_opacity(o)}/>"
        )

    def dot(self, cx: float, cy: float, r: float, fill: str, o: float = 1) -> None:
        """Fill a circle."""
        self.raw(f'<circle cx="{number(cx)}" cy="{number(cy)}" r="{number(r)}" fill="{fill}"{_opacity(o)}/>')

    def ring(self, cx: float, cy: float, r: float, colour: str, width: float, *, dash: str = "") -> None:
        """Draw a circle's line."""
        self.raw(
            f'<circle cx="{number(cx)}" cy="{number(cy)}" r="{number(r)}" fill="none" stroke="{colour}"'
            f' stroke-width="{number(width)}"{_dashes(dash)}/>'
        )

    def oval(self, cy: float, rx: float, ry: float, colour: str, width: float, *, dash: str = "") -> None:
        """Draw an ellipse's line about the sheet's middle axis."""
        self.raw(
            f'<ellipse cx="400" cy="{number(cy)}" rx="{number(rx)}" ry="{number(ry)}" fill="none" stroke="{colour}"'
            f' stroke-width="{number(width)}"{_dashes(dash)}/>'
        )

    def box(self, x: float, y: float, w: float, h: float, fill: str, r: float = 0, *, o: float = 1) -> None:  # noqa: PLR0913 - a rectangle's own numbers, in SVG's order
        """Fill a rectangle with rounded corners."""
        self.raw(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}"'
            f'{f" rx={chr(34)}{number(r)}{chr(34)}" if r else ""} fill="{fill}"{_opacity(o)}/>'
        )

    def begin(self, d: str, fill: str) -> None:
        """Fill an outline and keep what follows inside it, until `end`."""
        self._clips += 1
        key = f"{self._key}{self._clips}"
        self.raw(f'<clipPath id="{key}"><path d="{d}"/></clipPath><g clip-path="url(#{key})">')
        self.box(-SIZE, -SIZE, SIZE * 3, SIZE * 3, fill)  # moved groups have their origin elsewhere

    def end(self) -> None:
        """Leave the outline of the last `begin`, or the group of the last `turned`."""
        self.raw("</g>")

    def turned(self, degrees: float, cx: float = 400, cy: float = 400) -> None:
        """Draw what follows turned about a point, until `end`."""
        self.raw(f'<g transform="rotate({number(degrees)} {number(cx)} {number(cy)})">')

    def solid(self, d: str, fill: str, depth: float = 14) -> None:
        """Fill an outline whose lower right edge lies in shade."""
        self.begin(d, dark(fill, 0.22))
        self.path(d, fill, turn=f"translate(-{number(depth)} -{number(depth * 0.8)})")
        self.end()

    def cast(self, rx: float, cx: float = 400, y: float = FLOOR) -> None:
        """Lay the shadow of a standing thing on the table, away from the light."""
        shade = dark(self.ground, 0.75)
        self.ellipse(cx + rx * 0.32, y + 2, rx * 1.25, max(16, rx * 0.16), shade, 0.1)
        self.ellipse(cx + rx * 0.1, y, rx * 1.03, max(10, rx * 0.11), shade, 0.2)

    def drop(self, d: str, by: float = 16) -> None:
        """Lay the shadow of a thing seen from above."""
        shade = dark(self.ground, 0.75)
        self.path(d, shade, 0.09, f"translate({number(by * 1.7)} {number(by * 1.9)})")
        self.path(d, shade, 0.17, f"translate({number(by * 0.7)} {number(by * 0.8)})")

    def lathe(
        self,
        profile: Profile,
        fill: str,
        *,
        cx: float = 400,
        bands: Iterable[Band] = (),
        mouth: str = "",
        hard: bool = False,
    ) -> None:
        """Draw a body turned on a wheel: outline, bands, roundness, and with `mouth` its opening in that colour."""
        follow = straight if hard else smooth
        right = [(cx + half, y) for y, half in profile]
        left = [(cx - half, y) for y, half in reversed(profile)]
        (top, top_half), (bottom, bottom_half) = profile[0], profile[-1]
        self.begin(
            f"M{number(right[0][0])} {number(top)}{follow(right)}"
            f"Q{number(cx)} {number(bottom + bottom_half * 0.28)} {number(left[0][0])} {number(bottom)}{follow(left)}Z",
            fill,
        )
        for band in bands:
            self._band(cx, band)
        for inner, strength in ((0.3, 0.1), (0.7, 0.13)):
            edge = [(cx + half * inner, y) for y, half in reversed(profile)]
            start = number(edge[0][0])
            self.path(
                f"M800 {number(top)}V{number(bottom + 40)}H{start}L{start} {number(bottom)}{follow(edge)}Z",
                "#2e1f1c",
                strength,
            )
        self.end()
        reach = bottom - top
        glint = [(cx - half * 0.74, y) for y, half in profile if top + reach * 0.08 <= y <= top + reach * 0.9]
        if len(glint) > 1:
            self.line(f"M{number(glint[0][0])} {number(glint[0][1])}{follow(glint)}", "#fffaf0", 9, 0.32)
        if mouth:
            self.ellipse(cx, top, top_half, top_half * 0.16, light(fill, 0.25))
            self.ellipse(cx, top + 2, top_half * 0.9, top_half * 0.125, mouth)

    def _band(self, cx: float, band: Band) -> None:
        """Paint round a body; the clip of its outline cuts the ends off."""
        start, stop, colour = band
        near, far = number(cx - 250), number(cx + 250)
        self.path(
            f"M0 {number(start)}H{near}Q{number(cx)} {number(start + 56)} {far} {number(start)}"
            f"V{number(stop)}Q{number(cx)} {number(stop + 56)} {near} {number(stop)}H0Z",
            colour,
        )


def _dashes(pattern: str) -> str:
    return f' stroke-dasharray="{pattern}"' if pattern else ""


def _opacity(share: float) -> str:
    return "" if share == 1 else f' opacity="{share:g}"'


def _transform(turn: str) -> str:
    return f' transform="{turn}"' if turn else ""
