"""What other rooms entrust to accounts: roles that come with something else, and links in mail that work once.

The interface for domains in which people get roles: a member of a vendor may sell, whoever invites them.
"""

from mercat.auth.delegation.roles import give, lock, take
from mercat.auth.exceptions import InvalidLink
from mercat.auth.one_time import LIFE, issue, use
from mercat.auth.schemas import key_of

__all__ = ["LIFE", "InvalidLink", "give", "issue", "key_of", "lock", "take", "use"]
