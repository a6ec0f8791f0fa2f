"""Shapes of accounts and tokens."""

import unicodedata
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat.auth.permissions import Role
from mercat.i18n import LOCALES, LONGEST_TAG, canonical, content_locales
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import MOST_VALUES, Flag, Shape


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise PydanticCustomError("email", "not a valid e-mail address") from None


def _to_the_letter(value: object) -> object:
    """Take a password as it was typed: the blanks around it, which other fields lose, are part of it."""
    if not isinstance(value, str):
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("string_unicode", "is not valid text") from None
    if not value.strip():
        raise PydanticCustomError("blank_password", "more than blanks is needed")
    return SecretStr(value)


def _without_blanks(value: object) -> object:
    """Apps show `123 456`."""
    return "".join(value.split()) if isinstance(value, str) else value


def _printed(value: str) -> str:
    if not value.isprintable():
        raise PydanticCustomError("string_unicode", "is not valid text")
    return value


Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_email)]
_Typed = Annotated[SecretStr, Field(min_length=1, max_length=1024)]
_Chosen = Annotated[SecretStr, Field(min_length=8, max_length=1024)]
TypedPassword = Annotated[_Typed, BeforeValidator(_to_the_letter, json_schema_input_type=_Typed)]
Password = Annotated[_Chosen, BeforeValidator(_to_the_letter, json_schema_input_type=_Chosen)]
Code = Annotated[str, BeforeValidator(_without_blanks), StringConstraints(pattern=r"^[0-9]{6}$")]
"""What an authenticator app shows."""
TypedRecoveryCode = Annotated[str, StringConstraints(min_length=1, max_length=64)]
"""A recovery code as a person types it: upper or lower case, with or without dashes and blanks."""
Name = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f<>]*$")]
# a form may say in what charset it is, and some of them spell NUL: what is looked up is checked here
Login = Annotated[str, StringConstraints(min_length=1, max_length=254, pattern=r"^[^\x00-\x1f\x7f]+$")]
Username = Annotated[str, StringConstraints(min_length=3, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]


def _known_locale(value: str) -> str:
    tag = canonical(value)
    if tag not in LOCALES and tag not in content_locales():
        raise PydanticCustomError("locale", "not a language of this marketplace")
    return tag


Locale = Annotated[str, StringConstraints(min_length=2, max_length=LONGEST_TAG), AfterValidator(_known_locale)]
"""One of those that Mercat speaks, or that the marketplace keeps texts in."""


def key_of(text: str) -> str:
    """Return the form under which an e-mail or user name is unique.

    Letters that look alike are one: full width and ligatures (NFKC), the Kelvin sign and the long s (case folding),
    the dotless i, and the dotted capital I, of which folding leaves a dot behind.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return folded.replace("\u0131", "i").replace("i\u0307", "i")


class UserCreate(Shape):
    """A new account."""

    email: Email = Field(examples=["ada@example.com"])
    password: Password = Field(examples=["correct horse battery staple"])
    username: Username | None = Field(None, examples=["ada"])
    first_name: Name = Field("", examples=["Ada"])
    last_name: Name = Field("", examples=["Lovelace"])


class AccountUpdate(Shape):
    """What people change about themselves. What is left out stays; null empties it."""

    username: Username | None = Field(None, examples=["ada"])
    first_name: Name | None = Field(None, examples=["Ada"])
    last_name: Name | None = Field(None, examples=["Byron"])
    locale: Locale | None = Field(None, examples=["de"])
    """The language of mail: one that Mercat speaks (`en`, `de`, `fr`), or one of `MERCAT_LOCALES`."""


class UserRead(Shape):
    """An account as its owner and operators see it."""

    id: UUID
    email: str = Field(examples=["ada@example.com"])
    username: str | None = Field(examples=["ada"])
    first_name: str = Field(examples=["Ada"])
    last_name: str = Field(examples=["Lovelace"])
    roles: list[Role] = Field(examples=[["buyer"]])
    is_active: bool
    email_verified: bool
    created_at: datetime


class ManagedUser(UserRead):
    """An account as operators see it."""

    deleted_at: datetime | None


class UserFilters(PageParams):
    """Which accounts to list, and in which order."""

    sort: Literal["-created_at", "created_at", "email", "-email", "name", "-name"] = "-created_at"
    """Order of the list: downward with a minus sign. `name` is the last name, then the first."""
    q: Annotated[str, StringConstraints(max_length=100)] | None = None
    """Part of an e-mail address, a user name or a name."""
    role: list[Role] = Field([], max_length=MOST_VALUES, examples=[["support"]])
    """Only who has this role; given several times, any of them."""
    state: list[Literal["active", "deactivated", "deleted"]] = Field([], max_length=MOST_VALUES, examples=[["deleted"]])
    """Only accounts in this state; given several times, in any of them."""


class Confirmation(Shape):
    """What shows that it is really the person; left out by who has no password and signed in a moment ago."""

    password: TypedPassword | None = Field(None, examples=["correct horse battery staple"])


class DoubleConfirmation(Confirmation):
    """What shows that it is really the person, who may have a second factor.

    Without a second factor only what `password` says counts. With one, `code` or `recovery_code` is needed too, unless
    the sign-in with the second factor was a moment ago.
    """

    code: Code | None = Field(None, examples=["123456"])
    recovery_code: TypedRecoveryCode | None = None

    @model_validator(mode="after")
    def _one_at_most(self) -> Self:
        if self.code is not None and self.recovery_code is not None:
            raise PydanticCustomError("one_proof", "give a code or a recovery code, not both")
        return self


class UserEdit(AccountUpdate, DoubleConfirmation):
    """What operators change about a person; a new address takes a confirmation."""

    email: Email | None = Field(None, examples=["ada@example.org"])
    """It is to be verified anew; the former address is told."""


class RolesChange(DoubleConfirmation):
    """The roles from now on, and what shows that it is really the operator who wants them."""

    roles: Annotated[list[Role], Field(max_length=len(Role))] = Field(examples=[["buyer", "support"]])


class SignInForm(Shape):
    """The OAuth2 password form (RFC 6749, section 4.3.2). The client's own fields are taken and not looked at."""

    username: Login = Field(examples=["ada@example.com"])
    """E-mail address or user name."""
    password: TypedPassword = Field(examples=["correct horse battery staple"])
    grant_type: Literal["password", ""] = "password"
    scope: Annotated[str, StringConstraints(max_length=500)] = ""
    client_id: Annotated[str, StringConstraints(max_length=200)] | None = None
    client_secret: SecretStr | None = None


class Tokens(Shape):
    """What a client needs to act as a person."""

    access_token: str = Field(examples=["eyJhbGciOiJIUzI1NiJ9..."])
    refresh_token: str = Field(examples=["k3Jc0..."])
    token_type: str = Field("bearer", examples=["bearer"])
    expires_in: int = Field(examples=[600])


class RefreshRequest(Shape):
    """A refresh token to use or to end."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(examples=["k3Jc0..."])


class SessionRead(Shape):
    """One place where a person is signed in."""

    id: UUID
    kind: Literal["app", "browser"]
    method: str = Field(examples=["password"])
    """`password`, `passkey`, or the provider that vouched."""
    second_factor: bool
    ip: str | None = Field(examples=["192.0.2.7"])
    user_agent: str | None = Field(examples=["Mozilla/5.0"])
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool
    """Whether this request came by it."""


class Ended(Shape):
    """How many sessions were ended."""

    ended: int = Field(examples=[2])


OneTime = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class EmailOnly(Shape):
    """An address to write to."""

    email: Email = Field(examples=["ada@example.com"])


class OneTimeRequest(Shape):
    """A token out of a mail."""

    token: OneTime = Field(examples=["AZq3...x9Q"])


class PasswordReset(OneTimeRequest):
    """A token out of a mail and the password from now on."""

    new_password: Password = Field(examples=["correct horse battery staple"])
    keep_api_keys: Flag = False
    """API keys end too, unless this says otherwise."""


class PasswordChange(Shape):
    """The password from now on."""

    current_password: TypedPassword | None = Field(None, examples=["an old password"])
    """Needed if there is one."""
    new_password: Password = Field(examples=["correct horse battery staple"])
    keep_api_keys: Flag = False
    """API keys end too, unless this says otherwise."""


class EmailChange(Confirmation):
    """The address from now on, once the link sent there has been followed."""

    email: Email = Field(examples=["ada@example.org"])
