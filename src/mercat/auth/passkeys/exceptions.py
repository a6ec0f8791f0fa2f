"""How a passkey can fail."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, NotFound, Unauthenticated


class PasskeyRefused(Unauthenticated):
    """Unknown, of another account, for another site, or not well signed: only the log says which."""

    code = "auth.passkey_refused"
    detail = "This passkey does not open an account here."


class PasskeyNotTaken(Invalid):
    """A new passkey that is not made for this marketplace, or not as was asked."""

    code = "auth.passkey_not_taken"
    detail = "This passkey could not be added: it was not made for this marketplace, or not as was asked."


class ChallengeExpired(Invalid):
    """Adding the passkey took too long, was done already, or was begun by another person."""

    code = "auth.challenge_expired"
    detail = "This took too long or has been done. Begin again."


class PasskeyExists(Conflict):
    """The passkey is known."""

    code = "auth.passkey_exists"
    detail = "This passkey has been added before."


class PasskeyNotFound(NotFound):
    """No such passkey of one's own."""

    code = "auth.passkey_not_found"
    detail = "There is no such passkey."


class TooManyPasskeys(Conflict):
    """Nobody needs so many."""

    code = "auth.too_many_passkeys"
    detail = "You have as many passkeys as there may be. Remove one first."


CONSTRAINTS["uq_passkeys_credential_id"] = PasskeyExists
