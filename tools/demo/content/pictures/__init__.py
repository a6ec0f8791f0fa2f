"""Pictures drawn by code: one SVG per product and a sign per shop, without fonts, scripts or references."""
