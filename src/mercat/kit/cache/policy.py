"""How answers are cached."""

from dataclasses import dataclass

from mercat.kit.cache.witnesses import Read


@dataclass(frozen=True, slots=True)
class Policy:
    """How an answer is cached."""

    name: str
    tags: tuple[str, ...]
    """What it shows; a change of any of these makes it another answer."""
    seconds: float | None = None
    """Lifetime; None is the setting's. It bounds nothing but what is forgotten: changes show at once."""
    stale_seconds: float = 0
    """How long after its lifetime it is served while one renews it; only if nothing that it shows has changed."""
    missing_seconds: float = 5
    """Lifetime of what says that there is nothing; 0 is not at all."""
    read: Read | None = None
    """Reads the states of single things that prove an answer instead of generations; the load returns such a proof."""

    @property
    def key(self) -> str:
        """What the witness of generations is asked for."""
        return " ".join(self.tags)
