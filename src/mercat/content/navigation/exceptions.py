"""How menus and redirects can be refused."""

from mercat.kit.problems import CONSTRAINTS, Conflict, NotFound


class MenuNotFound(NotFound):
    """No such menu."""

    code = "menus.not_found"
    detail = "There is no such menu."


class RedirectNotFound(NotFound):
    """No such redirect."""

    code = "redirects.not_found"
    detail = "There is no such redirect."


class RedirectExists(Conflict):
    """The path is redirected already."""

    code = "redirects.exists"
    detail = "This path is redirected already. Delete that redirect first."


class RedirectLoop(Conflict):
    """Following redirects would lead back to where one was."""

    code = "redirects.loop"
    detail = "This redirect would lead in a circle."


CONSTRAINTS["uq_redirects_from_path"] = RedirectExists
CONSTRAINTS["ck_redirects_elsewhere"] = RedirectLoop
