"""A web service on this machine that behaves as the publishers' do, also on their bad days."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from risk_model.sources.answers import Clock

ABSENCE_FILE = "/api/releases/r1/files/f1"
MORNING = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Reply:
    """One answer.

    Attributes:
        ranges: whether the service sends a part of the body when it is asked for one.
        cut_after: bytes after which the connection breaks off.
        announced: a Content-Length that is not the true one.
        silent: what comes (nothing without cut_after) is followed by silence, until the service ends.
        piece: the body is sent in pieces of so many bytes.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    ranges: bool = True
    cut_after: int | None = None
    announced: int | None = None
    silent: bool = False
    piece: int = 65_536


@dataclass
class Service:
    """Answers by path; of several answers one after the other, the last one for ever.

    Attributes:
        otherwise: the answer to every other path.
        asked: each request's path and headers.
        ended: set when the service ends.
    """

    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    otherwise: Reply = Reply(b"<h1>Not found</h1>", 404, {"Content-Type": "text/html"})
    base: str = ""
    ended: threading.Event = field(default_factory=threading.Event)

    def at(self, path: str, *replies: Reply) -> str:
        """Let a path be answered so; its address."""
        self.replies[path] = list(replies)
        return f"{self.base}{path}"

    def next_reply(self, path: str) -> Reply:
        """The answer to the next request of a path."""
        found = self.replies.get(path, [self.otherwise])
        return found.pop(0) if len(found) > 1 else found[0]

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _ in self.asked]

    def header(self, number: int, name: str) -> str | None:
        """A header of the request of this number."""
        return self.asked[number][1].get(name.casefold())


@contextmanager
def serving() -> Iterator[Service]:
    """A service on a free port of this machine, until the end."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.casefold(): value for name, value in self.headers.items()}
            service.asked.append((self.path, headers))
            # whoever asked may have gone by now
            with suppress(OSError):
                self._send(service.next_reply(self.path), headers)

        def _send(self, reply: Reply, headers: Mapping[str, str]) -> None:
            body, status, extra = _part(reply, headers)
            self.send_response(status)
            for name, value in {**reply.headers, **extra}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if reply.announced is None else reply.announced))
            self.end_headers()
            body = body[: (reply.cut_after or 0) if reply.silent else reply.cut_after]
            for start in range(0, len(body), reply.piece):
                self.wfile.write(body[start : start + reply.piece])
                self.wfile.flush()
            if reply.silent:
                service.ended.wait()

        def log_message(self, *_: Any) -> None:
            """Say nothing: pytest has the word."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        service.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _part(reply: Reply, headers: Mapping[str, str]) -> tuple[bytes, int, dict[str, str]]:
    """The body or the part of it that was asked for, if it still is the file that the asker has in mind."""
    wanted = headers.get("range", "")
    tags = {reply.headers.get("ETag"), reply.headers.get("Last-Modified")} - {None}
    if not wanted or not reply.ranges or reply.status != 200 or headers.get("if-range") not in tags:
        return reply.body, reply.status, {}
    start = int(wanted.removeprefix("bytes=").removesuffix("-"))
    if start >= len(reply.body):
        return b"", 416, {"Content-Range": f"bytes */{len(reply.body)}"}
    end = len(reply.body) - 1
    return reply.body[start:], 206, {"Content-Range": f"bytes {start}-{end}/{len(reply.body)}"}


@contextmanager
def serving_absence(catalogue: Path, *replies: Reply, page: str = "https://www.gov.uk/absence") -> Iterator[Service]:
    """A service that has one source, the absence of 2018-19, and the catalogue that points at it.

    Args:
        catalogue: is written; replies: to those who ask for the file, one after the other.
    """
    listed = {"id": "r1", "downloadFiles": [{"id": "f1", "name": "By school", "fileName": "2018-2019_england_abs.csv"}]}
    entry = {
        "id": "absence",
        "name": "Absence *by school*",
        "publisher": "Department for Education",
        "how": "EES release",
        "base": "ees",
        "path": "/api",
        "publication": "absence",
        "title": "by school",
        "cadence": "yearly",
        "layouts": ["absence"],
        "page": page,
        "known": "for tests",
    }
    with serving() as service:
        service.at("/api/publications/absence/releases/latest", Reply(json.dumps(listed).encode()))
        service.at(ABSENCE_FILE, *replies)
        catalogue.write_text(catalogue_text({"ees": service.base}, [entry]), "utf-8")
        yield service


@dataclass
class Moments:
    """A clock that a test sets: it stands still, but for what is slept and a step each time it is looked at."""

    now: datetime = MORNING
    step: float = 0.0
    passed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        """As the product takes it."""
        return Clock(now=lambda: self.now, seconds=self._seconds, sleep=self.slept.append)

    def _seconds(self) -> float:
        self.passed += self.step
        return self.passed


def catalogue_text(bases: Mapping[str, str], downloads: Sequence[Mapping[str, Any]]) -> str:
    """A catalogue of downloads in TOML."""
    lines = ["[bases]", *(f'{name} = "{address}"' for name, address in bases.items())]
    for one in downloads:
        lines += ["", "[[download]]", *(f"{key} = {_toml(value)}" for key, value in one.items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return f"'{value}'" if isinstance(value, str) else str(value)
