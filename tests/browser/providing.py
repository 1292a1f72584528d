"""A real OpenID Connect provider on this machine, and one that is attacked on the way."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode
from wsgiref.types import StartResponse, WSGIEnvironment

import oidc_provider_mock
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from werkzeug.serving import make_server

from tests.benchmarks.visitor import USER_COOKIE
from tests.browser.browsing import HOME, free_port, serving

CLIENT = "schools-at-risk"
# by which the product knows its own cookies again
COOKIE_SECRET = "only-of-this-test-and-longer-than-32-characters"  # pragma: allowlist secret


def user_cookie(address: str, secret: str, **claims: object) -> str:
    """The cookie that the product gives to somebody once the provider has said who they are."""
    told = json.dumps({"origin": address, "is_logged_in": True, "iat": int(time.time()), **claims})
    return create_signed_value(secret, USER_COOKIE, told).decode("ascii")


@dataclass
class Provider:
    """Where it is, and what happens to its answers.

    Attributes:
        attack: "" for none, "forged" for an ID token with another's e-mail address under the provider's signature,
            "audience" for one that was made for another client.
    """

    address: str
    attack: str = ""


@contextmanager
def providing(users: Iterable[dict[str, Any]], *, lasts: timedelta = timedelta(hours=1)) -> Iterator[Provider]:
    """A provider that signs in anybody who says who they are.

    Args:
        users: claims, sub among them.
        lasts: how long its tokens do.
    """
    known = [
        oidc_provider_mock.User(sub=one["sub"], claims={k: v for k, v in one.items() if k != "sub"}) for one in users
    ]
    whole = oidc_provider_mock.app(user_claims=known, access_token_max_age=lasts)
    whole.debug = False
    provider = Provider("")
    server = make_server(HOME, 0, _attacked(whole.wsgi_app, provider), threaded=True)
    provider.address = f"http://{HOME}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _attacked(application: Callable[..., Iterable[bytes]], provider: Provider) -> Callable[..., Iterable[bytes]]:
    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if provider.attack == "audience":
            _for_another(environ)
        if not (provider.attack == "forged" and path == "/oauth2/token"):
            return application(environ, start)
        told: list[Any] = []
        body = b"".join(application(environ, lambda status, headers, error=None: told.extend((status, headers))))
        body = _forged(body)
        headers = [(name, value) for name, value in told[1] if name.casefold() != "content-length"]
        start(told[0], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return answer


def _for_another(environ: WSGIEnvironment) -> None:
    """The same request, as another client of the same provider makes it."""
    asked = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    if "client_id" in asked:
        environ["QUERY_STRING"] = urlencode(asked | {"client_id": ["another"]}, doseq=True)
    if environ["PATH_INFO"] == "/oauth2/token":
        length = int(environ.get("CONTENT_LENGTH") or 0)
        said = parse_qs(environ["wsgi.input"].read(length).decode(), keep_blank_values=True)
        if "client_id" in said:
            said["client_id"] = ["another"]
        body = urlencode(said, doseq=True).encode()
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        if environ.get("HTTP_AUTHORIZATION", "").startswith("Basic "):
            environ["HTTP_AUTHORIZATION"] = "Basic " + base64.b64encode(b"another:x").decode()


def _forged(body: bytes) -> bytes:
    told = json.loads(body)
    head, claims, signature = told["id_token"].split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    changed = json.dumps(said | {"email": "lead@example.gov.uk"}).encode()
    told["id_token"] = ".".join((head, base64.urlsafe_b64encode(changed).decode().rstrip("="), signature))
    return json.dumps(told).encode()


@contextmanager
def signing_in(data: Path, folder: Path, provider: Provider) -> Iterator[str]:
    """The dashboard with a sign-in; says its address."""
    port = free_port()
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://{HOME}:{port}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "{CLIENT}"
client_secret = "x"
server_metadata_url = "{provider.address}/.well-known/openid-configuration"
""",
        "utf-8",
    )
    arguments = ("run", "app.py", "--secrets.files", str(secrets))
    with serving(data, folder / "log.txt", arguments, port) as address:
        yield address
