"""Shapes of second factors."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat.auth.schemas import Confirmation
from mercat.kit.shapes import Shape


def _without_blanks(value: object) -> object:
    """Apps show `123 456`."""
    return "".join(value.split()) if isinstance(value, str) else value


Code = Annotated[str, BeforeValidator(_without_blanks), StringConstraints(pattern=r"^[0-9]{6}$")]
"""What an authenticator app shows."""
TypedRecoveryCode = Annotated[str, StringConstraints(min_length=1, max_length=64)]
"""A recovery code as somebody types it: upper or lower case, with or without dashes and blanks."""


class DoubleConfirmation(Confirmation):
    """What shows that it is really the person, who may have a second factor.

    Without a second factor only what `password` says counts. With one, `code` or `recovery_code` is needed too, unless
    the sign-in with the second factor was a moment ago.
    """

    code: Code | None = Field(None, examples=["123456"])
    recovery_code: TypedRecoveryCode | None = Field(None, examples=["7k2m-q9xd-40rt-v8wz"])

    @model_validator(mode="after")
    def _one_at_most(self) -> Self:
        if self.code is not None and self.recovery_code is not None:
            raise PydanticCustomError("one_proof", "give a code or a recovery code, not both")
        return self


class AuthenticatorStarted(Shape):
    """What an authenticator app needs to know; shown this once."""

    secret: str = Field(examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])
    """For typing it in."""
    otpauth_uri: str = Field(examples=["otpauth://totp/Mercat:ada%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Mercat"])
    """For showing it as a QR code."""


class AuthenticatorCode(Shape):
    """The first code that the app shows."""

    code: Code = Field(examples=["123456"])


class RecoveryCodes(Shape):
    """Codes for the day when the second factor is lost; each works once, and they are shown this once."""

    recovery_codes: list[str] = Field(examples=[["7k2m-q9xd-40rt-v8wz", "hm3c-2p5n-xw7e-61ra"]])


class SecondFactors(Shape):
    """What second factors there are."""

    authenticator_since: datetime | None
    """Since when an authenticator app is asked; null if it is not."""
    passkeys: int = Field(examples=[2])
    recovery_codes_left: int = Field(examples=[9])
    needed: bool
    """Whether one of your roles counts only with a second factor."""
