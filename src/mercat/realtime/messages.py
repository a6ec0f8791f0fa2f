"""What is said to whom."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

Body = Mapping[str, str | int | bool | list[str] | None]


@dataclass(frozen=True, slots=True)
class Message:
    """A body for everybody who listens to one of these topics; who listens to several gets it once."""

    topics: tuple[str, ...]
    body: Body

    def to_wire(self, speaker: str) -> bytes:
        """Write it for other processes, with who says it."""
        return orjson.dumps([speaker, self.topics, self.body])


def from_wire(data: bytes) -> tuple[str, Message]:
    """Read what another process says, and which one it is."""
    speaker, topics, body = orjson.loads(data)
    return speaker, Message(tuple(topics), body)
