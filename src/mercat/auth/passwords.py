"""Password hashes: bcrypt, off the event loop, without the silent cut at 72 bytes."""

import asyncio
import base64
import os
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from hashlib import sha256
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.bcrypt import BcryptHasher

from mercat.auth.config import AuthSettings
from mercat.auth.exceptions import PasswordTooCommon
from mercat.kit.problems import FieldError
from mercat.kit.settings_memory import by_settings

BCRYPT_LIMIT = 72
SHORTEST = 8
SHORTEST_WORD = 4
STEPS_BACK = 10

Result = TypeVar("Result")


@by_settings
def _hasher() -> PasswordHash:
    return PasswordHash([BcryptHasher(rounds=AuthSettings.read().bcrypt_rounds)])


@by_settings
def _hashers() -> ThreadPoolExecutor:
    """Return the threads that hash: one core stays free, and on the others whoever answers requests goes first."""
    threads = max(1, (os.cpu_count() or 2) - 1)
    return ThreadPoolExecutor(threads, thread_name_prefix="password", initializer=_give_way)


def _give_way() -> None:
    if sys.platform == "linux":  # there a priority belongs to a thread
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STEPS_BACK)


async def _aside(work: Callable[[], Result]) -> Result:
    return await asyncio.get_running_loop().run_in_executor(_hashers(), work)


@by_settings
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def _fit(password: str) -> str:
    """Bcrypt reads 72 bytes: longer passwords are hashed first, so that every byte counts."""
    raw = password.encode()
    return password if len(raw) <= BCRYPT_LIMIT else base64.b64encode(sha256(raw).digest()).decode()


async def hash_password(password: str) -> str:
    """Return the hash to store."""
    return await _aside(lambda: _hasher().hash(_fit(password)))


async def verify(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Check a password; the second value is a better hash to store when the cost has risen.

    An account without a hash takes as long as one with, so that time tells nothing.
    """
    valid, better = await _aside(lambda: _hasher().verify_and_update(_fit(password), stored or _nobody()))
    return valid and stored is not None, better


async def require_good(password: str, about: Iterable[str | None]) -> None:
    """Refuse a password that guessers try first: a common one, or what the account says `about` its owner.

    Raises:
        PasswordTooCommon: it is one of those.
    """
    plain = password.casefold()
    words = {word.casefold() for text in about if text for word in (text, text.partition("@")[0])}
    bare = plain.strip("0123456789!?._-#*$ ")
    common = await _aside(_common)
    if plain in common or plain in words or (bare in words and len(bare) >= SHORTEST_WORD) or len(set(plain)) < 3:
        raise PasswordTooCommon(errors=(FieldError("password", "too easy to guess", "too_common"),))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Return the most used passwords that are long enough to be chosen, from leaked lists as zxcvbn has them."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - 13 MB of lists, of which we keep a tenth

    found = frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= SHORTEST)
    for name in [name for name in sys.modules if name.partition(".")[0] == "zxcvbn"]:
        del sys.modules[name]
    return found
