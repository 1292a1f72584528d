"""What services have answered is remembered: never for another viewer, never past a change, never changed by a page."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pandas as pd
import pytest

from pages.components.answers import Answers, Aside, State, as_key
from pages.components.session import ask, copy, remembered
from risk_model.domain.errors import NotAllowed, RiskModelError
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Right, Viewer, local_viewer, require_reader
from risk_model.rules.support import SUPPORT_FILE
from risk_model.services.copy import Copy
from risk_model.services.preparing import go_to_build, kept_builds
from risk_model.services.profile import school_profile
from risk_model.services.scope import Scope, scope_choices
from risk_model.services.support import support_page
from risk_model.services.support_changes import NewAllocation, add_support
from risk_model.warehouse.builds import Reader
from tests.pages.conftest import PAGES, Visit, said, well

WHO = local_viewer()
STRANGER = Viewer(name="stranger")
URN = "900001"
# what stands in the address of the pages that would be empty without it
QUERIES = {"school": {"urn": URN}, "my_schools": {"leader": "1"}}


def _names(viewer: Viewer, copy: Copy, number: int) -> list[str]:
    require_reader(viewer)
    return [f"{viewer.name} {number}"]


def _fails(viewer: Viewer, copy: Copy) -> None:
    raise RiskModelError("Not today.")


def test_answer_is_worked_out_once(demo_data: DataDir) -> None:
    first = ask(_names, WHO, copy(), 1)
    assert ask(_names, WHO, copy(), 1) is first
    assert ask(_names, WHO, copy(), 2) == ["local user 2"]


def test_two_viewers_never_share_an_answer(demo_data: DataDir) -> None:
    colleague = replace(WHO, rights=WHO.rights - {Right.RESTRICTED})
    assert ask(_names, WHO, copy(), 1) is not ask(_names, colleague, copy(), 1)
    with pytest.raises(NotAllowed):
        ask(_names, STRANGER, copy(), 1)


@pytest.mark.parametrize("service", [school_profile, scope_choices])
def test_stranger_is_refused_what_was_remembered_for_another(demo_data: DataDir, service) -> None:
    argument = URN if service is school_profile else "999"
    assert ask(service, WHO, copy(), argument)
    with pytest.raises(NotAllowed):
        ask(service, STRANGER, copy(), argument)


def test_refusal_is_not_remembered(demo_data: DataDir) -> None:
    for _ in range(2):
        with pytest.raises(RiskModelError, match="Not today"):
            ask(_fails, WHO, copy())


def _support(urn: str) -> NewAllocation:
    day = copy().build.as_at
    return NewAllocation("999", urn, "LA team", "Finance", start_date=day, days_planned=4, status="active")


def test_record_that_one_session_writes_is_seen_by_the_next_rerun_of_another(own_data: DataDir, visit: Visit) -> None:
    one, other = visit("support"), visit("support")
    before = said(other)
    urn = str(ask(support_page, WHO, copy(), Scope("999")).gaps["urn"].iloc[0])
    new = NewAllocation(
        "999", urn, "LA team", "Finance", start_date=copy().build.as_at, days_planned=4, status="active"
    )
    add_support(WHO, copy(), new)
    assert said(well(other.run())) != before
    assert said(well(one.run())) == said(other)


def test_build_that_becomes_current_is_seen_by_the_next_rerun(own_data: DataDir, visit: Visit) -> None:
    app = visit("overview")
    earlier = min(kept_builds(WHO, own_data), key=lambda build: build.number)
    assert f"build {copy().build.number}" in said(app)
    go_to_build(WHO, own_data, earlier.build_id, "To look at it")
    assert f"build {earlier.number}" in said(well(app.run()))


def test_setting_of_the_la_is_seen_by_the_next_rerun(own_data: DataDir, visit: Visit) -> None:
    app = visit("support")
    (own_data.root / SUPPORT_FILE).write_text("no settings", "utf-8")
    assert "is not valid" in said(well(app.run())) or "cannot be read" in said(app)


@contextmanager
def _counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Counts what is asked of any build; the questions are answered as ever."""
    asked: Counter[str] = Counter()
    for name in ("rows", "frame"):
        original = getattr(Reader, name)

        def counting(self, sql, params=None, *, original=original):
            asked[" ".join(sql.split())[:80]] += 1
            return original(self, sql, params)

        monkeypatch.setattr(Reader, name, counting)
    yield asked


