"""Who changed what, written in the transaction of the change and never altered.

Owns: the audit log, and the personal values beside it that can be forgotten.
Calls: nothing.
Publishes: nothing.
Listens: nothing.
"""

from mercat.audit.changes import Change, Changes, SecretField, difference
from mercat.audit.personal import AuditRecord, record_of
from mercat.audit.queries import batches, by_cursor, page
from mercat.audit.schemas import AuditEntry, AuditFilter, AuditListing
from mercat.audit.service import Actor, Entry, forget, record, record_many, target_named

__all__ = [
    "Actor",
    "AuditEntry",
    "AuditFilter",
    "AuditListing",
    "AuditRecord",
    "Change",
    "Changes",
    "Entry",
    "SecretField",
    "batches",
    "by_cursor",
    "difference",
    "forget",
    "page",
    "record",
    "record_many",
    "record_of",
    "target_named",
]
