"""Refunds of orders: what is refundable, how an amount is split, and the verbs that refund."""
