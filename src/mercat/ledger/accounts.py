"""The chart of accounts."""

from enum import StrEnum


class Account(StrEnum):
    """What an amount is on. Debits are what the marketplace has or has spent, credits what it owes or has earned."""

    cash = "cash"
    """Money with a provider or in the bank; the party is the provider."""
    prepayments = "prepayments"
    """Owed to buyers: money that came and is for no order yet, or goes back."""
    sales = "sales"
    """Owed to a shop for goods, without tax; the party is the shop."""
    shipping = "shipping"
    """Owed to a shop for sending them, without tax."""
    tax = "tax"
    """Tax that a shop has taken from its buyers."""
    fees = "fees"
    """What providers keep for themselves."""
    disputes = "disputes"
    """Money that a buyer's bank holds until a dispute is decided."""
    losses = "losses"
    """Money that is gone: disputes that were lost."""
    gift_cards = "gift_cards"
    """Owed to holders of gift cards."""
    gifts_given = "gifts_given"
    """What gift cards that nobody paid for have cost."""
    commission = "commission"
    """Owed by a shop: the marketplace's cut of what it sold, with tax; the party is the shop."""
    commission_income = "commission_income"
    """What the marketplace has earned by its cut, without tax; the party is the shop that it was taken from."""
    commission_tax = "commission_tax"
    """Tax on the marketplace's cut, which it owes to the tax office."""
    payable = "payable"
    """Owed to a shop and cleared: what it can be paid out; the party is the shop."""
    payouts = "payouts"
    """On its way to a shop; the party is the shop."""
    adjustments = "adjustments"
    """What the marketplace gave shops by hand, or took from them; the party is the shop."""


SHARE_OF_VENDOR = (Account.sales, Account.shipping, Account.tax, Account.commission)
"""What a shop is owed for its orders until they clear, its debts taken off."""
