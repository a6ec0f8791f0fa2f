"""Events of vendors and their members."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class VendorApplied(DomainEvent):
    """A vendor has applied."""

    name: ClassVar[str] = "vendors.applied"
    vendor_id: UUID


class VendorApproved(DomainEvent):
    """A vendor may sell."""

    name: ClassVar[str] = "vendors.approved"
    vendor_id: UUID


class VendorRejected(DomainEvent):
    """The application was rejected; `reason` is what its applicant is told."""

    name: ClassVar[str] = "vendors.rejected"
    vendor_id: UUID
    reason: str


class VendorSuspended(DomainEvent):
    """A vendor is suspended; `reason` is what its owners are told."""

    name: ClassVar[str] = "vendors.suspended"
    vendor_id: UUID
    reason: str


class VendorReinstated(DomainEvent):
    """A suspended vendor sells again."""

    name: ClassVar[str] = "vendors.reinstated"
    vendor_id: UUID


class MemberInvited(DomainEvent):
    """A person is invited to work for a vendor, by the link of this token."""

    name: ClassVar[str] = "vendors.member_invited"
    vendor_id: UUID
    invitation_id: UUID
    token_id: UUID


class MemberJoined(DomainEvent):
    """A person works for a vendor from now on."""

    name: ClassVar[str] = "vendors.member_joined"
    vendor_id: UUID
    user_id: UUID


class MemberLeft(DomainEvent):
    """A person does not work for a vendor any more; they left or were removed."""

    name: ClassVar[str] = "vendors.member_left"
    vendor_id: UUID
    user_id: UUID
