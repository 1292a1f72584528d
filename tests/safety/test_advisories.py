"""The question whether anything is known against what is pinned: a weakness fails, and silence is not called clean."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.safety.advisories import Answers, answers_in, ask, main, verdict

WEAKNESS = {
    "id": "INVENTED-2026-1",
    "modified": "2026-11-01T00:00:00Z",
    "published": "2026-11-01T00:00:00Z",
    "summary": "invented",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
        }
    ],
}


@contextmanager
def service(weak: str = "", status: int = 200) -> Iterator[str]:
    """A service of advisories on this machine, in OSV's own words, that knows of one weak package; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = asked["package"]["name"].casefold() == weak
            body = json.dumps({"vulns": [WEAKNESS]} if known else {}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing: pytest has the word."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_weakness_of_a_pinned_package_fails_and_is_named(capsys: Any) -> None:
    with service(weak="jinja2") as address:
        assert main(["--service", "osv", "--osv-url", address]) == 1
    assert "INVENTED-2026-1, mended in 99.0" in capsys.readouterr().err


def test_a_service_that_knows_nothing_bad_is_clean(capsys: Any) -> None:
    with service() as address:
        assert main(["--service", "osv", "--osv-url", address, "--must-answer"]) == 0
    assert "Nothing is known against any" in capsys.readouterr().out


def test_a_service_that_does_not_answer_is_said_loudly_and_is_not_clean(capsys: Any) -> None:
    with service(status=503) as address:
        assert main(["--service", "osv", "--osv-url", address]) == 0
        told = capsys.readouterr()
        assert "NOT CHECKED for known weaknesses" in told.err
        assert not told.out
        assert main(["--service", "osv", "--osv-url", address, "--must-answer"]) == 3


def test_a_service_that_nobody_can_reach_is_trouble_and_no_answer() -> None:
    with service() as address:
        gone = address
    found = ask("osv", ["--osv-url", gone])
    assert found.trouble
    assert not found.clear


def test_what_one_service_leaves_out_another_may_answer() -> None:
    skipped = answers_in({"dependencies": [{"name": "a", "skip_reason": "not found"}]})
    clear = answers_in({"dependencies": [{"name": "a", "version": "1", "vulns": []}]})
    assert skipped == Answers(unasked=frozenset({"a"}))
    assert verdict({"pypi": skipped}, 1)[0] == 3
    assert verdict({"pypi": skipped, "osv": clear}, 1)[0] == 0
    assert verdict({"pypi": skipped, "osv": clear}, 2)[0] == 3
