"""Languages: which one a reader wants, and our own words in it.

Owns: the locales and their message catalogues (gettext, `locales/*.po`).
Calls: nothing.
Publishes: nothing.
Listens: nothing.
"""

from mercat.i18n.messages import DEFAULT_LOCALE, LOCALES, Translator, negotiate, translate

__all__ = ["DEFAULT_LOCALE", "LOCALES", "Translator", "negotiate", "translate"]
