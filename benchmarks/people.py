"""Buyers for the benchmark: accounts with a session each, made past the product, which then knows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import bcrypt
import psycopg

from mercat.auth.tokens import Claims, access_token
from mercat.kit.ids import new_id

PASSWORD = "a password of the benchmark"
USER = "INSERT INTO users (id, email, email_key, password_hash) VALUES (%s, %s, %s, %s)"
ROLE = "INSERT INTO user_roles (user_id, role) VALUES (%s, 'buyer')"
SESSION = """
INSERT INTO sessions (id, user_id, method, expires_at) VALUES (%s, %s, 'password', now() + interval '1 day')
"""


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody with an account, signed in."""

    user_id: str
    email: str
    token: str


def buyers(database_url: str, number: int, *, rounds: int = 4) -> Sequence[Buyer]:
    """Make so many; `rounds` is the cost of their passwords' hash, which is `PASSWORD` for all of them."""
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(rounds)).decode()
    ids = [(new_id(), new_id()) for _ in range(number)]
    with psycopg.connect(database_url) as connection, connection.cursor() as cursor:
        cursor.executemany(USER, [(user, _email(user), _email(user), hashed) for user, _ in ids])
        cursor.executemany(ROLE, [(user,) for user, _ in ids])
        cursor.executemany(SESSION, [(session, user) for user, session in ids])
    return [Buyer(str(user), _email(user), token(user, session)) for user, session in ids]


def token(user_id: UUID, session_id: UUID) -> str:
    """Return an access token as the product makes them."""
    made, _ = access_token(Claims(user_id, session_id, "buyer", frozenset()))
    return made


def _email(user_id: UUID) -> str:
    return f"{user_id}@example.com"