@pytest.mark.parametrize("page", PAGES)
def test_second_rerun_asks_the_build_nothing_and_changes_no_answer(
    demo_data: DataDir, visit: Visit, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = visit(page, **QUERIES.get(page, {}))
    shown = said(well(app.run()))
    before = [_told(one) for one in remembered()]
    with _counted(monkeypatch) as asked:
        again = said(well(app.run()))
    assert asked == Counter()
    assert again == shown
    assert [_told(one) for one in remembered()] == before


def _told(value: object) -> str:
    """All that an answer says."""
    if isinstance(value, pd.DataFrame):
        return value.to_csv()
    return repr(value)


def _state(rest: str = "a", records: str = "a") -> State:
    return State(rest, records)


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    answers = Answers(most=2)
    for key in ("one", "two", "one", "three"):
        answers.answer(key, _state(), lambda key=key: (key, True))
    assert answers.values() == ["one", "three"]


@pytest.mark.parametrize(
    ("reads_records", "state", "is_remembered"),
    [
        (True, _state(), True),
        (True, _state(records="b"), False),
        (True, _state(rest="b"), False),
        (False, _state(records="b"), True),
        (False, _state(rest="b"), False),
    ],
)
def test_answer_is_remembered_while_nothing_that_it_rests_on_changes(
    reads_records: bool, state: State, is_remembered: bool
) -> None:
    answers = Answers()
    assert answers.answer("key", _state(), lambda: ("before", reads_records)) == "before"
    assert answers.answer("key", state, lambda: ("after", reads_records)) == ("before" if is_remembered else "after")
    assert len(answers.values()) == 1


def test_answer_that_looks_into_no_record_outlives_a_record(own_data: DataDir) -> None:
    urn = str(ask(support_page, WHO, copy(), Scope("999")).gaps["urn"].iloc[0])
    choices, page = ask(scope_choices, WHO, copy(), "999"), ask(support_page, WHO, copy(), Scope("999"))
    add_support(WHO, copy(), _support(urn))
    assert ask(scope_choices, WHO, copy(), "999") is choices
    assert len(ask(support_page, WHO, copy(), Scope("999")).gaps) == len(page.gaps) - 1


def test_two_who_ask_at_once_wait_for_one_answer() -> None:
    answers, begun, may_end, worked = Answers(), threading.Event(), threading.Event(), []

    def work() -> tuple[str, bool]:
        worked.append(1)
        begun.set()
        may_end.wait()
        return "answer", True

    found: list[str] = []
    people = [threading.Thread(target=lambda: found.append(answers.answer("key", _state(), work))) for _ in range(2)]
    for one in people:
        one.start()
    begun.wait()
    may_end.set()
    for one in people:
        one.join()
    assert found == ["answer", "answer"]
    assert worked == [1]


def test_what_stands_aside_tells_no_answer_from_another() -> None:
    assert as_key(Aside([1])) == as_key(Aside([2]))


def test_keys_of_different_arguments_differ() -> None:
    frame = pd.DataFrame({"a": [1]})
    told = [
        1,
        True,
        1.0,
        "1",
        ("1",),
        ["1"],
        {"1"},
        {"1": None},
        None,
        frame,
        frame.copy(),
        Scope("1"),
        Scope(None, "1"),
    ]
    assert len({as_key(one) for one in told}) == len(told)


def test_list_is_told_by_what_is_in_it_now_and_a_frame_by_itself() -> None:
    given, frame = ["a"], pd.DataFrame({"a": [1]})
    before = as_key(given)
    assert as_key(["a"]) == before
    given.append("b")
    assert as_key(given) != before
    assert as_key(frame) == as_key(frame)
