"""Settings of accounts, tokens and second factors."""

from pydantic import Field, SecretStr

from mercat.auth.permissions import Role
from mercat.kit.config import PLACEHOLDER, Settings


class AuthSettings(Settings):
    """Keys, lifetimes and the cost of a password."""

    secret_key: SecretStr = Field(
        SecretStr(f"{PLACEHOLDER}-to-32-random-bytes-or-more"),
        min_length=32,
        description="Signs access tokens and links in mail, seals second factors and bank numbers. "
        "At least 32 random characters.",
        json_schema_extra={"secret": True},
    )
    previous_secret_keys: list[SecretStr] = Field(
        [],
        description="Former values of the secret key that are still accepted, as a JSON list; nobody is signed out.",
        json_schema_extra={"secret": True},
    )
    access_token_seconds: int = Field(600, ge=30, le=3600, description="Life of an access token.")
    refresh_token_days: int = Field(30, ge=1, le=365, description="Life of a session that is not used.")
    refresh_grace_seconds: int = Field(10, ge=0, le=10, description="Two honest refreshes this close are both served.")
    bcrypt_rounds: int = Field(12, ge=4, le=16, description="Cost of a password hash (2^n); 12 is about 0.2 s.")
    register_discreetly: bool = Field(
        default=False,
        description="Answer a registration with a taken e-mail address like any other, and tell its owner by mail. "
        "Then nobody signs in by password, or has a user name, before their address is verified.",
    )
    second_factor_roles: list[Role] = Field(
        [], description='Roles that only count once a second factor was shown, as a JSON list, say ["admin"].'
    )
