"""What is kept, and how it is written."""

import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson

from mercat.kit.database import Reads

COMPRESSED_FROM = 1024
"""Bytes from which a body is compressed in Redis."""
MAGIC = b"m1"
"""The format; a value that does not begin so is not read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A public answer: the body, and what else its headers say."""

    body: bytes
    status: int = 200
    etag: str = ""
    location: str = ""
    proof: bytes = b""
    """The state of the witness in the very snapshot that the body was read from; empty if generations prove it."""


Load = Callable[[Reads], Awaitable[Answer | bytes]]
"""Computes an answer, or the body of one, by reading here and nowhere else; knows nothing of who asks."""


def dump(answer: Answer, fresh_until: float) -> bytes:
    """Write an answer and the moment (Unix time) until which it is fresh."""
    packed = len(answer.body) >= COMPRESSED_FROM
    body = zlib.compress(answer.body, 1) if packed else answer.body
    head = [answer.status, answer.etag, answer.location, answer.proof.hex(), fresh_until, packed, len(answer.body)]
    return b"%b%b\n%b" % (MAGIC, orjson.dumps(head), body)


def load(value: bytes) -> tuple[Answer, float] | None:
    """Read what `dump` wrote; None if it is anything else, or was cut off."""
    head, end, body = value.partition(b"\n")
    if not end or not head.startswith(MAGIC):
        return None
    try:
        status, etag, location, proof, fresh_until, packed, size = orjson.loads(head[len(MAGIC) :])
        if packed:
            unpacker = zlib.decompressobj()
            body = unpacker.decompress(body, size + 1)
            if not unpacker.eof or unpacker.unused_data:
                return None
        answer = Answer(body, status, etag, location, bytes.fromhex(proof))
    except (ValueError, TypeError, zlib.error):
        return None
    return (answer, float(fresh_until)) if len(body) == size else None
