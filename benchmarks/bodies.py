"""What large and hostile bodies cost everybody else: six senders who never pause, beside readers of lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from statistics import median

from benchmarks.background import Background
from benchmarks.bench import ROUNDS, Bench
from benchmarks.client import Load, Outcome, run_ours
from benchmarks.figures import Figure, at_most
from benchmarks.requests import KNOWN, LIST

MOVED = 2.0
LARGEST, ORDINARY, SIGNED = 1_048_576, 65_536, 262_144
"""What the product takes on routes for much, on all others, and from providers."""
CART, PRODUCTS, WEBHOOK = "/api/v1/cart/add", "/api/v1/products", "/api/v1/payments/webhooks/stripe"
SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Hostile:
    """A request of somebody unknown, and how it is refused."""

    path: str
    body: bytes
    statuses: tuple[int, ...]
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    def send(self, connection: HTTPConnection) -> bool:
        """Send it once; it always counts.

        Raises:
            RuntimeError: it was answered otherwise.
        """
        connection.request("POST", self.path, self.body, self.headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in self.statuses:
            raise RuntimeError(f"{len(self.body)} bytes for {self.path} were answered {answer.status}")
        return True


def _filled(size: int, first: bytes, part: bytes, last: bytes) -> bytes:
    """Return as many parts as fit into a body of this size."""
    return first + part * ((size - len(first) - len(last)) // len(part)) + last


MALFORMED, DENIED = (HTTPStatus.BAD_REQUEST,), (HTTPStatus.UNAUTHORIZED,)
SENDERS = (
    # 350,000 lists; texts that are nothing but escapes; as many values as are allowed; as long a text as is allowed
    Hostile(PRODUCTS, _filled(LARGEST, b"[[]", b",[]", b"]"), MALFORMED),
    Hostile(PRODUCTS, _filled(LARGEST, b'{"name":"', b"\\\\\\u00e4", b'"}'), DENIED),
    Hostile(PRODUCTS, _filled(LARGEST, b'{"tags":["x"', b',"%s"' % (b"x" * 55), b"]}"), DENIED),
    Hostile(CART, _filled(LARGEST, b'{"a":"', b"x", b'"}'), (HTTPStatus.REQUEST_ENTITY_TOO_LARGE,)),
    Hostile(CART, _filled(ORDINARY, b"[{}", b",{}", b"]"), MALFORMED),
    Hostile(WEBHOOK, _filled(SIGNED, b"[[]", b",[]", b"]"), (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)),
)


def figures(bench: Bench) -> list[Figure]:
    """Measure lists without and with the senders, in turn."""
    bench.say(f"measuring: {len(SENDERS)} senders of large bodies")
    _product_pages(bench)  # connections made, statements prepared
    alone, beside, rates = [], [], []
    for _ in range(ROUNDS):
        alone.append(_product_pages(bench))
        with Background(bench.product.port, [hostile.send for hostile in SENDERS]) as senders:
            beside.append(_product_pages(bench))
        rates.append(senders.rate)
    moved = median(b.p95 / a.p95 for a, b in zip(alone, beside, strict=True))
    p95 = [median(outcome.p95 for outcome in side) * 1e3 for side in (beside, alone)]
    return [
        at_most(
            f"p95 of lists beside {len(SENDERS)} senders of large bodies",
            moved,
            MOVED,
            "x",
            details=f"{p95[0]:.0f} ms against {p95[1]:.0f} ms without, 32 connections; {median(rates):,.0f} bodies/s",
            values={"moved": moved, "bodies_per_second": median(rates)},
        )
    ]


def _product_pages(bench: Bench) -> Outcome:
    outcome = run_ours(Load(bench.product.port, LIST, seconds=max(bench.seconds, SECONDS), headers=KNOWN))
    if outcome.errors:
        raise RuntimeError(f"{outcome.errors} lists were not answered")
    return outcome
