"""The settings under which a demo runs: those of the user, and what a demo on one computer adds to them."""

import json
import os
from pathlib import Path

from mercat import embedded

LIMITS = tuple(f"MERCAT_RATE_LIMIT_{kind}" for kind in ("READ", "WRITE", "HEALTH", "WEBHOOKS", "MAIL", "ACCOUNT"))
OUT_OF_THE_WAY = "1000000/minute"
"""Scripts and load tests of a developer all come from one address: they are counted, and not stopped."""
RATES = {"CHF": "0.9412", "JPY": "163.18", "KWD": "0.3345", "USD": "1.0842"}
"""Fixed, so that prices in other currencies are there without any network."""


def defaults(folder: Path, url: str) -> dict[str, str]:
    """Return what a demo adds to the settings; commands that are run on its folder take it from there."""
    return {
        "MERCAT_PUBLIC_URL": url,
        "MERCAT_MAIL_URL": f"maildir://{folder / 'mail'}",
        "MERCAT_ENVIRONMENT": "development",
        "MERCAT_TEST_PAYMENTS": "true",
        "MERCAT_LOCALES": "en,de,fr,ar,ja",
        "MERCAT_MARKETPLACE_ADDRESS": "Mercat demo marketplace|1 Market Hall|10115 Berlin",
        "MERCAT_MARKETPLACE_TAX_ID": "DE136695976",
        "MERCAT_COMMISSION_TAX_RATE": "0.19",
        "MERCAT_CURRENCIES": json.dumps(list(RATES)),
        "MERCAT_RATES": json.dumps(RATES),
        **dict.fromkeys(LIMITS, OUT_OF_THE_WAY),
    }


def of_demo(folder: Path, url: str, database_url: str, redis_url: str) -> dict[str, str]:
    """Return the environment of the product's parts. The user's own settings win, but for where the servers are.

    The folder keeps what the demo adds, for commands.
    """
    embedded.keep_settings(folder, defaults(folder, url))
    decided = {
        "MERCAT_DATABASE_URL": database_url,
        "MERCAT_REDIS_URL": redis_url,
        "MERCAT_DATA_DIR": str(folder),
    }
    return {**os.environ, **embedded.settings_of(folder), **embedded.own_settings(), **decided}
