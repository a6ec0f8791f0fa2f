"""How keeping people's profiles can be refused."""

from mercat.auth.management import ConfirmationNeeded
from mercat.kit.problems import Conflict, NotFound


class AddressNotFound(NotFound):
    """No such address of one's own."""

    code = "users.address_not_found"
    detail = "There is no such address in your address book."


class AddressBookFull(Conflict):
    """More addresses than a person keeps."""

    code = "users.address_book_full"
    detail = "The address book holds {limit} addresses at most."


class OwnEmail(ConfirmationNeeded):
    """One's own address opens the account: it takes more than a signed-in browser to change it."""

    detail = "Your own e-mail address is changed by POST /users/me/email, which asks for your password."
