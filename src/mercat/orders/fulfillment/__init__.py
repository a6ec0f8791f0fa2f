"""Fulfillment: shipments, deliveries, replacements."""
