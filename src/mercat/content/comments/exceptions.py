"""How a comment can be refused."""

from mercat.kit.problems import Conflict, NotFound


class CommentNotFound(NotFound):
    """No such comment, or not for this reader."""

    code = "comments.not_found"
    detail = "There is no such comment."


class OwnComment(Conflict):
    """A report about one's own words."""

    code = "comments.own_comment"
    detail = "This is your own comment."


class CommentChanged(Conflict):
    """Its author was faster than the moderator: what was looked at is not what there is."""

    code = "comments.changed"
    detail = "The comment was changed meanwhile. Look at it again."


class IllegalCommentMove(Conflict):
    """The comment's life does not go that way."""

    code = "comments.illegal_transition"
    detail = "A comment that is {current} cannot become {wanted}."
