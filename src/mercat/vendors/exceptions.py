"""Errors of vendors and their members."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Forbidden, Invalid, NotFound


class VendorNotFound(NotFound):
    """There is no such vendor."""

    code = "vendors.not_found"
    detail = "There is no such shop."


class VendorSlugTaken(Conflict):
    """Another vendor has it, or the marketplace reserves it."""

    code = "vendors.slug_taken"
    detail = "Another shop has this slug. Choose one of your own."


class ApplicationOpen(Conflict):
    """One at a time."""

    code = "vendors.application_open"
    detail = "You have applied for a shop already. Wait for the answer."


class ApplicationNotFound(NotFound):
    """The account has never made an application."""

    code = "vendors.application_not_found"
    detail = "You have not applied for a shop."


class InvalidTaxId(Invalid):
    """No such VAT id can exist in the country."""

    code = "vendors.invalid_tax_id"
    detail = "This is no VAT id of the country of your address."


class LegalDetailsMissing(Conflict):
    """A vendor without the required legal details cannot sell."""

    code = "vendors.legal_details_missing"
    detail = "A vendor cannot sell before its legal details are known. Missing: {missing}."


class IllegalVendorMove(Conflict):
    """The vendor's life cycle has no such transition."""

    code = "vendors.illegal_move"
    detail = "A shop that is {current} cannot become {wanted}."


class VendorIsSuspended(Conflict):
    """What a suspended vendor cannot do."""

    code = "vendors.suspended"
    detail = "Your shop is suspended: nothing can be added or changed until it is reinstated."


class MemberNotFound(NotFound):
    """Not a member of this vendor."""

    code = "vendors.member_not_found"
    detail = "Nobody like that works for this shop."


class AlreadyMember(Conflict):
    """The address belongs to a member already."""

    code = "vendors.already_member"
    detail = "They work for this shop already."


class LastVendorOwner(Conflict):
    """A vendor keeps at least one owner."""

    code = "vendors.last_owner"
    detail = "The shop would be left without an owner. Make somebody else its owner first."


class AboveYourRole(Forbidden):
    """A member cannot grant a role above their own, or change a member who has one."""

    code = "vendors.above_your_role"
    detail = "This is above your own role in the shop."


class InvitationNotFound(NotFound):
    """There is none, or it was answered or withdrawn."""

    code = "vendors.invitation_not_found"
    detail = "There is no such open invitation."


class InvitedTwice(Conflict):
    """Two invitations of one address at the same moment."""

    code = "vendors.invited_twice"
    detail = "This address has just been invited."


class NotInvited(Forbidden):
    """The invitation went to an address that is not proven to be this account's."""

    code = "vendors.not_invited"
    detail = "This invitation is for another address. Sign in with the one it was sent to, and verify it."


CONSTRAINTS["uq_vendors_slug"] = VendorSlugTaken
CONSTRAINTS["uq_vendors_open_application"] = ApplicationOpen
CONSTRAINTS["uq_vendor_invitations_open"] = InvitedTwice
