"""What a web service answers: from an allowed place only, tried again where that may help, in words where not."""

import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urljoin

import httpx

from risk_model.domain.errors import DownloadRefused
from risk_model.sources.finding import MAX_BYTES
from risk_model.sources.origins import Origin, origin_of

_AGENT = "risk-model (dashboard of a local authority in England)"
_MOST_REDIRECTS = 5
_LARGEST_LIST = 20_000_000
_SHOWN = 200
_GONE = frozenset({404, 410})
_CUT_OFF = "the connection was cut off"
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_Answered = TypeVar("_Answered")


@dataclass(frozen=True)
class Clock:
    """Time, as far as downloads need it.

    Attributes:
        now: the moment, with its time zone.
        seconds: a count that never goes back.
        sleep: waits for so many seconds.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Patience:
    """How long to wait for a service, and how much to take from it.

    Attributes:
        tries: of one request, the first one counted.
        first_wait_seconds: before the second try; doubled for each further one.
        longest_wait_seconds: a service that asks for more is left for another day.
        silence_seconds: without a single byte.
        file_seconds: for one file, all tries together.
        max_bytes: of one file, also when it is unpacked.
    """

    tries: int = 5
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 120.0
    silence_seconds: float = 30.0
    file_seconds: float = 1800.0
    max_bytes: int = MAX_BYTES


@dataclass(frozen=True)
class Web:
    """The part of the web that downloads may use.

    Attributes:
        page: where a person finds the file; services of the government want to know where one comes from.
    """

    client: httpx.Client
    allowed: frozenset[Origin]
    patience: Patience
    clock: Clock
    page: str = ""


class NotThere(DownloadRefused):
    """The service has no such file."""


class Interrupted(Exception):
    """An answer that did not come, or not whole: another try may help.

    Args:
        reason: what happened, as the end of a sentence.
        wait_seconds: how long the service asked to wait; none where it asked for nothing.
    """

    most_tries = 1_000

    def __init__(self, reason: str, wait_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait_seconds = wait_seconds


class Unreachable(Interrupted):
    """No connection at all: most likely this machine's own, so that many tries would but keep people waiting."""

    most_tries = 2


@contextmanager
def opened_web(allowed: frozenset[Origin], patience: Patience, clock: Clock, page: str = "") -> Iterator[Web]:
    """Connections to the allowed places, closed at the end."""
    silence = httpx.Timeout(patience.silence_seconds)
    # a proxy of the LA's network is used as the system says, but never on the way to this machine itself
    outside = any(not origin.is_this_machine for origin in allowed)
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
    with httpx.Client(timeout=silence, headers=headers, follow_redirects=False, trust_env=outside) as client:
        yield Web(client, allowed, patience, clock, page)


@contextmanager
def answer(web: Web, address: str, headers: Mapping[str, str] | None = None) -> Iterator[tuple[httpx.Response, str]]:
    """The answer to one request, still to be read, and the address that it came from in the end.

    Every address on the way is checked before it is asked.

    Raises:
        DownloadRefused: the way leads out of the allowed places, or in a circle.
        Interrupted: the connection failed.
    """
    asked: list[str] = []
    sent = {**(headers or {}), **({"Referer": web.page} if web.page else {})}
    while True:
        _refuse_elsewhere(web, address, asked)
        asked.append(address)
        with _connected(web, address), web.client.stream("GET", address, headers=sent) as response:
            if not response.has_redirect_location:
                yield response, address
                return
            address = joined(address, response.headers["location"])


def refuse_bad_status(web: Web, response: httpx.Response, address: str) -> None:
    """Go on where the service answers with a file or a list.

    Raises:
        NotThere: it has no such file.
        Interrupted: it asks to come back, or has a passing fault.
        DownloadRefused: it does not give the file.
    """
    status = response.status_code
    if status in (200, 206):
        return
    said = f"{status} {response.reason_phrase}".strip()
    if status in _GONE:
        raise NotThere(
            f"{short(address)} is not there: the service answers {said}.",
            ["It may not have been published yet, or has moved.", *by_hand(web)],
        )
    if status in _PASSING:
        raise Interrupted(f"the service answers {said}", _asked_to_wait(response, web.clock))
    raise DownloadRefused(
        f"{short(address)} was not downloaded: the service answers {said}.",
        ["It does not give the file to a program, or the address in the catalogue is wrong.", *by_hand(web)],
    )


