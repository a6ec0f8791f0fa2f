"""What of shipping can be translated: the names of its methods."""

from mercat import translations
from mercat.translations import NAME

METHODS = """
SELECT id, vendor_id AS owner_id, jsonb_build_object('name', name) AS texts
FROM shipping_methods WHERE deleted_at IS NULL
"""

SHIPPING_METHOD = translations.Kind(
    name="shipping_method",
    path="/shipping/methods",
    parameter="method_id",
    tag="pricing",
    fields={"name": NAME},
    sources=METHODS,
)
translations.register(SHIPPING_METHOD)
