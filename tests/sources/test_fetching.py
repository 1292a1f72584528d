"""One file over the web: whole or not at all, from an allowed place, whatever the service does."""

import base64
import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from risk_model.domain.errors import DownloadRefused, NotStored, RiskModelError
from risk_model.sources.answers import NotThere, Patience, opened_web, read_list
from risk_model.sources.fetching import Fetched, NoTable, Step, Wanted, fetch
from risk_model.sources.origins import Origin, origin_of
from tests.loopback import MORNING, Moments, Reply, Service, serving

PATH = "/files/absence.csv"
# longer than what is asked for once more on resuming, and different everywhere
BODY = b"URN,PERCTOT\r\n" + b"".join(b"%06d,%d.5\r\n" % (900_001 + i, i % 9) for i in range(20_000))
TAGGED = {"ETag": '"one"', "Last-Modified": "Sun, 22 Nov 2026 06:00:00 GMT"}
HALF = 150_000
PAGE = "https://www.gov.uk/files"


@dataclass
class Fetcher:
    """Fetches from the service into a folder, and remembers what was said."""

    service: Service
    folder: Path
    moments: Moments = field(default_factory=Moments)
    patience: Patience = field(default_factory=Patience)
    steps: list[Step] = field(default_factory=list)

    def get(self, address: str, **wanted: object) -> Fetched:
        """Fetch a file."""
        allowed = frozenset({_origin(self.service.base)})
        with opened_web(allowed, self.patience, self.moments.clock(), PAGE) as web:
            return fetch(web, Wanted(address, **wanted), self.folder, self.steps.append)  # type: ignore[arg-type]

    def refused(self, address: str, kind: type[RiskModelError] = DownloadRefused, **wanted: object) -> str:
        """Fetch what must be refused; what the user reads, checked for what no user should see."""
        with pytest.raises(kind) as caught:
            self.get(address, **wanted)
        said = str(caught.value)
        assert caught.value.details, "says only what, not why or what to do"
        for unfit in ("Traceback", "Error(", "httpx", "\x1b"):
            assert unfit not in said
        return said

    def notes(self) -> list[str]:
        """What was said on the way."""
        return [step.note for step in self.steps if step.note]

    def left(self) -> list[str]:
        """The files that are in the folder."""
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.is_dir() else []


def _origin(address: str) -> Origin:
    origin = origin_of(address)
    assert origin is not None
    return origin


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as one:
        yield one


@pytest.fixture
def fetcher(service: Service, tmp_path: Path) -> Fetcher:
    return Fetcher(service, tmp_path / "absence")


def _is_whole(fetched: Fetched, body: bytes = BODY) -> bool:
    assert fetched.path.read_bytes() == body
    return (fetched.sha256, fetched.size) == (hashlib.sha256(body).hexdigest(), len(body))


# what goes well


def test_file_comes_whole_with_its_progress_and_where_it_came_from(service: Service, fetcher: Fetcher) -> None:
    address = service.at(PATH, Reply(BODY, headers={**TAGGED, "Content-Disposition": 'attachment; filename="abs.csv"'}))
    fetched = fetcher.get(address)
    assert _is_whole(fetched)
    assert (fetched.name, fetched.etag, fetched.address, fetched.final_address) == (
        "abs.csv",
        '"one"',
        address,
        address,
    )
    assert fetcher.steps[-1] == Step(len(BODY), len(BODY))
    assert service.header(0, "referer") == PAGE
    assert service.header(0, "range") is None


def test_redirect_within_the_allowed_places_is_followed(service: Service, fetcher: Fetcher) -> None:
    service.at(PATH, Reply(BODY))
    fetched = fetcher.get(service.at("/old", Reply(status=302, headers={"Location": PATH})))
    assert _is_whole(fetched)
    assert fetched.final_address == f"{service.base}{PATH}"


