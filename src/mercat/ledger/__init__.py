"""The books: every movement of money as a balanced entry, added in the transaction of its cause and never altered.

Owns: ledger entries, their postings, and totals of these.
Calls: auth, outbox.
Publishes: nothing.
Listens: nothing.
"""

from mercat.ledger import jobs
from mercat.ledger.accounts import SHARE_OF_VENDOR, Account
from mercat.ledger.numbers import NUMBERS
from mercat.ledger.postings import Entry, Posting, post
from mercat.ledger.queries import of_payment, unbalanced
from mercat.ledger.router import router
from mercat.ledger.shares import Left, added_up, left_in_order, times_booked
from mercat.ledger.totals import CERTAIN_AFTER, closed, fold, standing

__all__ = [
    "CERTAIN_AFTER",
    "NUMBERS",
    "SHARE_OF_VENDOR",
    "Account",
    "Entry",
    "Left",
    "Posting",
    "added_up",
    "closed",
    "fold",
    "jobs",
    "left_in_order",
    "of_payment",
    "post",
    "router",
    "standing",
    "times_booked",
    "unbalanced",
]
