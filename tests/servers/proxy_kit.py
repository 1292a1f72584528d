"""Two servers of one installation behind nginx, with the project's own settings, and people who come through it."""

import http.cookiejar
import os
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

import pytest
from websockets.sync.client import connect

from risk_model.domain.paths import PROJECT
from tests.benchmarks.visitor import USER_COOKIE, WAIT_S, Visitor
from tests.browser.browsing import HOME, free_port, wait_for
from tests.browser.providing import user_cookie

SETTINGS = PROJECT / ".deploy" / "nginx"
COOKIE = "schools_server"
_MOST_BYTES = 1 << 28
_STOP_S = 20
LEAD = "lead@example.gov.uk"
_GRANT = '[[grant]]\nclaim = "groups"\nvalue = "school improvement"\nrole = "lead"\nla_code = "999"\n'
_KEY = "only-of-this-test-and-longer-than-32-characters"
_MAIN = """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 512; }
http {
    client_body_temp_path bodies;
    proxy_temp_path answers;
    fastcgi_temp_path unused_1;
    uwsgi_temp_path unused_2;
    scgi_temp_path unused_3;
    include schools-at-risk.conf;
}
"""


def nginx() -> str:
    """The program; where it is not installed the test is skipped, and fails in CI."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if found is None:
        reason = "nginx is not installed: see .ci/run for the package."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@dataclass
class AppServer:
    """One process of the app on a port that it keeps through restarts."""

    port: int
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env={**os.environ, **self.environment}, stdout=log, stderr=log
            )
        wait_for(f"http://{HOME}:{self.port}/_stcore/health", self.process, self.log)

    def stop(self) -> None:
        """Ask it to end, and end it where it does not: as a service manager does."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=_STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


@dataclass
class Site:
    """An installation as people reach it."""

    port: int
    trust: ssl.SSLContext
    apps: dict[str, AppServer]
    log: Path
    access_log: Path

    @property
    def address(self) -> str:
        """What people type."""
        return f"https://{HOME}:{self.port}"

    def restart_each(self) -> None:
        """Stop one server and start it again, then the other: there is always one."""
        for app in self.apps.values():
            app.stop()
            app.start()


@contextmanager
def site(folder: Path, environment: Mapping[str, str]) -> Iterator[Site]:
    """Two servers behind nginx, until the end.

    Args:
        environment: of the servers: their data directory, their records.
    """
    program = nginx()
    port = free_port()
    secrets = folder / "secrets.toml"
    secrets.write_text(_sign_in(port), "utf-8")
    (Path(environment["RISK_DATA_DIR"]) / "access.toml").write_text(_GRANT, "utf-8")
    environment = {**environment, "STREAMLIT_SECRETS_FILES": str(secrets)}
    place = folder / "proxy"
    (place / "schools-at-risk").mkdir(parents=True)
    shutil.copy(SETTINGS / "schools-at-risk.conf", place)
    apps = {name: AppServer(free_port(), environment, folder / f"{name}.log") for name in "ab"}
    for name in ("servers.conf", "answered.conf"):
        text = (SETTINGS / name).read_text("utf-8")
        here = text.replace("8501", str(apps["a"].port)).replace("8502", str(apps["b"].port))
        (place / "schools-at-risk" / name).write_text(here, "utf-8")
    _certificate(place)
    (place / "schools-at-risk" / "place.conf").write_text(
        f"listen {HOME}:{port} ssl http2;\nserver_name {HOME};\n"
        "ssl_certificate certificate.pem;\nssl_certificate_key key.pem;\naccess_log access.log schools;\n",
        "utf-8",
    )
    (place / "nginx.conf").write_text(_MAIN, "utf-8")
    log = folder / "nginx.log"
    trust = ssl.create_default_context(cafile=str(place / "certificate.pem"))
    with ExitStack() as running, log.open("wb") as said:
        for app in apps.values():
            running.callback(app.stop)
            app.start()
        proxy = subprocess.Popen([program, "-p", str(place), "-c", "nginx.conf", "-e", "stderr"], stderr=said)
        running.callback(_end, proxy)
        there = Site(port, trust, apps, log, place / "access.log")
        _wait_for(there, proxy)
        yield there


def _sign_in(port: int) -> str:
    """A sign-in as it is configured; nobody signs in by it here, where there is no provider."""
    return (
        f'[auth]\nredirect_uri = "https://{HOME}:{port}/oauth2callback"\ncookie_secret = "{_KEY}"\n'
        'client_id = "dashboard"\nclient_secret = "none"\n'
        f'server_metadata_url = "https://{HOME}:1/.well-known/openid-configuration"\n'
    )


def signed_in(there: "Site") -> str:
    """The cookie that the product gives to the LA's lead once the provider has said who they are."""
    return user_cookie(there.address, _KEY, email=LEAD, groups=["school improvement"])


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=_STOP_S)


def _certificate(place: Path) -> None:
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOME}"]
    words += ["-addext", f"subjectAltName=IP:{HOME}", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(["openssl", *words], cwd=place, check=True, capture_output=True)


def _wait_for(there: Site, proxy: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        if proxy.poll() is not None:
            raise RuntimeError(f"nginx ended: {there.log.read_text('utf-8', errors='replace')}")
        try:
            Person(there).get("/_stcore/health")
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("nginx did not answer")


@dataclass
class Answer:
    """What came back: the status, the headers, the body."""

    status: int
    headers: Message
    body: bytes


@dataclass
class Person:
    """Somebody's browser: it keeps cookies, and opens pages over its websocket."""

    site: Site
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def get(self, path: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for something by its address; one that is refused is an answer, too."""
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=self.site.trust),
            urllib.request.HTTPCookieProcessor(self.cookies),
        )
        asked = urllib.request.Request(f"{self.site.address}{path}", data=data, headers=dict(headers or {}))
        try:
            with opener.open(asked, timeout=WAIT_S) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, refused.headers, refused.read())

    @property
    def server(self) -> str:
        """The server that their browser sticks to; "" where it has none yet."""
        return next((one.value or "" for one in self.cookies if one.name == COOKIE), "")

    def sign_in(self) -> "Person":
        """Come in as the LA's lead."""
        of_site = {"domain": HOME, "domain_specified": False, "domain_initial_dot": False, "path": "/"}
        told = {"version": 0, "port": None, "port_specified": False, "path_specified": True, "secure": True}
        ending = {"expires": None, "discard": True, "comment": None, "comment_url": None, "rest": {}}
        value = signed_in(self.site)
        self.cookies.set_cookie(http.cookiejar.Cookie(name=USER_COOKIE, value=value, **of_site, **told, **ending))  # type: ignore[arg-type]
        return self

    def come(self) -> Visitor:
        """Load the page and open its websocket, as a browser does; again, after it was lost."""
        answer = self.get("/")
        assert answer.status == 200, answer.body[:200]
        # as a browser does: here it gets the word that the websocket must repeat
        assert self.get("/_stcore/health").status == 200
        word = next(one.value or "" for one in self.cookies if one.name == "_streamlit_xsrf")
        connection = connect(
            f"wss://{HOME}:{self.site.port}/_stcore/stream",
            ssl=self.site.trust,
            origin=self.site.address,  # type: ignore[arg-type]
            additional_headers={"Cookie": "; ".join(f"{one.name}={one.value}" for one in self.cookies)},
            subprotocols=["streamlit", word],  # type: ignore[list-item]
            max_size=_MOST_BYTES,
            open_timeout=WAIT_S,
        )
        return Visitor(connection)
