"""Onboarding of vendors, and the decisions about them: applied, approved, rejected, suspended, reinstated.

Owns: the life cycle of vendors.
Calls: auth, audit, addresses, outbox.
Publishes: VendorApplied, VendorApproved, VendorRejected, VendorSuspended, VendorReinstated.
Listens: nothing.
"""

from mercat.vendors.lifecycle import Decision
from mercat.vendors.onboarding.queries import of_person as applications_of
from mercat.vendors.onboarding.queries import record_of
from mercat.vendors.onboarding.router import details_router, operators_router, own_router, router
from mercat.vendors.onboarding.schemas import ApplicationCreate, ApplicationRead, VendorRecord
from mercat.vendors.onboarding.service import apply, decide
from mercat.vendors.schemas import BusinessAddress, LegalDetailsWrite

routers = (router, own_router, operators_router, details_router)

__all__ = [
    "ApplicationCreate",
    "ApplicationRead",
    "BusinessAddress",
    "Decision",
    "LegalDetailsWrite",
    "VendorRecord",
    "applications_of",
    "apply",
    "decide",
    "record_of",
    "routers",
]
