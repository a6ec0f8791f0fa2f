"""Shapes of second factors."""

from datetime import datetime

from pydantic import Field

from mercat.auth.schemas import Code
from mercat.kit.shapes import Shape


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
