"""What happened to shops and their people."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class VendorApplied(DomainEvent):
    """Somebody asks for a shop."""

    name: ClassVar[str] = "vendors.applied"
    vendor_id: UUID


class VendorApproved(DomainEvent):
    """A shop may sell."""

    name: ClassVar[str] = "vendors.approved"
    vendor_id: UUID


class VendorRejected(DomainEvent):
    """There will be no such shop; `reason` is what its applicant is told."""

    name: ClassVar[str] = "vendors.rejected"
    vendor_id: UUID
    reason: str


class VendorSuspended(DomainEvent):
    """A shop sells nothing for the time being; `reason` is what its owners are told."""

    name: ClassVar[str] = "vendors.suspended"
    vendor_id: UUID
    reason: str


class VendorReinstated(DomainEvent):
    """A shop that was suspended sells again."""

    name: ClassVar[str] = "vendors.reinstated"
    vendor_id: UUID


class MemberInvited(DomainEvent):
    """Somebody is asked to work for a shop, by the link that stands for this token."""

    name: ClassVar[str] = "vendors.member_invited"
    vendor_id: UUID
    invitation_id: UUID
    token_id: UUID


class MemberJoined(DomainEvent):
    """Somebody works for a shop from now on."""

    name: ClassVar[str] = "vendors.member_joined"
    vendor_id: UUID
    user_id: UUID


class MemberLeft(DomainEvent):
    """Somebody works for a shop no more, by their own will or another's."""

    name: ClassVar[str] = "vendors.member_left"
    vendor_id: UUID
    user_id: UUID
