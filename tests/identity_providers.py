"""Providers of sign-in to test against: Authlib's own authorization server on Flask, each in a thread of its own.

`OpenIDProvider` plays Google, `GithubProvider` plays GitHub. Both are strict: a code works once, for the client whose
secret comes with it, with the address it was asked for, and only with the PKCE verifier whose S256 hash was sent; a
token opens only what its scope says. `person` is who sits at the browser and agrees to everything; tests make them say
no, make the provider speak nonsense, or forge what it signs.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin, InvalidRequestError, TokenMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, request
from joserfc import jws, jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

BACK = "http://127.0.0.1:8000/api/v1/auth/oauth/{name}/callback"
"""Where the shop under its default settings is come back to."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account at a provider."""

    subject: str = "1001"
    email: str | None = "ada@example.com"
    verified: bool = True
    first_name: str = "Ada"
    last_name: str = "Lovelace"


@dataclass
class Client(ClientMixin):
    """The shop, as a provider knows it."""

    client_id: str
    secret: str
    scopes: frozenset[str]
    redirect_uris: set[str]

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        wanted = (scope or "").split()
        return " ".join(wanted) if wanted and self.scopes.issuperset(wanted) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret.encode(), self.secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint == "token" and method == "client_secret_post"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class GivenCode(AuthorizationCodeMixin):
    """A code that was given out."""

    client_id: str
    redirect_uri: str
    scope: str
    person: Person
    nonce: str | None
    code_challenge: str
    code_challenge_method: str
    given_at: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.given_at


@dataclass(frozen=True)
class GivenToken(TokenMixin):
    """An access token that was given out."""

    scope: str
    person: Person

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False


