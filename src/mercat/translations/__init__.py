"""Texts in other languages: of products, categories, brands, vendors and whatever else has texts of its own.

A text is written in the source language (the first of `MERCAT_LOCALES`), where it is a column of what it belongs to.
This room holds it in the others. It knows no such thing itself: each room registers its kinds, as data.

Owns: texts in other languages, slugs in other languages.
Calls: files, auth, audit, outbox, i18n.
Publishes: TranslationsChanged.
Listens: nothing.
"""

from mercat.translations.kinds import HTML, LONGEST_PROSE, NAME, Kind, Slugs, TextField, register
from mercat.translations.router import routers
from mercat.translations.service import bring_in, forget
from mercat.translations.texts import NOTHING, Key, Texts, load, load_for_readers, load_in_transaction

__all__ = [
    "HTML",
    "LONGEST_PROSE",
    "NAME",
    "NOTHING",
    "Key",
    "Kind",
    "Slugs",
    "TextField",
    "Texts",
    "bring_in",
    "forget",
    "load",
    "load_for_readers",
    "load_in_transaction",
    "register",
    "routers",
]
