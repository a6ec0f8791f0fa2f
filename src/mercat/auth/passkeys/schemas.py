"""Shapes of passkeys. What browsers and we say to each other about one is JSON of the WebAuthn standard."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.auth.schemas import OneTime
from mercat.kit.shapes import Shape

Options: TypeAlias = dict[str, object]
"""For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` of a browser."""
Credential: TypeAlias = dict[str, object]
"""What `toJSON()` of a browser's credential gives. It grows with the standard, so we read what we know of it."""
PasskeyName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]

CREATION_EXAMPLE: Options = {
    "rp": {"id": "shop.example", "name": "Mercat"},
    "user": {"id": "AZmjxH0efDCaQC8_ahsvVQ", "name": "ada@example.com", "displayName": "Ada Lovelace"},
    "challenge": "n0sVRSpvgPIhzqV2h4yXHkq3xXQDk1E5k3dHnmAeFhU",
    "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
}
REQUEST_EXAMPLE: Options = {
    "challenge": "n0sVRSpvgPIhzqV2h4yXHkq3xXQDk1E5k3dHnmAeFhU",
    "rpId": "shop.example",
    "allowCredentials": [],
    "userVerification": "required",
}
NEW_EXAMPLE: Credential = {
    "id": "KW3...",
    "rawId": "KW3...",
    "type": "public-key",
    "response": {"clientDataJSON": "eyJ0...", "attestationObject": "o2Nm...", "transports": ["internal"]},
}
SHOWN_EXAMPLE: Credential = {
    "id": "KW3...",
    "rawId": "KW3...",
    "type": "public-key",
    "response": {
        "clientDataJSON": "eyJ0...",
        "authenticatorData": "SZYN...",
        "signature": "MEUC...",
        "userHandle": "AZmj...",
    },
}


class PasskeyCreation(Shape):
    """How to make a new passkey: give `options` to the browser, and its answer with `challenge_token` to us."""

    challenge_token: str = Field(examples=["AZq3...x9Q"])
    options: Options = Field(examples=[CREATION_EXAMPLE])
    """For `PublicKeyCredential.parseCreationOptionsFromJSON`."""


class PasskeyRequest(Shape):
    """How to sign in by passkey: give `options` to the browser, and its answer with `challenge_token` to us."""

    challenge_token: str = Field(examples=["AZq3...x9Q"])
    options: Options = Field(examples=[REQUEST_EXAMPLE])
    """For `PublicKeyCredential.parseRequestOptionsFromJSON`."""


class PasskeyCreate(Shape):
    """A passkey that was just made."""

    challenge_token: OneTime = Field(examples=["AZq3...x9Q"])
    credential: Credential = Field(examples=[NEW_EXAMPLE])
    """`toJSON()` of what `navigator.credentials.create` gave."""
    name: PasskeyName = Field(examples=["my phone"])


class PasskeySignIn(Shape):
    """A passkey that was just shown."""

    challenge_token: OneTime = Field(examples=["AZq3...x9Q"])
    credential: Credential = Field(examples=[SHOWN_EXAMPLE])
    """`toJSON()` of what `navigator.credentials.get` gave."""


class PasskeyRename(Shape):
    """Another name."""

    name: PasskeyName = Field(examples=["my old phone"])


class PasskeyRead(Shape):
    """A passkey of one's own."""

    id: UUID
    name: str = Field(examples=["my phone"])
    created_at: datetime
    last_used_at: datetime | None


class PasskeyCreated(PasskeyRead):
    """A new passkey. With the first second factor come recovery codes, which are shown this once; otherwise null."""

    recovery_codes: list[str] | None = Field(examples=[["7k2m-q9xd-40rt-v8wz", "hm3c-2p5n-xw7e-61ra"]])


@dataclass(frozen=True, slots=True)
class KnownKey:
    """By what a browser finds a passkey again."""

    credential_id: bytes
    transports: list[str]
