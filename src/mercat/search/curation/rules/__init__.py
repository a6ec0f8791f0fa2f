"""Rules: what operators do about certain queries: pin products first, bury them last, or lead somewhere else.

Owns: rules.
Calls: catalog, vendors, auth, audit, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.search.curation.rules.effects import Effect, Kind, Redirect, Rule, Rules
from mercat.search.curation.rules.redirects import place_of

__all__ = ["Effect", "Kind", "Redirect", "Rule", "Rules", "place_of"]