def test_file_that_came_packed_is_unpacked(service: Service, fetcher: Fetcher) -> None:
    packed = gzip.compress(BODY)
    fetched = fetcher.get(service.at(PATH, Reply(packed, headers={"Content-Encoding": "gzip"})), size=len(BODY))
    assert _is_whole(fetched)
    assert fetched.sha256_sent == hashlib.sha256(packed).hexdigest()


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-MD5": base64.b64encode(hashlib.md5(BODY, usedforsecurity=False).digest()).decode()},
        {"Repr-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(BODY).digest()).decode()}:"},
        {"Digest": f"SHA-256={base64.b64encode(hashlib.sha256(BODY).digest()).decode()}"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_checksum_of_the_service_is_compared(service: Service, fetcher: Fetcher, headers: dict[str, str]) -> None:
    damaged = BODY.replace(b"900500", b"900499")
    address = service.at(PATH, Reply(damaged, headers=headers), Reply(BODY, headers=headers))
    fetched = fetcher.get(address)
    assert _is_whole(fetched)
    assert len(service.asked) == 2
    assert fetched.promised
    assert "damaged" in fetcher.notes()[0]


def test_file_that_is_always_damaged_is_refused(service: Service, fetcher: Fetcher) -> None:
    md5 = base64.b64encode(hashlib.md5(b"other", usedforsecurity=False).digest()).decode()
    said = fetcher.refused(service.at(PATH, Reply(BODY, headers={"Content-MD5": md5})))
    assert "its checksum (md5) is not the one that the service gives" in said
    assert fetcher.left() == []


# cut off, resumed


def test_file_that_is_cut_off_is_resumed_where_it_broke_off(service: Service, fetcher: Fetcher) -> None:
    whole = Reply(BODY, headers=TAGGED)
    fetched = fetcher.get(service.at(PATH, replace(whole, cut_after=HALF), whole))
    assert _is_whole(fetched)
    assert service.header(1, "range") == f"bytes={HALF - 65_536}-"
    assert service.header(1, "if-range") == '"one"'
    assert fetcher.moments.slept == [1.0]
    assert fetcher.notes() == ["the connection was cut off; trying again in 1 s (try 2 of 5)"]


def test_file_that_is_cut_off_again_and_again_still_comes(service: Service, fetcher: Fetcher) -> None:
    whole = Reply(BODY, headers=TAGGED)
    cut = [replace(whole, cut_after=90_000)] * 4
    assert _is_whole(fetcher.get(service.at(PATH, *cut, whole)))
    assert fetcher.moments.slept == [1.0, 2.0, 4.0, 8.0]


def test_what_came_in_an_earlier_run_is_not_fetched_again(service: Service, fetcher: Fetcher) -> None:
    whole = Reply(BODY, headers=TAGGED)
    address = service.at(PATH, replace(whole, cut_after=HALF))
    fetcher.patience = replace(fetcher.patience, tries=1)
    said = fetcher.refused(address)
    assert "the connection was cut off" in said
    assert fetcher.left() == ["unfinished.json", "unfinished.part"]
    service.at(PATH, whole)
    assert _is_whole(fetcher.get(address))
    assert service.header(-1, "range") is not None


def test_weak_tag_does_not_vouch_for_a_part_but_the_date_does(service: Service, fetcher: Fetcher) -> None:
    whole = Reply(BODY, headers={**TAGGED, "ETag": 'W/"one"'})
    assert _is_whole(fetcher.get(service.at(PATH, replace(whole, cut_after=HALF), whole)))
    assert service.header(1, "if-range") == TAGGED["Last-Modified"]


def test_service_that_ignores_the_range_sends_the_whole_again(service: Service, fetcher: Fetcher) -> None:
    whole = Reply(BODY, headers=TAGGED, ranges=False)
    assert _is_whole(fetcher.get(service.at(PATH, replace(whole, cut_after=HALF), whole)))


def test_file_without_tag_or_date_begins_anew(service: Service, fetcher: Fetcher) -> None:
    assert _is_whole(fetcher.get(service.at(PATH, Reply(BODY, cut_after=HALF), Reply(BODY))))
    assert service.header(1, "range") is None


def test_file_that_changed_after_the_cut_is_not_mixed(service: Service, fetcher: Fetcher) -> None:
    other = BODY.replace(b".5", b".6")
    cut = Reply(BODY, headers=TAGGED, cut_after=HALF)
    assert _is_whole(fetcher.get(service.at(PATH, cut, Reply(other, headers={"ETag": '"two"'}))), other)


def test_file_that_changed_under_the_same_tag_is_not_mixed(service: Service, fetcher: Fetcher) -> None:
    other = BODY.replace(b".5", b".6")
    assert len(other) == len(BODY)
    address = service.at(PATH, Reply(BODY, headers=TAGGED, cut_after=HALF), Reply(other, headers=TAGGED))
    assert _is_whole(fetcher.get(address), other)
    assert any("changed in the meantime" in note for note in fetcher.notes())


def test_file_that_became_shorter_is_not_mixed(service: Service, fetcher: Fetcher) -> None:
    other = BODY[:30_000]
    address = service.at(PATH, Reply(BODY, headers=TAGGED, cut_after=HALF), Reply(other, headers=TAGGED))
    assert _is_whole(fetcher.get(address), other)


def test_part_of_another_address_is_forgotten(service: Service, fetcher: Fetcher) -> None:
    fetcher.patience = replace(fetcher.patience, tries=1)
    fetcher.refused(service.at("/files/yesterday.csv", Reply(BODY[::-1], headers=TAGGED, cut_after=HALF)))
    assert _is_whole(fetcher.get(service.at(PATH, Reply(BODY, headers=TAGGED))))
    assert service.header(-1, "range") is None


def test_more_announced_than_sent_is_never_taken_for_whole(service: Service, fetcher: Fetcher) -> None:
    said = fetcher.refused(service.at(PATH, Reply(BODY, headers=TAGGED, announced=len(BODY) + 10)))
    assert "was not downloaded" in said
    assert "tried 5 times" in said


def test_less_announced_than_sent_is_told_by_the_publishers_list(service: Service, fetcher: Fetcher) -> None:
    address = service.at(PATH, Reply(BODY, announced=len(BODY) - 10))
    said = fetcher.refused(address, size=len(BODY))
    assert f"it has {len(BODY) - 10:,} bytes, and should have {len(BODY):,}" in said
    assert fetcher.left() == []


# slow, silent, busy


def test_slow_connection_ends_in_time_and_what_came_is_kept(service: Service, fetcher: Fetcher) -> None:
    address = service.at(PATH, Reply(BODY, headers=TAGGED, piece=1000))
    fetcher.moments.step = 1000.0
    said = fetcher.refused(address)
    assert "after 30 minutes" in said
    assert "too slow" in said
    assert fetcher.left() == ["unfinished.json", "unfinished.part"]
    fetcher.moments.step = 0.0
    assert _is_whole(fetcher.get(address))


def test_silent_service_is_told_from_a_slow_one(service: Service, fetcher: Fetcher) -> None:
    fetcher.patience = replace(fetcher.patience, silence_seconds=0.2, tries=2)
    said = fetcher.refused(service.at(PATH, Reply(BODY, silent=True)))
    assert "the service was silent" in said


@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_service_is_asked_again_when_it_says(service: Service, fetcher: Fetcher, status: int) -> None:
    busy = Reply(status=status, headers={"Retry-After": "7"})
    assert _is_whole(fetcher.get(service.at(PATH, busy, Reply(BODY))))
    assert fetcher.moments.slept == [7.0]


def test_date_to_come_back_at_is_understood(service: Service, fetcher: Fetcher) -> None:
    until = format_datetime(MORNING + timedelta(seconds=42), usegmt=True)
    busy = Reply(status=503, headers={"Retry-After": until})
    assert _is_whole(fetcher.get(service.at(PATH, busy, Reply(BODY))))
    assert fetcher.moments.slept == [42.0]


@pytest.mark.parametrize("text", ["soon", "-5", "²", ""])
def test_nonsense_to_come_back_at_means_our_own_wait(service: Service, fetcher: Fetcher, text: str) -> None:
    busy = Reply(status=503, headers={"Retry-After": text.encode("utf-8").decode("latin-1")})
    assert _is_whole(fetcher.get(service.at(PATH, busy, Reply(BODY))))
    assert fetcher.moments.slept == [1.0]


def test_service_that_asks_for_an_hour_is_left_alone(service: Service, fetcher: Fetcher) -> None:
    said = fetcher.refused(service.at(PATH, Reply(status=429, headers={"Retry-After": "3600"})))
    assert "come back in 60 minutes" in said
    assert fetcher.moments.slept == []
    assert len(service.asked) == 1


def test_service_that_stays_busy_is_given_up(service: Service, fetcher: Fetcher) -> None:
    said = fetcher.refused(service.at(PATH, Reply(status=503)))
    assert "the service answers 503" in said
    assert PAGE in said
    assert len(service.asked) == 5


def test_service_that_is_not_there_is_named(service: Service, fetcher: Fetcher) -> None:
    with serving() as gone:
        address = gone.at(PATH, Reply(BODY))
    fetcher.service = gone
    assert "no connection to the service could be made" in fetcher.refused(address)


@pytest.mark.parametrize(("status", "kind"), [(404, NotThere), (410, NotThere), (403, DownloadRefused)])
def test_no_is_taken_for_an_answer(
    service: Service, fetcher: Fetcher, status: int, kind: type[DownloadRefused]
) -> None:
    said = fetcher.refused(service.at(PATH, Reply(b"<html>", status)), kind)
    assert str(status) in said
    assert len(service.asked) == 1


# elsewhere


def test_redirect_to_another_place_is_refused_and_never_asked(service: Service, fetcher: Fetcher) -> None:
    with serving() as elsewhere:
        target = elsewhere.at(PATH, Reply(BODY))
        said = fetcher.refused(service.at("/old", Reply(status=301, headers={"Location": target})))
        assert elsewhere.asked == []
    assert target in said
    assert "not a place that files may come from" in said
    assert service.base in said


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a.csv",
        "//elsewhere.example/a.csv",
        "http://127.0.0.1@elsewhere.example/a.csv",
        "http://[bad",
        "http://localhost/a.csv",
        "https://127.0.0.1/a.csv",
        "javascript:alert(1)",
    ],
)
def test_redirect_to_what_is_no_allowed_place_is_refused(service: Service, fetcher: Fetcher, target: str) -> None:
    said = fetcher.refused(service.at("/old", Reply(status=302, headers={"Location": target})))
    assert "not a place that files may come from" in said


