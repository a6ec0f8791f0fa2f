"""What other rooms entrust to accounts: roles that come with something else, and links in mail that work once.

The door for rooms in which people become something: who works for a shop may sell, whoever asks them to.
"""

from mercat.auth.delegation.roles import give, lock, take
from mercat.auth.exceptions import InvalidLink
from mercat.auth.one_time import LIFE, issue, use
from mercat.auth.schemas import key_of

__all__ = ["LIFE", "InvalidLink", "give", "issue", "key_of", "lock", "take", "use"]
