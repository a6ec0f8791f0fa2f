"""How signing in with an account elsewhere can fail."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Forbidden, Invalid, NotFound, Unavailable


class ProviderNotFound(NotFound):
    """Not one of those that this marketplace offers."""

    code = "auth.provider_not_found"
    detail = "This marketplace does not offer that way to sign in."


class ProviderUnavailable(Unavailable):
    """It does not answer in time, or its answers make no sense, or it does not know us."""

    code = "auth.provider_unavailable"
    detail = "The provider of this sign-in cannot be reached right now. Try again in a moment."


class RedirectNotAllowed(Invalid):
    """Not to the letter an address where a sign-in may end."""

    code = "auth.redirect_not_allowed"
    detail = "A sign-in must not end at that address."


class FlowNotValid(Invalid):
    """A `state` that is forged, used, too old, of another way to sign in, or of another person."""

    code = "auth.flow_not_valid"
    detail = "This sign-in has expired, has ended, or was begun elsewhere. Begin again."


class SignInCancelled(Forbidden):
    """The person said no at the provider."""

    code = "auth.sign_in_cancelled"
    detail = "The sign-in was cancelled at the provider."


class SignInNotConfirmed(Invalid):
    """The code is not good, or what the provider gave for it was not meant for this sign-in."""

    code = "auth.sign_in_not_confirmed"
    detail = "The provider did not confirm this sign-in. Begin again."


class EmailNotVouched(Forbidden):
    """Without a verified address nobody can be found, and nobody made."""

    code = "auth.email_not_vouched"
    detail = "The provider has not verified an e-mail address of yours. Verify it there first, or register here."


class AccountNotActive(Forbidden):
    """It was deactivated or deleted; only its owner gets to read this."""

    code = "auth.account_not_active"
    detail = "Your account is not active. Write to the marketplace."


class IdentityTaken(Conflict):
    """The account at the provider opens another person's account here."""

    code = "auth.identity_taken"
    detail = "That account at the provider belongs to another account here."


class AlreadyLinked(Conflict):
    """One account at each provider is enough; another one would take its place unnoticed."""

    code = "auth.provider_already_linked"
    detail = "Your account is linked with another account at that provider. Remove that link first."


class IdentityNotFound(NotFound):
    """No such link of one's own."""

    code = "auth.identity_not_found"
    detail = "Your account is not linked with that provider."


CONSTRAINTS["pk_identities"] = IdentityTaken
CONSTRAINTS["uq_identities_user_id_provider"] = AlreadyLinked
