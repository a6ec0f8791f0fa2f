"""People's accounts: one's own, those of others, what is written down about a person, and the end of it.

The door for rooms that let people and operators keep accounts. Nobody touches whoever stands above them.
"""

from mercat.auth.accounts import confirm, me, update_own
from mercat.auth.exceptions import (
    AboveYourself,
    ConfirmationNeeded,
    EmailTaken,
    InPersonOnly,
    LastAdmin,
    NotAllowed,
    UsernameTaken,
    UserNotFound,
)
from mercat.auth.guesses import CountedGuesses
from mercat.auth.management.erasure import Erased, erase
from mercat.auth.management.people import (
    deactivate,
    delete_softly,
    edit,
    end_sessions,
    find,
    read,
    restore,
    sessions_of,
    set_roles,
)
from mercat.auth.management.records import AccountRecord, record_of
from mercat.auth.own_router import CONFIRMED, IN_PERSON
from mercat.auth.schemas import (
    AccountUpdate,
    Confirmation,
    Ended,
    ManagedUser,
    RolesChange,
    SessionRead,
    UserEdit,
    UserFilters,
)

__all__ = [
    "CONFIRMED",
    "IN_PERSON",
    "AboveYourself",
    "AccountRecord",
    "AccountUpdate",
    "Confirmation",
    "ConfirmationNeeded",
    "CountedGuesses",
    "EmailTaken",
    "Ended",
    "Erased",
    "InPersonOnly",
    "LastAdmin",
    "ManagedUser",
    "NotAllowed",
    "RolesChange",
    "SessionRead",
    "UserEdit",
    "UserFilters",
    "UserNotFound",
    "UsernameTaken",
    "confirm",
    "deactivate",
    "delete_softly",
    "edit",
    "end_sessions",
    "erase",
    "find",
    "me",
    "read",
    "record_of",
    "restore",
    "sessions_of",
    "set_roles",
    "update_own",
]
