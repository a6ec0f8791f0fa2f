"""Shapes of a vendor's own profile."""

from pydantic import Field

from mercat.auth import Email
from mercat.kit.shapes import Shape
from mercat.vendors.schemas import ImageAddress, Prose, Tagline, VendorPage, WebAddress


class ProfileRead(VendorPage):
    """The profile as a vendor's members see it."""

    status: str = Field(examples=["active"])
    status_reason: str
    """Why the vendor was suspended."""


class PoliciesUpdate(Shape):
    """Policies to change, as plain text or HTML, which is sanitised; what is left out stays."""

    returns: Prose | None = Field(None, examples=["Send it back within 30 days."])
    shipping: Prose | None = None
    privacy: Prose | None = None
    imprint: Prose | None = None


class ProfileUpdate(Shape):
    """Changes of the profile; what is left out stays. Null removes the logo or the website."""

    tagline: Tagline | None = Field(None, examples=["Stoneware from the north"])
    description: Prose | None = None
    """Plain text or HTML; HTML is sanitised."""
    logo_url: ImageAddress | None = None
    contact_email: Email | None = Field(None, examples=["hello@north-kiln.example"])
    website: WebAddress | None = None
    policies: PoliciesUpdate = PoliciesUpdate()
