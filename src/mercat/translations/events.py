"""What happened to texts in other languages."""

from typing import ClassVar

from mercat.outbox import DomainEvent


class TranslationsChanged(DomainEvent):
    """Texts or slugs of these things are others now, in these languages."""

    name: ClassVar[str] = "translations.changed"
    kind: str
    keys: tuple[str, ...]
    locales: tuple[str, ...]
