"""How changes to a product's pictures can be refused."""

from mercat.kit.problems import Conflict, NotFound


class ImageNotFound(NotFound):
    """The product has no such picture."""

    code = "catalog.image_not_found"
    detail = "The product has no such picture."


class TooManyPictures(Conflict):
    """A product with as many pictures as it may have."""

    code = "catalog.too_many_pictures"
    detail = "A product has at most {limit} pictures."


class OtherPictures(Conflict):
    """An order of pictures that names others than there are."""

    code = "catalog.other_pictures"
    detail = "Name every picture of the product exactly once. It may have got or lost one since you read it."
