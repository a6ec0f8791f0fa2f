"""Languages that products are searched in."""

from mercat import i18n
from mercat.kit.database import Reads


async def searched(_reads: Reads, _locale: str) -> str:
    """Return the language whose documents answer those who read in one."""
    return i18n.source_locale()
