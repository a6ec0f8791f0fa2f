"""The books: every movement of money as a balanced entry, added in the transaction of its cause and never altered.

Owns: ledger entries and their postings.
Calls: auth.
Publishes: nothing.
Listens: nothing.
"""

from mercat.ledger.accounts import SHARE_OF_SHOP, Account
from mercat.ledger.posting import Entry, Posting, post
from mercat.ledger.queries import of_payment, unbalanced
from mercat.ledger.router import router

__all__ = ["SHARE_OF_SHOP", "Account", "Entry", "Posting", "of_payment", "post", "router", "unbalanced"]
