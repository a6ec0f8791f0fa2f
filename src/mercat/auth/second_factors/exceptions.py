"""How a second factor can fail."""

from mercat.kit.problems import Conflict, Forbidden, NotFound, Unauthenticated


class WrongCode(Unauthenticated):
    """A code that is wrong, too old, or was used before: nobody learns which."""

    code = "auth.wrong_code"
    detail = "This code is not right, or was used before."


class SignInExpired(Unauthenticated):
    """A sign-in that took too long, was finished already, or never began."""

    code = "auth.sign_in_expired"
    detail = "This sign-in took too long or has been finished. Begin again."


class SecondProofNeeded(Forbidden):
    """Something that a thief of a session and a password must not do."""

    code = "auth.second_proof_needed"
    detail = "Confirm with a code of your authenticator app or a recovery code, or sign in again first."


class AuthenticatorExists(Conflict):
    """There is a confirmed one; it is removed before there is another one."""

    code = "auth.authenticator_exists"
    detail = "You have set up an authenticator app. Remove it before you set up another one."


class NoAuthenticator(NotFound):
    """Nothing to confirm, nothing to remove."""

    code = "auth.no_authenticator"
    detail = "No authenticator app has been set up."


class NoSecondFactor(Conflict):
    """Recovery codes stand in for a second factor; without one they are for nothing."""

    code = "auth.no_second_factor"
    detail = "Recovery codes are for the loss of a second factor. Set one up first."
