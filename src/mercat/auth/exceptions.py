"""How signing in and being allowed can fail."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Forbidden, Invalid, NotFound, Unauthenticated


class WrongCredentials(Unauthenticated):
    """Unknown account, wrong password or deactivated account: the client does not learn which."""

    code = "auth.wrong_credentials"
    detail = "The e-mail or user name and the password do not match."


class InvalidToken(Unauthenticated):
    """Forged, expired, revoked or not for us."""

    code = "auth.invalid_token"
    detail = "The token is not valid or has expired."
    headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}  # noqa: RUF012 - a mapping that nobody changes


class SessionRefused(InvalidToken):
    """A refresh token that is dead; if it was used twice, its whole session has just been revoked, and stays so."""

    keeps_work = True


class SecondFactorRequired(Unauthenticated):
    """The first proof was right and another one is asked for; `challenge` names the sign-in that goes on."""

    code = "auth.second_factor_required"
    detail = "One more proof is needed: a code of the authenticator app, a passkey, or a recovery code."
    keeps_work = True


class InvalidLink(Invalid):
    """A one-time token that was used, has expired, or never was."""

    code = "auth.invalid_link"
    detail = "This link has been used, has expired, or is not valid. Ask for a new one."


class NotAllowed(Forbidden):
    """A permission is missing."""


class SecondFactorNeeded(Forbidden):
    """This role counts only for people who have shown a second factor."""

    code = "auth.second_factor_needed"
    detail = "Your role needs a second factor: set one up, then sign in with it."


class InPersonOnly(Forbidden):
    """A key asked for something that only a person who is signed in may do."""

    code = "auth.in_person_only"
    detail = "This cannot be done with an API key. Sign in yourself."


class OutOfScope(Forbidden):
    """The key is limited to other things."""

    code = "auth.out_of_scope"
    detail = "This API key is not meant for that: its scopes do not cover it."


class CrossSite(Forbidden):
    """A page of another site sent a change with the visitor's cookie."""

    code = "auth.cross_site"
    detail = "This change did not come from the marketplace's own pages."


class ConfirmationNeeded(Forbidden):
    """Something that a thief of a session must not do; it takes the password, or a sign-in of just now."""

    code = "auth.confirmation_needed"
    detail = "Confirm with your password, or sign in again first."


class AboveYourself(Forbidden):
    """A person of a higher role, or a role above one's own."""

    code = "auth.above_yourself"
    detail = "You cannot change people or give roles above your own."


class LastAdmin(Conflict):
    """No account would remain that may do everything."""

    code = "auth.last_admin"
    detail = "This is the last account that may do everything. Make another one first."


class UserNotFound(NotFound):
    """No such account, or not for this reader."""

    code = "auth.user_not_found"
    detail = "There is no such account."


class SessionNotFound(NotFound):
    """No such session of one's own."""

    code = "auth.session_not_found"
    detail = "There is no such session."


class EmailTaken(Conflict):
    """The address belongs to an account."""

    code = "auth.email_taken"
    detail = "There is already an account with this e-mail address."


class UsernameTaken(Conflict):
    """The name belongs to an account."""

    code = "auth.username_taken"
    detail = "This user name is taken."


class PasswordTooCommon(Invalid):
    """A password that is among those tried first."""

    code = "auth.password_too_common"
    detail = "This password is too easy to guess. Choose one that nobody else would."


CONSTRAINTS["uq_users_email_key"] = EmailTaken
CONSTRAINTS["uq_users_username_key"] = UsernameTaken
