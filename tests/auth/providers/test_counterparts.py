"""The providers of these tests are as strict as they say: what would be let in by mistake is refused by them."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from identity_providers import BACK, GithubProvider, IdentityProvider, OpenIDProvider

VERIFIER = "v" * 43


@pytest.fixture(params=["google", "github"])
def there(request: pytest.FixtureRequest) -> IdentityProvider:
    provider: IdentityProvider = request.getfixturevalue(request.param)
    return provider


async def ask(web: httpx2.AsyncClient, there: IdentityProvider, **other: str | None) -> httpx2.Response:
    query = {
        "client_id": there.client.client_id,
        "response_type": "code",
        "redirect_uri": BACK.format(name=there.name),
        "scope": " ".join(sorted(there.scopes)),
        "state": "s",
        "nonce": "n",
        "code_challenge": create_s256_code_challenge(VERIFIER),
        "code_challenge_method": "S256",
        **other,
    }
    sent = urlencode({name: value for name, value in query.items() if value is not None})
    return await web.get(f"{there.url}{there.paths['authorize']}?{sent}")


async def code_of(web: httpx2.AsyncClient, there: IdentityProvider, **other: str) -> str:
    answer = await ask(web, there, **other)
    assert answer.status_code == 302, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


async def redeem(web: httpx2.AsyncClient, there: IdentityProvider, code: str, **other: str | None) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK.format(name=there.name),
        "code_verifier": VERIFIER,
        "client_id": there.client.client_id,
        "client_secret": there.client.secret,
        **other,
    }
    sent = {name: value for name, value in form.items() if value is not None}
    answer = await web.post(there.url + there.paths["token"], data=sent)
    found: dict[str, Any] = answer.json()
    return found


async def test_a_request_as_it_should_be_is_answered(web: httpx2.AsyncClient, there: IdentityProvider) -> None:
    given = await redeem(web, there, await code_of(web, there))

    assert given["access_token"]
    assert ("id_token" in given) == (there.name == "google")


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_challenge": None},
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": None},
        {"client_id": "somebody else"},
        {"scope": "everything"},
        {"response_type": "token"},
    ],
)
async def test_a_wrong_request_gets_no_code(
    web: httpx2.AsyncClient, there: IdentityProvider, wrong: dict[str, str | None]
) -> None:
    answer = await ask(web, there, **wrong)

    assert "code" not in parse_qs(urlsplit(answer.headers.get("location", "")).query)
    assert there.codes == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": None},
        {"client_secret": "guessed"},
        {"client_secret": None},
        {"client_id": "somebody else"},
        {"code": "made up"},
    ],
)
async def test_a_wrong_redeeming_gets_no_token(
    web: httpx2.AsyncClient, there: IdentityProvider, wrong: dict[str, str | None]
) -> None:
    refused = await redeem(web, there, **{"code": await code_of(web, there), **wrong})  # type: ignore[arg-type]  # a code is a str

    assert "access_token" not in refused
    assert refused["error"]
    assert there.tokens == {}


async def test_a_code_works_once(web: httpx2.AsyncClient, there: IdentityProvider) -> None:
    code = await code_of(web, there)
    await redeem(web, there, code)

    assert (await redeem(web, there, code))["error"] in {"invalid_grant", "bad_verification_code"}
    assert len(there.tokens) == 1


async def test_google_needs_a_nonce_and_takes_each_once(web: httpx2.AsyncClient, google: OpenIDProvider) -> None:
    assert "code" not in (await ask(web, google, nonce=None)).headers.get("location", "")
    await code_of(web, google)
    assert "code=" not in (await ask(web, google)).headers.get("location", "")


async def test_what_is_ones_own_needs_a_token_of_the_right_scope(
    web: httpx2.AsyncClient, google: OpenIDProvider, github: GithubProvider
) -> None:
    narrow = await redeem(web, github, await code_of(web, github, scope="read:user"))
    bearer = {"Authorization": f"Bearer {narrow['access_token']}"}

    assert (await web.get(f"{github.url}/user", headers=bearer)).json()["id"] == 1001
    assert (await web.get(f"{github.url}/user/emails", headers=bearer)).status_code == 403
    for url in (f"{github.url}/user", f"{github.url}/user/emails", f"{google.url}/userinfo"):
        assert (await web.get(url)).status_code == 401
        assert (await web.get(url, headers={"Authorization": "Bearer x"})).status_code == 401
    given = await redeem(web, google, await code_of(web, google))
    own = await web.get(f"{google.url}/userinfo", headers={"Authorization": f"Bearer {given['access_token']}"})
    assert own.json()["sub"] == "1001"
