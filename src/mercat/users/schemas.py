"""Shapes of profiles, preferences and address books."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from mercat.addresses import Address, AddressRead
from mercat.auth import UserRead
from mercat.auth.management import AccountUpdate
from mercat.kit.currencies import EXPONENTS
from mercat.kit.shapes import Flag, Shape

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
BETWEEN_DIGITS = re.compile(r"[\s().\-/]")


def _phone(text: str) -> str:
    number = BETWEEN_DIGITS.sub("", text)
    if not E164.fullmatch(number):
        raise PydanticCustomError("phone", "not a phone number that begins with a + and the code of its country")
    return number


def _currency(code: str) -> str:
    if code not in EXPONENTS:
        raise PydanticCustomError("currency", "no ISO 4217 currency")
    return code


PhoneNumber = Annotated[str, StringConstraints(max_length=40), AfterValidator(_phone)]
"""E.164; blanks, brackets, full stops and dashes between the digits are taken out."""
Currency = Annotated[str, StringConstraints(min_length=3, max_length=3), AfterValidator(_currency)]


class MailWanted(Shape):
    """About what a person wants mail. About their own orders and account they get it in any case."""

    news: bool = Field(examples=[False])
    """What is new in the marketplace."""
    product_alerts: bool = Field(examples=[True])
    """Products one looks out for: back in stock, or cheaper. Wanted unless one says otherwise; alerts wait then."""
    reminders: bool = Field(examples=[False])
    """An abandoned cart, a review that could be written."""


class MailWantedUpdate(Shape):
    """About what a person wants mail from now on. What is left out stays."""

    news: Flag | None = Field(None, examples=[False])
    product_alerts: Flag | None = Field(None, examples=[True])
    reminders: Flag | None = None


class PersonRead(UserRead):
    """An account and the profile that belongs to it, as its owner and operators see it."""

    locale: str = Field(examples=["en"])
    """The language of mail."""
    phone: str | None = Field(examples=["+442079460018"])
    currency: str | None = Field(examples=["EUR"])
    """The currency that prices are preferred in; null is the marketplace's."""
    notifications: MailWanted
    personalized: bool = Field(examples=[True])
    """Whether recommendations may follow from what one bought, saved and viewed."""
    deleted_at: datetime | None


class PersonUpdate(AccountUpdate):
    """What people change about themselves. What is left out stays; null empties it."""

    phone: PhoneNumber | None = Field(None, examples=["+44 20 7946 0018"])
    """With the code of its country."""
    currency: Currency | None = Field(None, examples=["EUR"])
    notifications: MailWantedUpdate | None = None
    personalized: Flag | None = Field(None, examples=[False])
    """False: views are deleted and not kept any more, and recommendations are those of everybody. Null: as it is."""


class UserPublic(Shape):
    """A person as everybody else may see them: neither an address nor anything to sign in with."""

    id: UUID
    name: str = Field(examples=["Ada L."])


class AddressWrite(Address):
    """An address, of whatever parts one has in its country."""

    default_shipping: Flag | None = None
    """Left out, it stays as it is; one's first address is the default for both."""
    default_billing: Flag | None = None


class KeptAddressRead(AddressRead):
    """An entry of the address book."""

    id: UUID
    default_shipping: bool
    default_billing: bool
    created_at: datetime
    updated_at: datetime
