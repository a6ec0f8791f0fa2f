"""Shapes of signing in with an account elsewhere."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field, StringConstraints

from mercat.auth.schemas import Confirmation, OneTime
from mercat.kit.shapes import Shape

LocalPath = Annotated[str, StringConstraints(max_length=2000, pattern=r"^/([^/\\\x00-\x20\x7f][^\\\x00-\x20\x7f]*)?$")]
"""A path of the marketplace itself: nothing that a browser could take for another host."""
Address = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Code = Annotated[str, StringConstraints(max_length=2000)]

ReturnTo = Annotated[LocalPath, Query(description="The marketplace's page to go to in the end, as a path.")]


class ProviderRead(Shape):
    """A way to sign in with an account elsewhere."""

    name: str = Field(examples=["google"])
    label: str = Field(examples=["Google"])


class SignInStart(Shape):
    """Where the provider shall send the person back to."""

    redirect_uri: Address = Field(examples=["com.example.shop:/signed-in"])
    """One of those that the marketplace allows, to the letter."""


class LinkStart(Confirmation):
    """Where the provider shall send the person back to, and what shows that it is really the person."""

    redirect_uri: Address | None = Field(None, examples=["com.example.shop:/linked"])
    """One of those that the marketplace allows, to the letter; left out by its own pages."""
    return_to: LocalPath = Field("/", examples=["/account/sign-in"])
    """For pages of the marketplace: the page to go to in the end."""


class FlowStarted(Shape):
    """A sign-in that goes on at the provider, and ends with what is named here."""

    authorization_url: str = Field(examples=["https://accounts.google.com/o/oauth2/v2/auth?client_id=..."])
    state: str = Field(examples=["AZq3...x9Q"])
    """Comes back in the address that the provider sends the person to; compare it."""
    flow_secret: str | None = Field(examples=["Yw8d..."])
    """Keep it until then and show it to nobody. A page of the marketplace has it in a cookie instead."""
    expires_in: int = Field(examples=[600])


class ProviderCallback(Shape, extra="ignore"):
    """With what a provider sends a browser back; some say more than there is to say."""

    state: OneTime = Field(examples=["AZq3...x9Q"])
    """What the provider was given."""
    code: Code = Field("", examples=["4/0AbC..."])
    """What the provider gives for whoever agreed."""
    error: Annotated[str, StringConstraints(max_length=200)] = Field("", examples=["access_denied"])
    """Why there is no code."""


class FlowEnd(Shape):
    """What came back from the provider, and the secret of the one who began."""

    code: Code = Field(min_length=1, examples=["4/0AbC..."])
    state: OneTime = Field(examples=["AZq3...x9Q"])
    flow_secret: OneTime = Field(examples=["Yw8d..."])


class IdentityRead(Shape):
    """An account elsewhere with which one can sign in."""

    provider: str = Field(examples=["google"])
    email: str | None = Field(examples=["ada@example.com"])
    """Its address there, as last seen."""
    created_at: datetime
    last_used_at: datetime