def test_redirects_in_a_circle_are_refused(service: Service, fetcher: Fetcher) -> None:
    service.at("/b", Reply(status=302, headers={"Location": "/a"}))
    said = fetcher.refused(service.at("/a", Reply(status=302, headers={"Location": "/b"})))
    assert "from address to address without end" in said
    assert service.paths() == ["/a", "/b"]


def test_redirects_without_end_are_refused(service: Service, fetcher: Fetcher) -> None:
    for number in range(20):
        service.at(f"/{number}", Reply(status=307, headers={"Location": f"/{number + 1}"}))
    assert "without end" in fetcher.refused(f"{service.base}/0")
    assert len(service.asked) == 6


# what is no table, or too much


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (
            b"<!DOCTYPE html><html><head><title>Sorry, there is\n a problem</title>",
            'a web page titled "Sorry, there is a problem"',
        ),
        (b"\xef\xbb\xbf\r\n  <HTML>busy", "a web page"),
        (b"<?xml version='1.0'?><Error><Code>ServerBusy</Code></Error>", "a web page"),
        (b'{"error": "no"}', "a message for programs"),
        (b"", "nothing"),
        (b"  \r\n", "nothing"),
    ],
)
def test_page_sent_as_if_all_were_well_is_refused(service: Service, fetcher: Fetcher, body: bytes, named: str) -> None:
    said = fetcher.refused(service.at(PATH, Reply(body, headers={"Content-Type": "text/csv"})), NoTable)
    assert f"instead of a table the service sent {named}" in said
    assert fetcher.left() == []


