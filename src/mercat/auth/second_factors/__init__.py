"""Second factors: authenticator apps and recovery codes; passkeys count as one too."""

from mercat.auth.second_factors import jobs
from mercat.auth.second_factors.authenticators import use_code
from mercat.auth.second_factors.confirmation import CONFIRMED, Confirmed, confirmed, counted
from mercat.auth.second_factors.exceptions import SignInExpired, WrongCode
from mercat.auth.second_factors.router import router
from mercat.auth.second_factors.ways import methods

__all__ = [
    "CONFIRMED",
    "Confirmed",
    "SignInExpired",
    "WrongCode",
    "confirmed",
    "counted",
    "jobs",
    "methods",
    "router",
    "use_code",
]
