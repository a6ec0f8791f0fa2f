"""How a review can be refused."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Forbidden, NotFound


class ReviewNotFound(NotFound):
    """No such review, or not for this reader."""

    code = "reviews.not_found"
    detail = "There is no such review."


class AlreadyReviewed(Conflict):
    """One review per buyer and product."""

    code = "reviews.already_reviewed"
    detail = "You have reviewed this product already. Change that review instead."


class NotReceived(Forbidden):
    """This vendor accepts reviews of delivered products only."""

    code = "reviews.not_received"
    detail = "Only those who have received a product can review it."


class OwnProduct(Forbidden):
    """A vendor's member cannot review its products."""

    code = "reviews.own_product"
    detail = "You cannot review what your own shop sells."


class OwnReview(Conflict):
    """A vote or a report about one's own words."""

    code = "reviews.own_review"
    detail = "This is your own review."


class TooManyPhotos(Conflict):
    """A review with as many photos as it may have."""

    code = "reviews.too_many_photos"
    detail = "A review has at most {limit} photos."


class PhotoNotFound(NotFound):
    """The review has no such photo."""

    code = "reviews.photo_not_found"
    detail = "The review has no such photo."


class ReviewChanged(Conflict):
    """Its author was faster than the moderator: what was looked at is not what there is."""

    code = "reviews.changed"
    detail = "The review was changed meanwhile. Look at it again."


class IllegalReviewMove(Conflict):
    """The review's life does not go that way."""

    code = "reviews.illegal_transition"
    detail = "A review that is {current} cannot become {wanted}."


CONSTRAINTS["uq_reviews_author_id_product_id"] = AlreadyReviewed
