"""Sending what was bought: shipments, deliveries, replacements."""
