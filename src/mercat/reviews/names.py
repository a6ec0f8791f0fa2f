"""How people are named in public."""

from mercat.auth import SOMEBODY


def public_name(name: str) -> str:
    """Return a first name and an initial, and nothing of an address that is given as a name."""
    if "@" in name:
        return SOMEBODY
    first, _, last = name.strip().rpartition(" ")
    if not first:
        return last or SOMEBODY
    return f"{first} {last[0].upper()}."
