"""Two servers behind nginx with the project's own settings: what it adds, what it stops, and that nothing is lost."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from risk_model.casework import audit_trail, close_records, open_records, watched
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.preparing import build_now, go_to_build
from tests.benchmarks.visitor import Visitor
from tests.conftest import copied
from tests.postgres_kit import databases
from tests.servers.proxy_kit import LEAD, Person, Site, site
from tests.servers.shift import is_watched, work_through

# each click asks a whole profile anew of a server that has just started: more would only take longer
PEOPLE = 4
WHO = local_viewer()


@pytest.fixture(scope="module")
def folder(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory that both servers share."""
    return copied(demo_dir, tmp_path_factory.mktemp("shared") / "data")


@pytest.fixture(scope="module")
def records_url() -> Iterator[str]:
    """The records that both servers share."""
    with databases() as made, made.fresh() as url:
        yield url


@pytest.fixture(scope="module")
def there(folder: Path, records_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The installation."""
    environment = {
        "RISK_DATA_DIR": str(folder),
        "RECORDS_URL": records_url,
        "RISK_LOG": "json",
        "STREAMLIT_LOGGER_MESSAGE_FORMAT": "%(message)s",
    }
    with site(tmp_path_factory.mktemp("site"), environment) as started:
        yield started


def _on(there: Site, server: str) -> Person:
    """Somebody whose browser came to a certain server."""
    for _ in range(50):
        person = Person(there).sign_in()
        person.get("/")
        if person.server == server:
            return person
    raise AssertionError(f"nobody comes to server {server}")


def _profile(person: Person, urn: str) -> Visitor:
    visitor = person.come()
    assert visitor.open("school", la="999", urn=urn).went_well, visitor.errors()
    return visitor


@pytest.mark.parametrize("path", ["/", "/school?urn=900001", "/_stcore/nothing"])
def test_every_answer_says_that_it_may_not_be_framed_guessed_at_or_told_on(path: str, there: Site) -> None:
    headers = Person(there).get(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers.get_all("X-Frame-Options") == ["DENY"]
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Server"] == "nginx"


def test_cookies_go_by_https_alone_and_are_not_for_scripts(there: Site) -> None:
    person = Person(there)
    told = [one for path in ("/", "/_stcore/host-config", "/_stcore/health") for one in _cookies(person, path)]
    assert any(one.startswith("schools_server=") for one in told)
    for one in told:
        assert "secure" in one.lower()
        assert "samesite=lax" in one.lower()
        assert ("httponly" in one.lower()) is not one.startswith("_streamlit_xsrf")


def _cookies(person: Person, path: str) -> list[str]:
    return person.get(path).headers.get_all("Set-Cookie") or []


def test_what_is_for_the_machine_itself_is_not_reached_from_outside(there: Site) -> None:
    person = Person(there)
    for path in ("metrics", "agent/openapi.json", "agent/mcp", "script-health-check", "message"):
        assert person.get(f"/_stcore/{path}").status == 404
    assert person.get("/_stcore/health").body == b"ok"


def test_only_an_upload_may_be_large(there: Site) -> None:
    person = Person(there)
    assert person.get("/", data=bytes(2 << 20)).status == 413
    # it comes through to the server, which knows no such session, and may say so before it has read it
    assert person.get("/_stcore/upload_file/none/none", data=bytes(2 << 20)).status not in {404, 413, 429}


@pytest.mark.parametrize(
    ("path", "allowed", "asked"), [("/oauth2callback", 50, 120), ("/auth/login", 0, 120), ("/media/none.csv", 90, 220)]
)
def test_who_tries_again_and_again_is_stopped(path: str, allowed: int, asked: int, there: Site) -> None:
    person = Person(there)
    told = [person.get(path).status for _ in range(asked)]
    assert 429 not in told[:allowed]
    assert 429 in told
    assert not {502, 503, 504} & set(told)


def test_a_browser_stays_with_its_server_and_there_are_two(there: Site) -> None:
    for server in "ab":
        person = _on(there, server)
        for _ in range(10):
            person.get("/_stcore/host-config")
            assert person.server == server
        visitor = person.come()
        visitor.connection.close()
        assert person.server == server


def test_a_cookie_that_names_no_server_is_replaced(there: Site) -> None:
    person = Person(there)
    answer = person.get("/", headers={"Cookie": "schools_server=elsewhere.example.org"})
    assert answer.status == 200
    assert person.server in {"a", "b"}


def test_the_log_does_not_say_which_school_was_looked_at_or_what_was_looked_for(there: Site) -> None:
    person = Person(there)
    assert person.get("/school?urn=900077&q=Somebody", headers={"Referer": "https://127.0.0.1/?q=Somebody"}).status
    log = there.access_log.read_text("utf-8")
    assert '"path":"/school"' in log
    assert "900077" not in log
    assert "Somebody" not in log


def test_what_one_server_writes_the_other_shows(there: Site) -> None:
    here, elsewhere = _profile(_on(there, "a"), "900050"), _profile(_on(there, "b"), "900050")
    assert not is_watched(elsewhere, "900050")
    assert here.press("watch_900050").went_well
    assert elsewhere.rerun().went_well
    assert is_watched(elsewhere, "900050")
    assert elsewhere.press("watch_900050").went_well
    assert here.rerun().went_well
    assert not is_watched(here, "900050")
    here.connection.close()
    elsewhere.connection.close()


def test_a_build_that_is_made_beside_is_shown_by_both_and_so_is_the_way_back(
    there: Site, folder: Path, records_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDS_URL", records_url)
    visitors = [_profile(_on(there, server), "900001") for server in "ab"]
    assert all("build 2" in _texts(one) for one in visitors)
    build_now(WHO, DataDir(folder), date(2026, 11, 19))
    for one in visitors:
        assert one.rerun().went_well
        assert "build 3" in _texts(one)
    go_to_build(WHO, DataDir(folder), "2", "The other day was the right one.")
    for one in visitors:
        assert one.rerun().went_well
        assert "build 2" in _texts(one)
        one.connection.close()


def _texts(visitor: Visitor) -> str:
    return "\n".join(one.body for one in visitor.elements("markdown"))


def test_nobody_is_let_in_without_having_signed_in(there: Site) -> None:
    visitor = Person(there).come()
    visitor.open("school", la="999", urn="900001")
    assert "sign in" in _texts(visitor).lower()
    assert next(iter(visitor.elements("button"))).label == "Sign in"
    visitor.connection.close()


def test_what_the_servers_log_tells_of_pages_and_of_nobody(there: Site) -> None:
    visitor = _profile(_on(there, "a"), "900066")
    visitor.go("schools_at_risk", la="999", q="Somebody")
    visitor.connection.close()
    log = there.apps["a"].log.read_text("utf-8")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    told = [line for line in lines if line.get("event") == "page"]
    assert {"school", "schools_at_risk"} <= {line["page"] for line in told}
    assert {"done"} <= {line["ended"] for line in told}
    assert all(set(line) == {"at", "level", "by", "line", "event", "page", "ended", "seconds"} for line in told)
    for word in ("900066", "Somebody", LEAD, "not-to-be-shown"):
        assert word not in log


def test_servers_are_restarted_one_by_one_under_people_at_work_and_nothing_is_lost(
    there: Site, records_url: str
) -> None:
    urns = [f"9001{number:02}" for number in range(PEOPLE)]
    shifts = work_through(there, urns)
    assert [one.troubles for one in shifts if one.troubles] == []
    # somebody was on each server, and lost the page with it
    assert sum(one.lost for one in shifts) >= PEOPLE
    assert {server for one in shifts for server in one.servers} == {"a", "b"}
    records = open_records(records_url)
    kept = {one.urn for one in watched(records, LEAD)}
    trail = audit_trail(records, limit=10_000)
    close_records(records)
    for one in shifts:
        assert (one.urn in kept) == one.is_watched, one
        of_school = [line for line in trail if (line.after or line.before or {}).get("urn") == one.urn]
        assert len(of_school) >= one.acts