def test_title_of_a_page_cannot_write_to_the_terminal(service: Service, fetcher: Fetcher) -> None:
    said = fetcher.refused(service.at(PATH, Reply(b"<html><title>\x1b[2Jgone</title>")))
    assert "?[2Jgone" in said


def test_announced_size_over_the_limit_is_refused_before_it_comes(service: Service, fetcher: Fetcher) -> None:
    fetcher.patience = replace(fetcher.patience, max_bytes=1000)
    said = fetcher.refused(service.at(PATH, Reply(BODY)))
    assert "larger than 1,000 bytes" in said
    assert fetcher.left() == []


def test_packed_bomb_is_refused_and_leaves_nothing(service: Service, fetcher: Fetcher) -> None:
    fetcher.patience = replace(fetcher.patience, max_bytes=100_000)
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    said = fetcher.refused(service.at(PATH, Reply(bomb, headers={"Content-Encoding": "gzip"})))
    assert "larger than 100,000 bytes" in said
    assert fetcher.left() == []


@pytest.mark.parametrize(
    "packed", [gzip.compress(BODY)[:-200], gzip.compress(BODY) + b"more", b"\x1f\x8b\x08" + b"x" * 99]
)
def test_damaged_packing_is_refused(service: Service, fetcher: Fetcher, packed: bytes) -> None:
    assert "came packed, and is damaged" in fetcher.refused(service.at(PATH, Reply(packed)))
    assert fetcher.left() == []


