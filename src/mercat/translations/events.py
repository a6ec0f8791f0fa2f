"""What happened to texts in other languages."""

from typing import ClassVar

from mercat.outbox import DomainEvent


class TranslationsChanged(DomainEvent):
    """Texts or slugs of these things have changed in these languages: readers see them otherwise.

    `kind` is what the room that owns the things calls them, `keys` are their ids; an attribute's is its name.
    """

    name: ClassVar[str] = "translations.changed"
    kind: str
    keys: tuple[str, ...]
    locales: tuple[str, ...]
