"""Webhooks of providers, as they arrived."""

from mercat.payments.inbox.service import StoredWebhookEvent, about, dealt_with, keep, kept

__all__ = ["StoredWebhookEvent", "about", "dealt_with", "keep", "kept"]
