"""Devices that hold second factors, made of bytes: an authenticator app, and an authenticator with passkeys."""

import base64
import hmac
import json
import secrets
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from mercat.kit import clock

ORIGIN = "http://shop.test"
PRESENT, VERIFIED, ELIGIBLE, SAVED, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
"""Flags of authenticator data: user present, user verified, backup eligible, backed up, key included."""


@dataclass(frozen=True)
class App:
    """An authenticator app with one account (RFC 6238: HMAC-SHA1, six digits, half minutes)."""

    secret: str

    def code(self, steps: int = 0) -> str:
        """Return the code of now, or of that many half minutes later."""
        step = int(clock.now().timestamp()) // 30 + steps
        digest = hmac.digest(base64.b32decode(self.secret), struct.pack(">Q", step), "sha1")
        [number] = struct.unpack_from(">I", digest, digest[-1] & 0x0F)
        return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


@dataclass
class Key:
    """A passkey in a device."""

    credential_id: bytes
    private: ec.EllipticCurvePrivateKey
    user_handle: bytes
    count: int = 0


@dataclass
class Device:
    """An authenticator, and the browser before it: makes passkeys and signs with them (ES256, no attestation).

    Whatever of an answer shall be wrong is given by name.
    """

    keys: list[Key] = field(default_factory=list)
    counts: bool = True
    """Whether signatures are counted; passkeys that travel between devices say 0 each time."""

    def create(self, options: dict[str, Any], **wrong: Any) -> dict[str, Any]:
        """Do what `navigator.credentials.create(...)` and `toJSON()` do."""
        assert {"type": "public-key", "alg": -7} in options["pubKeyCredParams"]
        known = {key.credential_id for key in self.keys}
        assert not known & {from_base64url(one["id"]) for one in options["excludeCredentials"]}
        key = Key(
            wrong.get("credential_id", secrets.token_bytes(32)),
            ec.generate_private_key(ec.SECP256R1()),
            from_base64url(options["user"]["id"]),
        )
        self.keys.append(key)
        numbers = key.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        size = struct.pack(">H", len(key.credential_id))
        attested = bytes(16) + size + key.credential_id + cbor2.dumps(public)
        data = self._data(options["rp"]["id"], key, wrong, ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return _credential(
            key,
            clientDataJSON=_client_data("webauthn.create", options, wrong),
            attestationObject=attestation,
            transports=["internal", "hybrid", "telepathy"],
            publicKeyAlgorithm=-7,
        )

    def get(self, options: dict[str, Any], **wrong: Any) -> dict[str, Any]:
        """Do what `navigator.credentials.get(...)` and `toJSON()` do."""
        allowed = {from_base64url(one["id"]) for one in options["allowCredentials"]}
        key = wrong.get("key") or next(k for k in reversed(self.keys) if not allowed or k.credential_id in allowed)
        key.count += 1
        data = self._data(options["rpId"], key, wrong)
        said = _client_data("webauthn.get", options, wrong)
        signature = key.private.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        handle = wrong.get("user_handle", key.user_handle)
        more = {} if handle is None else {"userHandle": handle}
        return _credential(key, clientDataJSON=said, authenticatorData=data, signature=signature, **more)

    def _data(self, rp_id: str, key: Key, wrong: dict[str, Any], more: int = 0) -> bytes:
        flags = wrong.get("flags", PRESENT | VERIFIED | (0 if self.counts else ELIGIBLE | SAVED)) | more
        count = wrong.get("count", key.count if self.counts else 0)
        return sha256(wrong.get("rp_id", rp_id).encode()).digest() + bytes([flags]) + struct.pack(">I", count)


def _client_data(kind: str, options: dict[str, Any], wrong: dict[str, Any]) -> bytes:
    said = {
        "type": wrong.get("kind", kind),
        "challenge": wrong.get("challenge", options["challenge"]),
        "origin": wrong.get("origin", ORIGIN),
        "crossOrigin": False,
    }
    return json.dumps(said).encode()


def _credential(key: Key, **response: Any) -> dict[str, Any]:
    return {
        "id": base64url(key.credential_id),
        "rawId": base64url(key.credential_id),
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": {name: base64url(value) if isinstance(value, bytes) else value for name, value in response.items()},
    }


def base64url(raw: bytes) -> str:
    """Write bytes as WebAuthn's JSON has them."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Read bytes as WebAuthn's JSON has them."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