class OnlyS256(CodeChallenge):
    """PKCE for every client, and none but S256."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 - as Authlib has it

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        sent = grant.request.payload.data
        if not sent.get("code_challenge") or sent.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with S256 is needed.")
        super().validate_code_challenge(grant, redirect_uri)


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log(self, *_: Any) -> None:
        return


class IdentityProvider:
    """One provider: start it, and let `person` sign in."""

    name: str
    paths: dict[str, str]
    """Where `authorize` and `token` are."""
    scopes: frozenset[str]

    def __init__(self) -> None:
        self.client = Client(f"shop-at-{self.name}", secrets.token_urlsafe(24), self.scopes, set())
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self.app = Flask(self.name)
        self._server_of_codes = AuthorizationServer(self.app, query_client=self._client, save_token=self._save_token)
        self._server_of_codes.register_grant(self._grant(), self._extensions())
        self.protected = ResourceProtector()
        self.protected.register_token_validator(self._validator())
        self.app.before_request(self._interrupt)
        self.app.add_url_rule(self.paths["authorize"], view_func=self._authorize, endpoint="authorize")
        self.app.add_url_rule(self.paths["token"], view_func=self._token, endpoint="token", methods=["POST"])
        self.reset()

    def reset(self) -> None:
        """Forget who was there, what was given out and how to misbehave."""
        self.person = Person()
        self.says_no = False
        self.codes: dict[str, GivenCode] = {}
        self.tokens: dict[str, GivenToken] = {}
        self.nonsense: dict[str, Response] = {}
        """By path: what is answered instead."""
        self.called: list[str] = []
        """The paths that were asked for, in order."""
        self.watch: Callable[[str], None] = lambda _path: None
        """Is called with each path, before there is an answer."""
        self.client.redirect_uris = {BACK.format(name=self.name)}

    @property
    def url(self) -> str:
        """Where it is."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.port}"

    def start(self, port: int = 0) -> None:
        """Answer from now on."""
        self._server = make_server("127.0.0.1", port, self._as_behind_tls, threaded=True, request_handler=Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        assert self._server is not None
        assert self._thread is not None
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _as_behind_tls(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Let Authlib, which serves over TLS alone, believe that a proxy in front of it has spoken TLS."""
        return self.app(environ | {"wsgi.url_scheme": "https"}, start_response)

    def _interrupt(self) -> Response | None:
        self.called.append(request.path)
        self.watch(request.path)
        return self.nonsense.get(request.path)

    def _client(self, client_id: str) -> Client | None:
        return self.client if client_id == self.client.client_id else None

    def _save_token(self, token: dict[str, Any], asked: Any) -> None:
        self.tokens[token["access_token"]] = GivenToken(token["scope"], asked.user)

    def _authorize(self) -> Response:
        try:
            grant = self._server_of_codes.get_consent_grant(end_user=self.person)
        except OAuth2Error as error:
            return Response(error.error, status=400)
        who = None if self.says_no else self.person
        return self._server_of_codes.create_authorization_response(grant=grant, grant_user=who)

    def _token(self) -> Response:
        return self._server_of_codes.create_token_response()

    def _extensions(self) -> list[Any]:
        return [OnlyS256(required=True)]

    def _grant(self) -> type[AuthorizationCodeGrant]:
        provider = self

        class Grant(AuthorizationCodeGrant):
            TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_post"]  # noqa: RUF012 - as Authlib has it

            def save_authorization_code(self, code: str, asked: Any) -> None:
                sent = asked.payload.data
                provider.codes[code] = GivenCode(
                    client_id=asked.client.client_id,
                    redirect_uri=sent["redirect_uri"],
                    scope=asked.scope,
                    person=asked.user,
                    nonce=sent.get("nonce"),
                    code_challenge=sent["code_challenge"],
                    code_challenge_method=sent["code_challenge_method"],
                )

            def query_authorization_code(self, code: str, client: Client) -> GivenCode | None:
                found = provider.codes.pop(code, None)  # whoever tries a code has used it up
                return found if found is not None and found.client_id == client.client_id else None

            def delete_authorization_code(self, _code: GivenCode) -> None:
                return

            def authenticate_user(self, code: GivenCode) -> Person:
                return code.person

        return Grant

    def _validator(self) -> BearerTokenValidator:
        provider = self

        class Validator(BearerTokenValidator):
            def authenticate_token(self, token_string: str) -> GivenToken | None:
                return provider.tokens.get(token_string)

        return Validator()


class OpenIDProvider(IdentityProvider):
    """Google: discovery, published keys, and a signed ID token."""

    name = "google"
    paths = {"authorize": "/o/oauth2/v2/auth", "token": "/token"}  # noqa: RUF012 - of this kind of provider
    scopes = frozenset({"openid", "email", "profile"})

    def __init__(self) -> None:
        super().__init__()
        self.rotate()
        self.app.add_url_rule("/.well-known/openid-configuration", view_func=self._discovery)
        self.app.add_url_rule("/certs", view_func=self._certs)
        self.app.add_url_rule("/userinfo", view_func=self.protected("openid")(self._userinfo), endpoint="userinfo")

    def reset(self) -> None:
        super().reset()
        self.forge: Callable[[dict[str, Any]], str] | None = None
        """Makes another ID token of the true one's claims."""

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is published no more."""
        self.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)

    def sign(self, claims: dict[str, Any], *, key: Any = None, **header: Any) -> str:
        """Sign claims with the provider's key, or with another one."""
        head = {"alg": "RS256", "kid": self.key.kid, **header}
        text = json.dumps(claims)
        return jws.serialize_compact(head, text, key or self.key, algorithms=[head["alg"]])

    def claims_about(self, person: Person) -> dict[str, Any]:
        """Return what is said of somebody."""
        said = {"sub": person.subject, "given_name": person.first_name, "family_name": person.last_name}
        return said if person.email is None else {**said, "email": person.email, "email_verified": person.verified}

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": self.url + self.paths["authorize"],
            "token_endpoint": self.url + self.paths["token"],
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/certs",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _certs(self) -> dict[str, Any]:
        return dict(KeySet([self.key]).as_dict(private=False))

    def _userinfo(self) -> dict[str, Any]:
        return self.claims_about(current_token.person)

    def _extensions(self) -> list[Any]:
        provider = self

        class IDToken(OpenIDCode):
            def exists_nonce(self, nonce: str, _request: Any) -> bool:
                return any(code.nonce == nonce for code in provider.codes.values())

            def resolve_client_private_key(self, _client: Client) -> RSAKey:
                return provider.key

            def get_client_algorithm(self, _client: Client) -> str:
                return "RS256"

            def get_encode_header(self, _client: Client) -> dict[str, str]:
                return {"alg": "RS256", "kid": str(provider.key.kid)}

            def get_client_claims(self, _client: Client) -> dict[str, Any]:
                return {"iss": provider.url, "aud": provider.client.client_id}

            def generate_user_info(self, user: Person, _scope: str) -> dict[str, Any]:
                return provider.claims_about(user)

            def encode_id_token(self, token: dict[str, Any], asked: Any) -> str:
                true: str = super().encode_id_token(token, asked)
                return true if provider.forge is None else provider.forge(jwt.decode(true, provider.key).claims)

        return [*super()._extensions(), IDToken(require_nonce=True)]


class GithubProvider(IdentityProvider):
    """GitHub: OAuth 2, and an API that says who somebody is. It answers a bad code with a 200."""

    name = "github"
    paths = {"authorize": "/login/oauth/authorize", "token": "/login/oauth/access_token"}  # noqa: RUF012 - of this kind of provider
    scopes = frozenset({"read:user", "user:email"})

    def __init__(self) -> None:
        super().__init__()
        self.app.add_url_rule("/user", view_func=self.protected("read:user")(self._user), endpoint="user")
        self.app.add_url_rule("/user/emails", view_func=self.protected("user:email")(self._emails), endpoint="emails")

    def reset(self) -> None:
        super().reset()
        self.other_addresses: list[dict[str, Any]] = []

    def _token(self) -> Response:
        answer = super()._token()
        said = answer.get_json()
        if said.get("error") == "invalid_grant":
            said["error"] = "bad_verification_code"
            return Response(self.app.json.dumps(said), content_type="application/json")
        return answer

    def _user(self) -> dict[str, Any]:
        person: Person = current_token.person
        name = f"{person.first_name} {person.last_name}".strip()
        return {"id": int(person.subject), "login": "ada", "name": name or None, "email": None, "type": "User"}

    def _emails(self) -> list[dict[str, Any]]:
        person: Person = current_token.person
        own = [{"email": person.email, "primary": True, "verified": person.verified, "visibility": "private"}]
        return [*self.other_addresses, *(own if person.email else [])]


def running(provider: IdentityProvider) -> Iterator[Any]:
    """Run a provider for as long as a fixture lives."""
    with provider:
        yield provider
