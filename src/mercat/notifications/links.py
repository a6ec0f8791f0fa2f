"""Links that work once, in mail: always on the shop's own origin, and without their secret until the message leaves."""

from dataclasses import dataclass
from uuid import UUID

from mercat import auth
from mercat.kit.config import ProcessSettings

SECRET = "<one-time-token>"  # noqa: S105 - what stands for it
"""Stands for the secret of a link until the message leaves."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that works once: a page of the shop, and the token that its secret is made from."""

    page: str
    purpose: auth.Purpose
    token_id: UUID

    @property
    def url(self) -> str:
        """The address without its secret; always on the shop's own origin, whatever a request said."""
        return f"{ProcessSettings.read().public_url.rstrip('/')}/{self.page}?token={SECRET}"
