"""Webhooks of providers, as they came."""

from mercat.payments.inbox.service import KeptNotice, about, dealt_with, keep, kept

__all__ = ["KeptNotice", "about", "dealt_with", "keep", "kept"]
