"""What happened to accounts.

Whoever listens finds the person by id; an address is in an event only where the account no longer says it.
"""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent, Lane


class EmailProofAsked(DomainEvent):
    """A person is to show that an address is theirs, by the link that stands for this token."""

    name: ClassVar[str] = "auth.email_proof_asked"
    lane: ClassVar[Lane | None] = Lane.urgent
    user_id: UUID
    token_id: UUID
    purpose: str
    """`verify_email` for the account's own address, `change_email` for the one it shall have."""


class PasswordResetAsked(DomainEvent):
    """A person who forgot the password is to get a link that stands for this token."""

    name: ClassVar[str] = "auth.password_reset_asked"
    lane: ClassVar[Lane | None] = Lane.urgent
    user_id: UUID
    token_id: UUID


class EmailVerified(DomainEvent):
    """A person has shown that the account's address is theirs."""

    name: ClassVar[str] = "auth.email_verified"
    user_id: UUID


class EmailChanged(DomainEvent):
    """The account has another address; the old one is told."""

    name: ClassVar[str] = "auth.email_changed"
    user_id: UUID
    old_email: str


class EmailClaimedAgain(DomainEvent):
    """A person tried to register, or to move, to an address that has an account: its owner is told."""

    name: ClassVar[str] = "auth.email_claimed_again"
    user_id: UUID


class PasswordChanged(DomainEvent):
    """The password is another one; its owner is told, in case it was another person."""

    name: ClassVar[str] = "auth.password_changed"
    user_id: UUID


class AccessChanged(DomainEvent):
    """There is one way more, or less, into the account; its owner is told, in case it was another person."""

    name: ClassVar[str] = "auth.access_changed"
    user_id: UUID
    change: str
    """One of `ACCESS_CHANGES`."""


ACCESS_CHANGES = (
    "api_key_created",
    "api_key_ended",
    "authenticator_added",
    "authenticator_removed",
    "passkey_added",
    "passkey_removed",
    "provider_added",
    "provider_removed",
    "recovery_code_used",
    "recovery_codes_made",
)
