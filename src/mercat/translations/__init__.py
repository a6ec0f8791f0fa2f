"""Texts in other languages: of products, categories, brands, vendors and whatever else has texts of its own.

A text is written in the source language (the first of `MERCAT_LOCALES`), where it is a column of what it belongs to.
This room holds it in the others. It knows no such thing itself: each room names its kinds.

Owns: texts in other languages, slugs in other languages.
Calls: outbox, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.translations.texts import NOTHING, Key, Texts, load

__all__ = ["NOTHING", "Key", "Texts", "load"]
