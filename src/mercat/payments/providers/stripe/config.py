"""Settings of Stripe."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

from mercat.kit.config import Settings

THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def _private(url: str) -> str:
    """Reject an address to which the secret key would travel unencrypted."""
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    except ValueError:
        scheme, host = "", None
    if not host or (scheme != "https" and not (scheme == "http" and host in THIS_MACHINE)):
        raise PydanticCustomError("stripe_url", "use https; http is for servers on this machine only")
    return url.rstrip("/")


class StripeSettings(Settings):
    """Payment by Stripe; without a secret key it is not offered."""

    stripe_secret_key: SecretStr = Field(
        SecretStr(""),
        description="Stripe's secret or restricted key (sk_... or rk_...); empty: no cards.",
        json_schema_extra={"secret": True},
    )
    stripe_publishable_key: str = Field(
        "", description="Stripe's publishable key (pk_...), with which buyers' browsers send cards to Stripe."
    )
    stripe_webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="Signing secret of the webhook endpoint (whsec_...); several, separated by commas, while one goes.",
        json_schema_extra={"secret": True},
    )
    stripe_instance: str = Field(
        "mercat",
        min_length=1,
        max_length=100,
        description="Marks what this marketplace makes at Stripe; those that share an account need different ones.",
    )
    stripe_api_url: Annotated[str, AfterValidator(_private)] = Field(
        "https://api.stripe.com", description="Where Stripe's API is."
    )
    stripe_timeout: float = Field(20.0, gt=0, le=60, description="Seconds that one question to Stripe may take.")
