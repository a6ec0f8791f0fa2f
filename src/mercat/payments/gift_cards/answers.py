"""Stored answers to an `Idempotency-Key`: they contain a code, which is worth money, so they are sealed."""

from typing import Self

from pydantic import BaseModel

from mercat.auth import keyring
from mercat.payments.exceptions import CodeNotTold
from mercat.payments.gift_cards.schemas import GiftCardIssued

PURPOSE = "answer with the code of a gift card"


class SealedAnswer(BaseModel):
    """An answer that only this application can read."""

    sealed: str

    @classmethod
    def of(cls, issued: GiftCardIssued) -> Self:
        """Seal an answer."""
        return cls(sealed=keyring.seal(PURPOSE, issued.model_dump_json()))

    def opened(self) -> GiftCardIssued:
        """Return the answer.

        Raises:
            CodeNotTold: the secret key was replaced, and the former one is not accepted any more.
        """
        written = keyring.unseal(PURPOSE, self.sealed)
        if written is None:
            raise CodeNotTold
        return GiftCardIssued.model_validate_json(written)
