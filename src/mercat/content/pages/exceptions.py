"""How a page can be refused."""

from mercat.kit.problems import CONSTRAINTS, Conflict, NotFound


class PageNotFound(NotFound):
    """No such page, or no such version of it, or none that is published."""

    code = "pages.not_found"
    detail = "There is no such page."


class PageExists(Conflict):
    """Another page has the slug."""

    code = "pages.exists"
    detail = "There is such a page. Write a new version of it."


class PageVersionPublished(Conflict):
    """A version that is published, or behind one that is, cannot be published."""

    code = "pages.version_published"
    detail = "This version or a later one is published. Write a new version."


CONSTRAINTS["uq_pages_slug"] = PageExists
