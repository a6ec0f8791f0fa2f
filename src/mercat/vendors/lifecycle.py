"""The life cycle of a vendor, as one table."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The status of a vendor."""

    applied = "applied"
    active = "active"
    rejected = "rejected"
    suspended = "suspended"


WORKING = (Status.active.value, Status.suspended.value)
"""Its members have a vendor portal: a suspended vendor sells nothing and still ships what was sold."""


class Decision(StrEnum):
    """What operators decide about a vendor."""

    approve = "approve"
    reject = "reject"
    suspend = "suspend"
    reinstate = "reinstate"


@dataclass(frozen=True, slots=True)
class Step:
    """The transition of a decision; `action` is its name in the audit log."""

    origin: Status
    target: Status
    action: str


STEPS: dict[Decision, Step] = {
    Decision.approve: Step(Status.applied, Status.active, "vendor.approved"),
    Decision.reject: Step(Status.applied, Status.rejected, "vendor.rejected"),
    Decision.suspend: Step(Status.active, Status.suspended, "vendor.suspended"),
    Decision.reinstate: Step(Status.suspended, Status.active, "vendor.reinstated"),
}
