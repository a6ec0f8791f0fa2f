"""The chart of accounts."""

from enum import StrEnum


class Account(StrEnum):
    """What an amount is on. Debits are what the marketplace has or has spent, credits what it owes or has earned."""

    cash = "cash"
    """Money with a provider or in the bank; the party is the provider."""
    prepayments = "prepayments"
    """Owed to buyers: captured money that is for no order yet, or is refunded."""
    sales = "sales"
    """Owed to a vendor for goods, without tax; the party is the vendor."""
    shipping = "shipping"
    """Owed to a vendor for shipping them, without tax."""
    tax = "tax"
    """Tax that a vendor has taken from its buyers."""
    fees = "fees"
    """What providers keep for themselves."""
    disputes = "disputes"
    """Money that a buyer's bank holds until a dispute is decided."""
    losses = "losses"
    """Money that is gone: disputes that were lost."""
    gift_cards = "gift_cards"
    """Owed to holders of gift cards."""
    gifts_given = "gifts_given"
    """What free gift cards have cost."""
    commission = "commission"
    """Owed by a vendor: the commission on what it sold, with tax; the party is the vendor."""
    commission_income = "commission_income"
    """What the marketplace has earned by its commission, without tax; the party is the vendor that owed it."""
    commission_tax = "commission_tax"
    """Tax on the commission, which the marketplace owes to the tax office."""
    payable = "payable"
    """Owed to a vendor and cleared: what it can be paid out; the party is the vendor."""
    payouts = "payouts"
    """On its way to a vendor; the party is the vendor."""
    adjustments = "adjustments"
    """Credits and debits of vendors by hand; the party is the vendor."""
    exchange_differences = "exchange_differences"
    """What converted amounts differ from each other once each is rounded; a debit is a loss."""


SHARE_OF_VENDOR = (Account.sales, Account.shipping, Account.tax, Account.commission)
"""What a vendor is owed for its orders until they clear, less its debts."""
