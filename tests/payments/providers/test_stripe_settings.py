"""What Stripe costs those who do not use it, and what its settings show."""

import os
import subprocess
import sys

from pydantic import SecretStr

from mercat.payments.providers.stripe import StripeSettings
from stripe_server import StripeServer
from surroundings import python_path

SURROUNDINGS = os.environ | {"PYTHONPATH": python_path()}
SECRETS = ("sk_live_abc", "whsec_abc")


def test_the_sdk_is_not_loaded_before_somebody_connects() -> None:
    script = (
        "import sys, mercat.main, mercat.worker; from mercat.payments.providers import stripe as ours\n"
        "assert 'stripe' not in sys.modules\n"
        "ours.connect(ours.StripeSettings())\n"
        "assert 'stripe' in sys.modules\n"
        "import stripe; assert not stripe.enable_telemetry"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, env=SURROUNDINGS)


def test_settings_show_no_secrets() -> None:
    secret, signing = SECRETS
    settings = StripeSettings(stripe_secret_key=SecretStr(secret), stripe_webhook_secret=SecretStr(signing))
    assert not any(hidden in f"{settings!r} {settings}" for hidden in SECRETS)


def test_another_process_finds_stripe_by_its_settings(stripe_server: StripeServer) -> None:
    script = (
        "import asyncio, uuid; from mercat.payments.providers import stripe as ours\n"
        "from mercat.payments.providers.interface import ChargeRequest; from mercat.kit.money import Money\n"
        "wish = ChargeRequest(uuid.uuid4(), uuid.uuid4(), 'M-1', Money(500, 'EUR'), method_ref='pm_card_visa')\n"
        "print(asyncio.run(ours.connect(ours.StripeSettings()).open(wish)).state)"
    )
    surroundings = SURROUNDINGS | stripe_server.settings
    said = subprocess.run([sys.executable, "-c", script], check=True, env=surroundings, stdout=subprocess.PIPE).stdout
    assert said == b"captured\n"
    assert len(stripe_server.books["charge"]) == 1
