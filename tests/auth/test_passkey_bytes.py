"""Whatever bytes a stranger puts into a passkey's answer, it is refused and nothing breaks."""

from functools import cache
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth.devices import Device, base64url, from_base64url
from mercat.auth.models import Passkey, User
from mercat.auth.passkeys import ceremonies
from mercat.auth.passkeys.exceptions import PasskeyNotTaken, PasskeyRefused
from mercat.kit.ids import new_id

pytestmark = pytest.mark.usefixtures("_public")
TOKEN = "a secret that works once"
ADA = User(id=new_id(), email="ada@example.com", first_name="Ada", last_name="", username=None)

Bytes = st.binary(max_size=80)
Leaf = st.one_of(st.none(), st.booleans(), st.integers(-(2**65), 2**65), st.floats(), st.text(max_size=5), Bytes)
Label = st.one_of(
    st.integers(-4, 4), st.sampled_from(["fmt", "attStmt", "authData", "alg", "sig", "x5c", "ver", "response"])
)
Tree = st.recursive(
    Leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(Label, inner, max_size=5), max_leaves=8
)
Formats = st.sampled_from(
    ["none", "packed", "fido-u2f", "tpm", "apple", "android-key", "android-safetynet", "another", 7, None]
)


@st.composite
def spoilt(draw: st.DrawFn, real: bytes) -> bytes:
    """Return bytes of which some were changed, put in, or left out."""
    place = draw(st.integers(0, len(real)))
    gone = draw(st.integers(0, 12))
    return real[:place] + draw(st.binary(max_size=12)) + real[place + gone :]


@cache
def genuine() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a passkey that was just made, and one that was just shown."""
    device = Device()
    made = device.create(dict(ceremonies.creation_options(TOKEN, ADA, [])))
    return made, device.get(dict(ceremonies.request_options(TOKEN)))


def try_new(credential: dict[str, Any]) -> bool:
    try:
        ceremonies.read_new(TOKEN, credential)
    except PasskeyNotTaken:
        return False
    return True


def changed(credential: dict[str, Any], name: str, value: bytes | object) -> dict[str, Any]:
    said = base64url(value) if isinstance(value, bytes) else value
    return {**credential, "response": {**credential["response"], name: said}}


def test_what_is_genuine_is_taken() -> None:
    made, shown = genuine()

    passkey = Passkey(public_key=ceremonies.read_new(TOKEN, made).public_key)
    assert ceremonies.check_signature(TOKEN, shown, passkey, verified=True) == 1


@settings(deadline=None)
@given(st.data())
def test_spoilt_answers(data: st.DataObject) -> None:
    made, shown = genuine()
    passkey = Passkey(public_key=ceremonies.read_new(TOKEN, made).public_key)
    new = data.draw(st.sampled_from(["clientDataJSON", "attestationObject"]))
    old = data.draw(st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]))
    changes = data.draw(spoilt(from_base64url(shown["response"][old])))

    try_new(changed(made, new, data.draw(spoilt(from_base64url(made["response"][new])))))
    try:
        ceremonies.check_signature(TOKEN, changed(shown, old, changes), passkey, verified=True)
    except PasskeyRefused:
        return
    assert base64url(changes) == shown["response"][old], "nothing but the genuine bytes are taken"


@settings(deadline=None)
@given(Formats, Tree, Tree)
def test_attestations_and_keys_of_any_kind(kind: object, statement: object, key: object) -> None:
    made, _ = genuine()
    attestation = cbor2.loads(from_base64url(made["response"]["attestationObject"]))
    data = attestation["authData"]
    before_key = data[: 37 + 16 + 2 + 32]

    try_new(changed(made, "attestationObject", cbor2.dumps({**attestation, "fmt": kind, "attStmt": statement})))
    strange = {**attestation, "authData": before_key + cbor2.dumps(key)}
    assert not try_new(changed(made, "attestationObject", cbor2.dumps(strange)))


@settings(deadline=None)
@given(st.sampled_from(["id", "rawId", "type", "response", "authenticatorAttachment"]), Tree)
def test_json_of_any_kind(name: str, value: object) -> None:
    made, shown = genuine()

    try_new({**made, name: value})
    try:
        ceremonies.read_name({**shown, name: value})
    except PasskeyRefused:
        return
    assert name in {"id", "authenticatorAttachment"} or value == shown[name] or isinstance(value, str)
