"""Links to an order that open it without an account, as mail carries them.

Owns: nothing.
Calls: auth.
Publishes: nothing.
Listens: nothing.
"""

from mercat.orders.links.signatures import link_key, read_by_link

__all__ = ["link_key", "read_by_link"]
