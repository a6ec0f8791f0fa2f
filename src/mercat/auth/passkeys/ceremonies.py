"""What the marketplace and an authenticator say to each other, by the WebAuthn standard; the library checks it.

The challenge that an authenticator signs is the hash of a secret that works once (`one_time`), so it is stored nowhere.
No attestation is asked for: we do not care who made the device. The library loads a hundred modules, so this one is
imported inside the functions that need it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mercat.auth import tokens
from mercat.auth.models import Passkey, User
from mercat.auth.one_time import LIFE, Purpose
from mercat.auth.passkeys.config import party
from mercat.auth.passkeys.exceptions import PasskeyNotTaken, PasskeyRefused
from mercat.auth.passkeys.schemas import Credential, KnownKey, Options
from mercat.kit.logs import logger

TIMEOUT = LIFE[Purpose.passkey] // timedelta(milliseconds=1)
LONGEST_ID = 1023
FLAWS = (WebAuthnException, InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError, LookupError, AttributeError)
"""What the library and those below it raise over bytes that a stranger has chosen."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey, checked."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


@dataclass(frozen=True, slots=True)
class Named:
    """What an answer says of itself, before anything is checked."""

    credential_id: bytes
    user_handle: bytes | None


def creation_options(token: str, user: User, known: Sequence[KnownKey]) -> Options:
    """Ask for a passkey that names its account by itself and knows its owner by finger, face or PIN."""
    relying_party = party()
    options = webauthn.generate_registration_options(
        rp_id=relying_party.host,
        rp_name=relying_party.name,
        user_id=user.id.bytes,
        user_name=user.email,
        user_display_name=user.name or user.email,
        challenge=challenge(token),
        timeout=TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptors(known),
    )
    return dict(options_to_json_dict(options))


def request_options(token: str, allowed: Sequence[KnownKey] = ()) -> Options:
    """Ask for one of these passkeys after a password; without any, for whichever there is, in place of a password."""
    wanted = UserVerificationRequirement.DISCOURAGED if allowed else UserVerificationRequirement.REQUIRED
    options = webauthn.generate_authentication_options(
        rp_id=party().host,
        challenge=challenge(token),
        timeout=TIMEOUT,
        allow_credentials=_descriptors(allowed),
        user_verification=wanted,
    )
    return dict(options_to_json_dict(options))


def _descriptors(known: Sequence[KnownKey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=key.credential_id, transports=[AuthenticatorTransport(name) for name in key.transports]
        )
        for key in known
    ]


def challenge(token: str) -> bytes:
    """Return what an authenticator signs."""
    return tokens.hash_secret(token)


def read_new(token: str, credential: Credential) -> Made:
    """Check a passkey that was just made.

    Raises:
        PasskeyNotTaken: it is not for us, not for this challenge, its owner was not verified, or it is malformed.
    """
    relying_party = party()
    try:
        answer = parse_registration_credential_json(credential)
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge(token),
            expected_rp_id=relying_party.host,
            expected_origin=relying_party.origins,
            require_user_verification=True,
        )
        # a key that no signature can be checked with would shut its owner out
        decoded_public_key_to_cryptography(decode_credential_public_key(made.credential_public_key))
    except FLAWS as error:
        _log(error)
        raise PasskeyNotTaken from None
    if len(made.credential_id) > LONGEST_ID:
        raise PasskeyNotTaken
    transports = [transport.value for transport in answer.response.transports or ()]
    return Made(made.credential_id, made.credential_public_key, made.sign_count, sorted(set(transports)))


def read_name(credential: Credential) -> Named:
    """Return which passkey an answer claims to be of.

    Raises:
        PasskeyRefused: it is malformed.
    """
    try:
        answer = parse_authentication_credential_json(credential)
    except FLAWS as error:
        _log(error)
        raise PasskeyRefused from None
    return Named(answer.raw_id, answer.response.user_handle)


def check_signature(token: str, credential: Credential, passkey: Passkey, *, verified: bool) -> int:
    """Check that the passkey has signed the challenge for us; returns where its counter stands.

    `verified` asks that its owner was verified by finger, face or PIN, so that it counts as two factors.

    Raises:
        PasskeyRefused: it has not.
    """
    relying_party = party()
    try:
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge(token),
            expected_rp_id=relying_party.host,
            expected_origin=relying_party.origins,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # the caller compares, in the statement that stores
            require_user_verification=verified,
        )
    except FLAWS as error:
        _log(error)
        raise PasskeyRefused from None
    return shown.new_sign_count


def _log(error: Exception) -> None:
    logger.info("passkey_refused", reason=f"{type(error).__name__}: {error}"[:300])