def test_packing_that_is_not_known_is_refused(service: Service, fetcher: Fetcher) -> None:
    said = fetcher.refused(service.at(PATH, Reply(BODY, headers={"Content-Encoding": "br"})))
    assert "cannot be opened here" in said


_ODD = st.sampled_from(
    [
        "",
        "W/",
        '"one"',
        "\xe9\xe9",
        "9" * 5000,
        "-1",
        "bytes",
        "bytes 0-1/2",
        f"bytes {'9' * 5000}-1/*",
        "a;b=\xff",
        "attachment; filename=",
        "attachment; filename*=x'y'%ff",
        "sha-256=:!!:",
        "sha-256=:AAAA:",
        "Sun, 99 Nov 2026",
        "Sun, 22 Nov 99999999999 06:00:00 GMT",
        "identity",
        "gzip, gzip",
        "=?utf-8?q?=00?=",
    ]
)
_NAMES = ["ETag", "Last-Modified", "Content-Range", "Content-Disposition", "Content-Encoding", "Content-MD5"]
_HEADERS = st.dictionaries(st.sampled_from([*_NAMES, "Repr-Digest", "Digest", "Retry-After"]), _ODD, max_size=4)


@settings(max_examples=80, suppress_health_check=list(HealthCheck), deadline=None)
@given(headers=_HEADERS, status=st.sampled_from([200, 200, 206, 416, 503, 302]), cut=st.booleans())
def test_headers_of_any_kind_end_with_the_whole_file_or_in_words(
    service: Service, fetcher: Fetcher, headers: dict[str, str], status: int, cut: bool
) -> None:
    odd = Reply(BODY, status, headers, cut_after=HALF if cut else None)
    address = service.at(PATH, odd, Reply(BODY, headers=headers))
    try:
        assert _is_whole(fetcher.get(address))
    except DownloadRefused as refusal:
        assert refusal.details
    assert set(fetcher.left()) <= {"unfinished.part", "unfinished.json"}


def test_service_that_does_not_speak_the_encrypted_language_is_said_not_to_be_there(
    service: Service, fetcher: Fetcher
) -> None:
    address = service.at(PATH, Reply(BODY)).replace("http://", "https://")
    fetcher.service = Service(base=address.removesuffix(PATH))
    assert "no connection to the service could be made" in fetcher.refused(address)


def test_list_that_never_ends_is_given_up(service: Service, fetcher: Fetcher) -> None:
    address = service.at("/list", Reply(b"[" + b"0," * 200_000 + b"0]", piece=1000))
    fetcher.moments.step = 1000.0
    with (
        opened_web(frozenset({_origin(service.base)}), fetcher.patience, fetcher.moments.clock(), PAGE) as web,
        pytest.raises(DownloadRefused, match="or takes that long"),
    ):
        read_list(web, address, lambda _: None)


# the disk


def test_folder_that_cannot_be_made_is_named(service: Service, fetcher: Fetcher) -> None:
    fetcher.folder.write_text("a file where a folder should be", "utf-8")
    said = fetcher.refused(service.at(PATH, Reply(BODY)), NotStored)
    assert "the system refused to write" in said
    assert service.asked == []


def test_what_stands_in_the_way_of_the_part_is_cleared_away(service: Service, fetcher: Fetcher) -> None:
    (fetcher.folder / "unfinished.part" / "inside").mkdir(parents=True)
    (fetcher.folder / "unfinished.json").mkdir()
    assert _is_whole(fetcher.get(service.at(PATH, Reply(BODY))))


# origins


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("https://www.gov.uk/a", "https://www.gov.uk"),
        ("https://WWW.GOV.UK:443/a", "https://www.gov.uk"),
        ("https://www.gov.uk:8443/a", "https://www.gov.uk:8443"),
        ("http://[::1]:80/a", "http://[::1]"),
    ],
)
def test_origin_is_scheme_host_and_port(address: str, same: str) -> None:
    assert str(origin_of(address)) == same


@pytest.mark.parametrize(
    "address",
    [
        "",
        "www.gov.uk",
        "https:///a",
        "https://user@www.gov.uk/a",
        "https://www.gov.uk\\@elsewhere.example/",
        "https://www.gov.uk:99999/",
        "https://www.gov.uk/\r\nHost: elsewhere",
        "file:///a",
    ],
)
def test_what_is_no_plain_address_has_no_origin(address: str) -> None:
    assert origin_of(address) is None
