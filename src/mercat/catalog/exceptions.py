"""How the catalogue can refuse."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, NotFound


class ProductNotFound(NotFound):
    """No such product, or not for this reader."""

    code = "catalog.product_not_found"
    detail = "There is no such product."


class ProductOrdered(Conflict):
    """A product that was ordered cannot be purged."""

    code = "catalog.product_ordered"
    detail = "This product was ordered and stays in the books. It is deleted, so nobody sees it."


class CategoryNotFound(NotFound):
    """No such category."""

    code = "catalog.category_not_found"
    detail = "There is no such category."


class CategoryParentDeleted(Conflict):
    """The category's parent is deleted itself, so that it cannot be restored."""

    code = "catalog.category_parent_deleted"
    detail = "The category above it is deleted. Restore that one first."


class UnknownCategory(Invalid):
    """A product names a category that does not exist."""

    code = "catalog.unknown_category"
    detail = "The category does not exist."


class UnknownVendor(Invalid):
    """A product names a vendor that does not exist or for whom the actor does not work."""

    code = "catalog.unknown_vendor"
    detail = "You cannot add products to that shop."


class SkuTaken(Conflict):
    """Another variant of this vendor has the SKU."""

    code = "catalog.sku_taken"
    detail = "Another variant of this shop has the same SKU."


class DuplicateVariant(Invalid):
    """Two variants with the same options."""

    code = "catalog.duplicate_variant"
    detail = "Two variants of the product have the same options."


class UnknownVariant(Invalid):
    """A product's update names a variant that it does not have."""

    code = "catalog.unknown_variant"
    detail = "The product has no such variant."


class VariantNotFound(NotFound):
    """No such variant, or not for this reader."""

    code = "catalog.variant_not_found"
    detail = "There is no such variant."


class OptionsMismatch(Invalid):
    """A variant does not choose a value for exactly the product's options."""

    code = "catalog.options_mismatch"
    detail = "Every variant must have a value for each option of the product and for no other."


class PriceMissing(Invalid):
    """Neither the variant nor the product names a price, or it is below zero."""

    code = "catalog.price_missing"
    detail = "Every variant needs a price of zero or more, in the marketplace's currency."


class HasVariants(Invalid):
    """SKU, stock and barcode of a product with several variants are set on the variants."""

    code = "catalog.has_variants"
    detail = "The product has several variants: set this on each of them."


class SlugTaken(Conflict):
    """Another product has or had the slug."""

    code = "catalog.slug_taken"
    detail = "Another product has or had this slug."


class CategoryTaken(Conflict):
    """Another category has the slug."""

    code = "catalog.category_taken"
    detail = "There is already a category with this slug."


class CategoryLoop(Conflict):
    """A category cannot be put below itself."""

    code = "catalog.category_loop"
    detail = "A category cannot be moved below itself."


class CategoryInUse(Conflict):
    """A category with children or products cannot go."""

    code = "catalog.category_in_use"
    detail = "The category still has products or sub-categories."


CONSTRAINTS["uq_variants_vendor_id_sku"] = SkuTaken
CONSTRAINTS["uq_variants_product_id_options"] = DuplicateVariant
CONSTRAINTS["pk_product_slugs"] = SlugTaken
CONSTRAINTS["uq_categories_slug"] = CategoryTaken
CONSTRAINTS["fk_categories_parent_id"] = CategoryInUse
CONSTRAINTS["fk_products_category_id"] = CategoryInUse
CONSTRAINTS["fk_products_vendor_id"] = UnknownVendor