def with_retries(web: Web, address: str, attempt: Callable[[], _Answered], say: Callable[[str], None]) -> _Answered:
    """An attempt, made again after each interruption, with longer and longer waits between.

    Args:
        say: told why and how long it waits.
    Raises:
        DownloadRefused: no try succeeded, or the service asks to wait for longer than we do.
    """
    patience = web.patience
    wait = patience.first_wait_seconds
    reason, number = "", 0
    for number in range(1, patience.tries + 1):
        try:
            return attempt()
        except Interrupted as interruption:
            reason = interruption.reason
            most = min(patience.tries, interruption.most_tries)
            asked = interruption.wait_seconds
            if asked is not None and asked > patience.longest_wait_seconds:
                raise _come_back(web, address, reason, asked) from interruption
            if number >= most:
                break
            seconds = wait if asked is None else asked
            say(f"{reason}; trying again in {seconds:.0f} s (try {number + 1} of {most})")
            web.clock.sleep(seconds)
            wait = min(2 * wait, patience.longest_wait_seconds)
    raise DownloadRefused(
        f"{short(address)} was not downloaded: {reason}.",
        [
            f"It was tried {number} times. What has come of a file is kept; the next try goes on from there.",
            "Check this machine's connection, and try again later.",
            *by_hand(web),
        ],
    )


def read_list(web: Web, address: str, say: Callable[[str], None]) -> Any:
    """What a service lists, as JSON.

    Raises:
        DownloadRefused: it cannot be had, is not JSON, or is far too large.
    """
    until = web.clock.seconds() + web.patience.file_seconds

    def attempt() -> bytes:
        with answer(web, address, {"Accept": "application/json"}) as (response, _):
            refuse_bad_status(web, response, address)
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > _LARGEST_LIST or web.clock.seconds() > until:
                    raise DownloadRefused(
                        f"{short(address)} was not read: no list of files is that large, or takes that long.",
                        ["Something else answers, or the connection is too slow. Try again later.", *by_hand(web)],
                    )
            return bytes(content)

    content = with_retries(web, address, attempt, say)
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DownloadRefused(
            f"{short(address)} was not understood: the service's list of files is not what it used to be (no JSON).",
            ["It may show a page for people instead, for example that it is being repaired.", *by_hand(web)],
        ) from error


def by_hand(web: Web) -> list[str]:
    """What a person can do, where a program cannot."""
    return [f"By hand: open {web.page} in a browser, save the file, and import it."] if web.page else []


def short(address: str) -> str:
    """An address as text for people: a question mark for what does not print, the end of a long one left out."""
    printed = "".join(c if c.isprintable() else "?" for c in address)
    return printed if len(printed) <= _SHOWN else printed[: _SHOWN - 1] + "…"


def joined(address: str, location: str) -> str:
    """Where a redirect leads; what is no address is refused as it stands."""
    try:
        return urljoin(address, location)
    except ValueError:
        return location


def _refuse_elsewhere(web: Web, address: str, asked: list[str]) -> None:
    origin = origin_of(address)
    if origin not in web.allowed:
        came = f"{short(asked[-1])} leads to" if asked else "The catalogue leads to"
        raise DownloadRefused(
            f"Nothing was downloaded: {came} {short(address)}, which is not a place that files may come from.",
            [
                f"Allowed: {', '.join(sorted(str(one) for one in web.allowed))}.",
                "If its publisher has moved the file there, add the place to data/lookups/downloads.toml.",
                *by_hand(web),
            ],
        )
    if address in asked or len(asked) > _MOST_REDIRECTS:
        raise DownloadRefused(
            f"{short(asked[0])} was not downloaded: the service sends one from address to address without end.",
            ["Its own fault, most likely a passing one. Try again later.", *by_hand(web)],
        )


@contextmanager
def _connected(web: Web, address: str) -> Iterator[None]:
    """Say in words what went wrong between here and the service."""
    try:
        yield
    except httpx.TimeoutException as error:
        seconds = f"{web.patience.silence_seconds:.0f} seconds"
        raise Interrupted(f"the service was silent for {seconds}") from error
    except httpx.TransportError as error:
        if _is_about_certificate(error):
            raise DownloadRefused(
                f"{short(address)} was not downloaded: the service could not prove who it is (its certificate).",
                [
                    "Somebody may be listening; or your network opens encrypted traffic with a certificate of its own.",
                    "Ask your IT for the file of that certificate and name it in SSL_CERT_FILE.",
                    *by_hand(web),
                ],
            ) from error
        if isinstance(error, httpx.ConnectError):
            raise Unreachable("no connection to the service could be made") from error
        proxy = isinstance(error, httpx.ProxyError)
        raise Interrupted("this network's proxy did not let it through" if proxy else _CUT_OFF) from error
    except (httpx.InvalidURL, httpx.DecodingError) as error:
        raise DownloadRefused(
            f"Nothing was downloaded: the answer of {short(address)} makes no sense, or leads to what is not a place "
            "that files may come from.",
            [f"{str(error).rstrip('.')}.", *by_hand(web)],
        ) from error


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _asked_to_wait(response: httpx.Response, clock: Clock) -> float | None:
    """The seconds that Retry-After asks for, which is a number or a date; none where it says neither."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - clock.now().timestamp())


def _come_back(web: Web, address: str, reason: str, seconds: float) -> DownloadRefused:
    minutes = max(1, round(seconds / 60))
    return DownloadRefused(
        f"{short(address)} was not downloaded: {reason}, and asks to come back in {minutes} minutes.",
        ["Nothing was lost. Run the download again then.", *by_hand(web)],
    )
