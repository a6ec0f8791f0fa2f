"""What is derived from the secret key: a key of its own for each purpose, and the former ones while they are accepted.

The first key of a purpose makes, all of them check: a secret key is replaced by moving the old value to
`MERCAT_PREVIOUS_SECRET_KEYS`, and nobody is signed out.

What is sealed may be bound to the row that keeps it, which then has a key of its own: moved to another row, it opens
nothing.
"""

from mercat.auth.keyring.derived_keys import keys, mac, proves, replacing, sign, signed, signed_id
from mercat.auth.keyring.sealing import seal, seal_anew, unseal

__all__ = ["keys", "mac", "proves", "replacing", "seal", "seal_anew", "sign", "signed", "signed_id", "unseal"]
