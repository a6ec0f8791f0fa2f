"""The running product against its own description: no failure of ours, no status that the document does not name."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from journeys.conftest import Product
from mercat.auth import Role
from shopping import Shop

pytestmark = pytest.mark.long

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance"
SEED = "20261124"
LEAVING = r"/users/me/(sessions|erase|password)"
"""What would sign the operator out in the middle of it."""


@pytest.mark.parametrize("role", [None, Role.admin, Role.vendor])
async def test_every_operation_answers_as_described(
    product: Product, shop: Shop, role: Role | None, size: Callable[[int, int], int]
) -> None:
    await shop.item()
    headers = (await shop.person(role)).headers if role else {}
    product.serve()
    async with httpx2.AsyncClient(timeout=60) as client:  # drawn once, which takes longer than the program waits
        assert (await client.get(f"{product.url}/openapi.json")).status_code == 200

    said = await asyncio.to_thread(tried, product, headers, size(2 if role is Role.admin else 1, 4))

    assert said == "", said
    assert "unhandled_error" not in product.logs()


def tried(product: Product, headers: dict[str, str], examples: int) -> str:
    """Send every operation what its description allows and what it forbids; returns what was wrong."""
    command = [
        str(SCHEMATHESIS),
        "run",
        f"{product.url}/openapi.json",
        f"--checks={CHECKS}",
        "--phases=examples,fuzzing",
        f"--max-examples={examples}",
        f"--seed={SEED}",
        "--continue-on-failure",
        "--no-color",
        "--warnings=off",
        f"--exclude-path-regex={LEAVING}",
        *(f"--header={name}: {value}" for name, value in headers.items()),
    ]
    done = subprocess.run(command, cwd=product.folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout[-6000:] + done.stderr[-2000:]
