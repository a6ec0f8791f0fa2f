"""Who a person is and what they may do.

Owns: accounts, their roles, sessions, keys, second factors and links, the Actor, the permissions.
Calls: audit, outbox, i18n.
Publishes: AccessChanged, EmailChanged, EmailClaimedAgain, EmailProofAsked, EmailVerified, PasswordChanged,
    PasswordResetAsked.
Listens: nothing.
"""

from mercat.auth import jobs, keyring
from mercat.auth.access import (
    REFUSED,
    InPerson,
    KnownOr,
    OptionalActor,
    OptionalOr,
    PersonAccess,
    Public,
    Requires,
    SignedIn,
    actor_of,
    document_ways,
)
from mercat.auth.accounts import create_user
from mercat.auth.actor import Actor
from mercat.auth.browser import give_cookie, require_own_page
from mercat.auth.guesses import CountedGuesses, Guesses
from mercat.auth.mailboxes import mailbox_of
from mercat.auth.one_time import Purpose, token_of
from mercat.auth.pace import paced
from mercat.auth.permissions import Permission, Role
from mercat.auth.providers import LocalPath, Providers, ProviderSettings
from mercat.auth.queries import SOMEBODY, all_users, hold, holders_of, names_behind, user_id_for, user_references
from mercat.auth.routes import routers
from mercat.auth.schemas import DoubleConfirmation, Email, PasswordReset, UserCreate, UserRead
from mercat.auth.second_factors import CONFIRMED, confirmed
from mercat.auth.second_step import SecondProof, finish_in_browser
from mercat.auth.verification import address_to_prove, change_email, reset_password, verify_email

__all__ = [
    "CONFIRMED",
    "REFUSED",
    "SOMEBODY",
    "Actor",
    "CountedGuesses",
    "DoubleConfirmation",
    "Email",
    "Guesses",
    "InPerson",
    "KnownOr",
    "LocalPath",
    "OptionalActor",
    "OptionalOr",
    "PasswordReset",
    "Permission",
    "PersonAccess",
    "ProviderSettings",
    "Providers",
    "Public",
    "Purpose",
    "Requires",
    "Role",
    "SecondProof",
    "SignedIn",
    "UserCreate",
    "UserRead",
    "actor_of",
    "address_to_prove",
    "all_users",
    "change_email",
    "confirmed",
    "create_user",
    "document_ways",
    "finish_in_browser",
    "give_cookie",
    "hold",
    "holders_of",
    "jobs",
    "keyring",
    "mailbox_of",
    "names_behind",
    "paced",
    "require_own_page",
    "reset_password",
    "routers",
    "token_of",
    "user_id_for",
    "user_references",
    "verify_email",
]
