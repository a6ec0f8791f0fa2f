"""The life of a shop, as one table."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a shop stands."""

    applied = "applied"
    active = "active"
    rejected = "rejected"
    suspended = "suspended"


WORKING = (Status.active.value, Status.suspended.value)
"""Its people have a desk: a suspended shop sells nothing and still ships what was sold."""


class Decision(StrEnum):
    """What operators decide about a shop."""

    approve = "approve"
    reject = "reject"
    suspend = "suspend"
    reinstate = "reinstate"


@dataclass(frozen=True, slots=True)
class Step:
    """From where to where a decision leads; `action` is its name in the audit log."""

    origin: Status
    target: Status
    action: str


STEPS: dict[Decision, Step] = {
    Decision.approve: Step(Status.applied, Status.active, "vendor.approved"),
    Decision.reject: Step(Status.applied, Status.rejected, "vendor.rejected"),
    Decision.suspend: Step(Status.active, Status.suspended, "vendor.suspended"),
    Decision.reinstate: Step(Status.suspended, Status.active, "vendor.reinstated"),
}
