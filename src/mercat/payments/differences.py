"""Findings of a reconciliation with providers and books, whatever is compared."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between both sides. `repaired`: it is settled now."""

    kind: str
    about: str
    ours: str
    theirs: str
    repaired: bool = False


@dataclass(slots=True)
class Findings:
    """What was found."""

    differences: list[Difference] = field(default_factory=list)
    away: list[str] = field(default_factory=list)
    """Providers that did not answer."""
    not_set_up: list[str] = field(default_factory=list)
    """Providers that cannot be called, since their settings are missing."""

    @property
    def open(self) -> list[Difference]:
        """What is left to a person."""
        return [difference for difference in self.differences if not difference.repaired]
