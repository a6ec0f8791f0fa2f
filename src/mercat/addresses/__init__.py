"""Where things go: how addresses are written, and what belongs to one in each country.

Owns: the shapes of addresses, and the check of one by its country.
Calls: nothing.
Publishes: nothing.
Listens: nothing.
"""

from mercat.addresses.schemas import Address, AddressRead
from mercat.addresses.validation import AddressRefused, require_complete

__all__ = ["Address", "AddressRead", "AddressRefused", "require_complete"]
