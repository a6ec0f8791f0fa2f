"""What can be wrong with shops and their people."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Forbidden, Invalid, NotFound


class VendorNotFound(NotFound):
    """There is no such shop."""

    code = "vendors.not_found"
    detail = "There is no such shop."


class VendorSlugTaken(Conflict):
    """Another shop has it, or the marketplace keeps it for itself."""

    code = "vendors.slug_taken"
    detail = "Another shop has this slug. Choose one of your own."


class ApplicationOpen(Conflict):
    """One at a time."""

    code = "vendors.application_open"
    detail = "You have applied for a shop already. Wait for the answer."


class ApplicationNotFound(NotFound):
    """Somebody asked for an application and has never made one."""

    code = "vendors.application_not_found"
    detail = "You have not applied for a shop."


class InvalidTaxId(Invalid):
    """No such VAT id can exist in the country."""

    code = "vendors.invalid_tax_id"
    detail = "This is no VAT id of the country of your address."


class LegalDetailsMissing(Conflict):
    """Nobody sells whose invoices could not say who they are."""

    code = "vendors.legal_details_missing"
    detail = "A vendor cannot sell before its legal details are known. Missing: {missing}."


class IllegalVendorMove(Conflict):
    """A shop's life does not go that way."""

    code = "vendors.illegal_move"
    detail = "A shop that is {current} cannot become {wanted}."


class VendorIsSuspended(Conflict):
    """What a suspended shop cannot do."""

    code = "vendors.suspended"
    detail = "Your shop is suspended: nothing can be added or changed until it is reinstated."


class MemberNotFound(NotFound):
    """Nobody of this shop."""

    code = "vendors.member_not_found"
    detail = "Nobody like that works for this shop."


class AlreadyMember(Conflict):
    """Nobody is asked twice."""

    code = "vendors.already_member"
    detail = "They work for this shop already."


class LastVendorOwner(Conflict):
    """A shop belongs to somebody."""

    code = "vendors.last_owner"
    detail = "The shop would be left without an owner. Make somebody else its owner first."


class AboveYourRole(Forbidden):
    """Nobody gives more than they have, or changes whoever has more."""

    code = "vendors.above_your_role"
    detail = "This is above your own role in the shop."


class InvitationNotFound(NotFound):
    """There is none, or it was answered or taken back."""

    code = "vendors.invitation_not_found"
    detail = "There is no such open invitation."


class InvitedTwice(Conflict):
    """Two invitations of one address at the same moment."""

    code = "vendors.invited_twice"
    detail = "This address has just been invited."


class NotInvited(Forbidden):
    """The invitation went to an address that is not shown to be this account's."""

    code = "vendors.not_invited"
    detail = "This invitation is for another address. Sign in with the one it was sent to, and verify it."


CONSTRAINTS["uq_vendors_slug"] = VendorSlugTaken
CONSTRAINTS["uq_vendors_open_application"] = ApplicationOpen
CONSTRAINTS["uq_vendor_invitations_open"] = InvitedTwice
