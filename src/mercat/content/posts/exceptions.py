"""How a post can be refused."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, NotFound


class PostNotFound(NotFound):
    """No such post, or a draft of somebody else's."""

    code = "posts.not_found"
    detail = "There is no such post."


class PostSlugTaken(Conflict):
    """Another post was given the slug at the same moment."""

    code = "posts.slug_taken"
    detail = "Another post was given the same address at this moment. Try again."


class UnknownProducts(Invalid):
    """A post names a product that does not exist."""

    code = "posts.unknown_product"
    detail = "One of the related products does not exist."


class PostHasNoImage(NotFound):
    """There is nothing to delete."""

    code = "posts.no_image"
    detail = "The post has no picture."


CONSTRAINTS["uq_posts_slug"] = CONSTRAINTS["pk_post_slugs"] = PostSlugTaken
CONSTRAINTS["fk_post_products_product_id"] = UnknownProducts
