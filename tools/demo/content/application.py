"""The shop that somebody has applied for, and that waits for the operator."""

from mercat.vendors.onboarding import ApplicationCreate, BusinessAddress


def application() -> ApplicationCreate:
    """Return what the applicant has written."""
    return ApplicationCreate(
        name="Wax & Wick",
        slug="wax-and-wick",
        tagline="Beeswax candles, dipped one by one",
        description="Candles from the wax of our own bees, poured and dipped in a barn outside Freiburg.",
        legal_name="Ottilie Wachs",
        address=BusinessAddress(line1="Am Immenhof 3", city="Freiburg", postal_code="79117", country="DE"),
        tax_id="DE240200424",
        contact_email="hello@wax-and-wick.example",
    )
