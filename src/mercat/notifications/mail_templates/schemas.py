"""Shapes of own texts of mail."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from mercat.i18n import LONGEST_TAG
from mercat.kit.shapes import Shape
from mercat.notifications.own_words import OwnText
from mercat.notifications.placeholders import Audience

LONGEST_SUBJECT, LONGEST_TEXT = 200, 10_000
Subject = Annotated[str, StringConstraints(max_length=LONGEST_SUBJECT, pattern=r"^[^\x00-\x1f\x7f]*$")]
Markdown = Annotated[str, StringConstraints(max_length=LONGEST_TEXT, pattern=r"^[^\x00]*$")]
SUBJECT = "Thank you, {name}: your order {number} is confirmed"
INTRODUCTION = "Hello {name},\n\nyour order **{number}** made our day."
CLOSING = "Questions? [Write to us](mailto:help@shop.example)."


class OwnWords(Shape):
    """An own text, or a part of one."""

    subject: Subject | None = Field(None, examples=[SUBJECT])
    """One line with placeholders, instead of the shipped subject. Null or empty: not an own one."""
    introduction: Markdown | None = Field(None, examples=[INTRODUCTION])
    """Markdown (CommonMark with tables) with placeholders, instead of the shipped opening; `{opening}` keeps that."""
    closing: Markdown | None = Field(None, examples=[CLOSING])
    """Markdown with placeholders, at the end of the message."""

    @field_validator("subject", "introduction", "closing")
    @classmethod
    def _seen(cls, value: str | None) -> str | None:
        return value if value and any(c.isprintable() and not c.isspace() for c in value) else None

    def text(self) -> OwnText:
        """Return it as it is kept."""
        return OwnText(self.subject or "", self.introduction or "", self.closing or "")


class MailTemplateWrite(OwnWords):
    """The own text of a kind of mail in one language, all of it. What it leaves out falls back."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.subject or self.introduction or self.closing):
            raise PydanticCustomError("nothing_written", "write a subject, an introduction or a closing")
        return self


class MailDraft(OwnWords):
    """A text to be looked at, and the language of its reader. What is left out is as saved; null is as shipped."""

    locale: Annotated[str, StringConstraints(min_length=2, max_length=LONGEST_TAG)] = Field(examples=["de"])


class PlaceholderRead(Shape):
    """A value that a text may have in braces."""

    name: str = Field(examples=["number"])
    description: str = Field(examples=["The number of the order."])


class ShippedText(Shape):
    """What a message says without an own text, with its placeholders."""

    subject: str = Field(examples=["Your order {number} is confirmed"])
    opening: str = Field(examples=["Thank you for your order, {name}."])
    """What an own introduction replaces; empty where nothing is replaced."""


class MailTemplateRead(Shape):
    """The own text of a kind of mail in one language."""

    kind: str = Field(examples=["order_paid"])
    locale: str = Field(examples=["de"])
    subject: str | None = Field(examples=[SUBJECT])
    introduction: str | None = Field(examples=[INTRODUCTION])
    closing: str | None = Field(examples=[CLOSING])
    shipped: ShippedText
    version: int = Field(examples=[1])
    """Counts edits: the ETag. 0 if nothing was ever written."""
    updated_at: datetime | None


class MailKindSummary(Shape):
    """A kind of mail, and in which languages it has an own text."""

    kind: str = Field(examples=["order_paid"])
    audience: Audience = Field(examples=["buyer"])
    """Who gets it: owners of accounts, buyers about their orders, operators, or people of vendors."""
    placeholders: list[PlaceholderRead]
    """Values that own texts may have in braces."""
    subjects: dict[str, str] = Field(examples=[{"en": "Your order {number} is confirmed"}])
    """The shipped subject, by language of the marketplace."""
    own: list[str] = Field(examples=[["de"]])
    """Languages that have an own text."""
    missing: list[str] = Field(examples=[["fr"]])
    """Languages whose readers get the shipped text although another language has an own one."""


class MailKindRead(MailKindSummary):
    """A kind of mail with its own texts."""

    texts: list[MailTemplateRead]


class MailPreview(Shape):
    """A message as it would be written, with made-up data."""

    locale: str = Field(examples=["de"])
    subject: str = Field(examples=["Thank you, Ada Lovelace: your order M-100042 is confirmed"])
    html: str = Field(examples=["<!doctype html>"])
    text: str = Field(examples=["Hello Ada Lovelace,"])


class SentPreview(Shape):
    """A preview that is on its way."""

    recipient: str = Field(examples=["ada@example.com"])
