"""Shapes of a vendor's members and of invitations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from mercat.auth import DoubleConfirmation, Email
from mercat.kit.shapes import Shape
from mercat.vendors.permissions import MemberRole


class MemberRead(Shape):
    """A member of the vendor."""

    user_id: UUID
    name: str = Field(examples=["Ines Marsh"])
    email: str = Field(examples=["ines@example.com"])
    role: MemberRole = Field(examples=["owner"])
    joined_at: datetime


class RoleChange(DoubleConfirmation):
    """The new role of a member, and what shows that it is really the owner who gives it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"role": "manager", "password": "correct horse battery staple"}]}
    )
    role: MemberRole


class InvitationCreate(DoubleConfirmation):
    """The address to invite, the role it would have, and what shows that it is really the owner who invites."""

    email: Email = Field(examples=["ada@example.com"])
    role: MemberRole = Field(MemberRole.staff, examples=["staff"])


class InvitationRead(Shape):
    """An open invitation."""

    id: UUID
    email: str = Field(examples=["ada@example.com"])
    role: MemberRole = Field(examples=["staff"])
    created_at: datetime
    expires_at: datetime
    expired: bool


class Answer(Shape):
    """The secret of the mailed link."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(examples=["AZmjxH0efDCaQC8_am"])


class InvitationRecord(Shape):
    """An invitation to a vendor, for its recipient or its sender."""

    vendor: str = Field(examples=["north-kiln"])
    email: str | None = Field(examples=["ada@example.com"])
    """One's own address; that of an invited person is not shown."""
    role: MemberRole = Field(examples=["staff"])
    sent_by_oneself: bool
    created_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None
