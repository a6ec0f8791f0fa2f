"""The shops that people have applied for, and that wait for the operator."""

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


def bakery() -> ApplicationCreate:
    """Return what somebody else has written, in German."""
    return ApplicationCreate(
        name="Bäckerei Süßes Glück",
        slug="suesses-glueck",
        tagline="Lebkuchen und Früchtebrot aus Nürnberg",
        description="Wir backen nach dem Rezept der Großmutter: viel Nuss, wenig Mehl und kein Stück ohne Prüfung.",
        legal_name="Jürgen Bäcker e. K.",
        address=BusinessAddress(line1="Füll 9", city="Nürnberg", postal_code="90403", country="DE"),
        tax_id="DE283476519",
        contact_email="gruesse@suesses-glueck.example",
    )
