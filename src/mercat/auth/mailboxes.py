"""Which mailbox an address leads to: what is limited per customer is counted by it, and not by how it is written."""

DOTS_MEAN_NOTHING = frozenset({"gmail.com", "googlemail.com"})


def mailbox_of(email: str) -> str:
    """Return the address that others of the same mailbox have in common.

    Capitals, what follows a plus, and dots at Gmail make no other mailbox. To be compared, never to be written to.
    """
    name, _, domain = email.strip().lower().rpartition("@")
    name = name.partition("+")[0] or name
    if domain in DOTS_MEAN_NOTHING:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"
