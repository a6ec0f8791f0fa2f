"""Load: `wrk` where it is installed, else a small HTTP/1.1 client of our own, both with keep-alive connections.

The client of our own runs as a process beside the servers (`python -m benchmarks.client`, a JSON request on standard
input, a JSON answer on standard output), as `wrk` does. It also does what `wrk` cannot: a body of its own for each
request, and a fixed number of requests per connection.
"""

import asyncio
import json
import math
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from benchmarks.requests import ROOT

UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
GRACE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Load:
    """So many connections that ask for `path` again and again, each waiting for its answer."""

    port: int
    path: str
    connections: int = 32
    seconds: float = 2.0
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    """Any other answer is an error."""


@dataclass(frozen=True, slots=True)
class Orders:
    """A POST with a fresh `Idempotency-Key` each; the bodies are taken in turn."""

    port: int
    path: str
    bodies: Sequence[str]
    connections: int
    seconds: float
    prefix: str
    """Begins every key, so that no two runs share one."""
    tokens: Sequence[str]
    """Access tokens, one for each connection in turn; without any they are guests."""
    status: int = 201


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a load; times in seconds."""

    requests: int
    seconds: float
    errors: int
    p50: float
    p99: float
    mean: float
    p95: float = math.nan
    """Only our own client knows."""
    statuses: Mapping[str, int] = field(default_factory=dict)
    """How often each status was answered; only our own client knows."""

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


def run(load: Load) -> Outcome:
    """Put a load on a server."""
    wrk = shutil.which("wrk")
    # wrk counts only 4xx and 5xx as errors: an answer that must be a 304 is counted by our own client first
    return _with_wrk(wrk, load) if wrk else run_ours(load)


def run_ours(load: Load | Orders, each: int = 0) -> Outcome:
    """Put a load on a server with our own client; `each` is a number of requests per connection, 0 is by time."""
    asked = {"kind": type(load).__name__, "each": each, **asdict(load)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        timeout=load.seconds + GRACE_SECONDS,
        check=True,
    )
    return Outcome(**json.loads(done.stdout))


def _with_wrk(wrk: str, load: Load) -> Outcome:
    options = ["-t", "1", "-c", str(load.connections), "-d", f"{max(round(load.seconds), 1)}s", "--latency"]
    headers = [word for name, value in load.headers.items() for word in ("-H", f"{name}: {value}")]
    done = subprocess.run(  # noqa: S603 - fixed program, our own words
        [wrk, *options, *headers, f"http://127.0.0.1:{load.port}{load.path}"],
        stdout=subprocess.PIPE,
        timeout=load.seconds + GRACE_SECONDS,
        text=True,
        check=True,
    )
    return _read_wrk(done.stdout)


def _read_wrk(text: str) -> Outcome:
    def seconds_after(label: str) -> float:
        found = re.search(rf"{label}\s+([\d.]+)(us|ms|s|m)\b", text)
        return float(found[1]) * UNITS[found[2]] if found else 0.0

    total = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m)\b", text)
    if total is None:
        raise RuntimeError(f"wrk said nothing that can be read:\n{text}")
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    errors = (int(refused[1]) if refused else 0) + (sum(map(int, sockets.groups())) if sockets else 0)
    mean = seconds_after("Latency")
    return Outcome(
        int(total[1]), float(total[2]) * UNITS[total[3]], errors, seconds_after("50%"), seconds_after("99%"), mean
    )


class _Connection(asyncio.Protocol):
    """One keep-alive connection that has at most one request under way."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[int] | None = None
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # TCP's transport is a Transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("closed by the server"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or self._waiting is None:
            return
        length = _content_length(head)
        if len(body) >= length:
            self._received = body[length:]
            self._waiting.set_result(int(head[9:12]))

    async def ask(self, request: bytes) -> int:
        """Send a request; return the status of its answer once all of it is there."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("closed by the server")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.find(b"content-length:")
    if start < 0:
        return 0
    end = lowered.find(b"\r\n", start)
    return int(lowered[start + 15 : end if end >= 0 else None])


@dataclass(slots=True)
class _Tally:
    times: list[float] = field(default_factory=list)
    errors: int = 0
    statuses: Counter[str] = field(default_factory=Counter)


def _requests(load: Load | Orders) -> "tuple[bytes, Sequence[bytes]]":
    """Return the head of every request and the bodies that follow in turn."""
    if isinstance(load, Load):
        lines = [f"GET {load.path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in load.headers.items())]
        return "\r\n".join([*lines, "", ""]).encode(), ()
    lines = [f"POST {load.path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    bodies = [f"Content-Length: {len(body)}\r\n\r\n{body}".encode() for body in load.bodies]
    return "\r\n".join([*lines, ""]).encode(), bodies


async def _drive(load: Load | Orders, each: int, number: int, deadline: float, tally: _Tally) -> None:
    loop = asyncio.get_running_loop()
    head, bodies = _requests(load)
    try:
        _, connection = await loop.create_connection(_Connection, "127.0.0.1", load.port)
    except OSError:
        tally.errors += 1
        return
    turn = 0
    try:
        while turn < each if each else time.perf_counter() < deadline:
            request = head
            if isinstance(load, Orders):
                who = f"Authorization: Bearer {load.tokens[number % len(load.tokens)]}\r\n" if load.tokens else ""
                own = f"{who}Idempotency-Key: {load.prefix}-{number}-{turn}\r\n"
                request = head + own.encode() + bodies[(turn * load.connections + number) % len(bodies)]
            begun = time.perf_counter()
            status = await connection.ask(request)
            tally.times.append(time.perf_counter() - begun)
            tally.errors += status != load.status
            tally.statuses[str(status)] += 1
            turn += 1
    except OSError:
        tally.errors += 1
    finally:
        connection.close()


async def _load(load: Load | Orders, each: int) -> Outcome:
    tally, begun = _Tally(), time.perf_counter()
    deadline = begun + load.seconds
    await asyncio.gather(*(_drive(load, each, number, deadline, tally) for number in range(load.connections)))
    seconds = time.perf_counter() - begun
    times = sorted(tally.times) or [0.0]
    return Outcome(
        requests=len(tally.times),
        seconds=seconds,
        errors=tally.errors,
        p50=times[len(times) // 2],
        p99=times[min(len(times) * 99 // 100, len(times) - 1)],
        p95=times[min(len(times) * 95 // 100, len(times) - 1)],
        mean=sum(times) / len(times),
        statuses=dict(tally.statuses),
    )


def main() -> None:
    """Read a load from standard input, run it, write what became of it."""
    import uvloop  # noqa: PLC0415 - only the process that drives the load needs it

    asked = json.load(sys.stdin)
    each, kind = asked.pop("each"), {"Load": Load, "Orders": Orders}[asked.pop("kind")]
    outcome = uvloop.run(_load(kind(**asked), each))
    json.dump(asdict(outcome), sys.stdout)


if __name__ == "__main__":
    main()
