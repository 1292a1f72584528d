"""Letters and ladders on the page: written, refused, sent, answered; a step taken; hostile text is text."""

from typing import Any

from streamlit.testing.v1 import AppTest

from risk_model.casework import LetterStatus, escalations, ladder_steps, letters
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import opened
from risk_model.services.letter_changes import save_letter
from tests.pages.conftest import Visit, said, shows_no_markup, well
from tests.registers import HOSTILE

SCHOOL, ACADEMY = "100001", "100003"


def _by_label(found: Any, label: str) -> Any:
    return next(one for one in found if one.label == label)


def _press(app: AppTest, label: str) -> AppTest:
    return well(_by_label(app.button, label).click().run())


def test_a_threat_to_an_academy_is_refused_and_a_letter_saved_read_and_sent(
    own_small_data: DataDir, visit: Visit
) -> None:
    app = visit("core_group", la="999", view="letters", **{"for": ACADEMY})
    body = _by_label(app.text_area, "Text")
    text = body.value
    body.input(f"{text}\n\nWe may give a warning notice.")
    _press(app, "Save the draft")
    assert 'to an academy, and says "warning notice"' in said(app)
    _by_label(app.text_area, "Text").input(text)
    _press(app, "Save the draft")
    assert "Letter number 1 was saved as a draft. Nothing was sent." in said(app)
    app = visit("core_group", la="999", view="letters", letter="1")
    assert "Draft. Not sent." in said(app)
    _press(app, "Record as sent")
    assert "Letter number 1 is recorded as sent." in said(app)
    with opened(own_small_data) as copy:
        (one,) = letters(copy.records)
    assert (one.status, one.body) == (LetterStatus.SENT, text)
    _by_label(app.selectbox, "What the answer comes to").select("declined")
    _by_label(app.text_area, "What it says").input(HOSTILE)
    _press(app, "Save the answer")
    assert "The answer to letter number 1 was recorded: declined." in said(app)
    assert HOSTILE in said(app)
    assert shows_no_markup(app)


def test_hostile_text_of_a_letter_is_text(own_small_data: DataDir, visit: Visit) -> None:
    with opened(own_small_data) as copy:
        body = f"{HOSTILE}\n\n# {HOSTILE}\n\n- {HOSTILE}\n- {HOSTILE}"
        save_letter(local_viewer(), copy, SCHOOL, "review_maintained", HOSTILE, HOSTILE, body, None)
    app = visit("core_group", la="999", view="letters", letter="1")
    assert said(app).count(HOSTILE) >= 6
    assert shows_no_markup(app)
    assert shows_no_markup(_with_open_letters(visit("school", urn=SCHOOL), SCHOOL))


def test_on_a_profile_letters_are_worked_out_once_they_are_opened(own_small_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn=SCHOOL)
    assert not {"Which letter", "Text"} & {one.label for one in (*app.selectbox, *app.text_area)}
    app = _with_open_letters(app, SCHOOL)
    assert "No such letter is recorded." in said(app)
    assert _by_label(app.text_area, "Text").value


def _with_open_letters(app: AppTest, urn: str) -> AppTest:
    app.session_state[f"letters_of_{urn}"] = True
    return well(app.run())


def test_an_escalation_is_begun_and_climbed(own_small_data: DataDir, visit: Visit) -> None:
    app = visit("core_group", la="999", view="escalation", **{"for": SCHOOL})
    _by_label(app.text_area, "What concerns the LA").input(HOSTILE)
    _press(app, "Begin the escalation")
    assert "Escalation number 1 was opened." in said(app)
    _by_label(app.checkbox, "Is the evidence written down, dated, and seen by the school?").check()
    _press(app, "Record the step")
    assert "The step was recorded: Informal challenge." in said(app)
    _by_label(app.selectbox, "Which step").select("notice_issued").run()
    _press(app, "Record the step")
    assert 'before "Warning notice issued" comes "Warning notice considered"' in said(app)
    assert shows_no_markup(app)
    with opened(own_small_data) as copy:
        assert [one.concern for one in escalations(copy.records)] == [HOSTILE]
        assert [(one.step, one.ticked) for one in ladder_steps(copy.records)] == [
            ("informal_challenge", ("evidence_gathered",))
        ]


def test_an_academys_ladder_names_no_power_and_waits_for_its_referral(own_small_data: DataDir, visit: Visit) -> None:
    app = visit("core_group", la="999", view="escalation", **{"for": ACADEMY})
    assert "The LA holds no power over it" in said(app)
    assert "Draft a referral on the page Regional director (RSC)" in said(app)
    assert "warning notice" not in said(app).casefold()
    assert not [one for one in app.button if one.label in ("Begin the escalation", "Record the step")]


def test_the_letters_after_a_meeting_are_drafted_together(own_data: DataDir, visit: Visit) -> None:
    app = visit("core_group", la="999", view="letters")
    meeting = _by_label(app.selectbox, "Meeting")
    chosen = next(one for one in meeting.options if one.startswith("Garrow Town, 13 October 2026: "))
    schools = int(chosen.split(": ")[1].split()[0])
    meeting.select(chosen)
    _press(app, "Draft them")
    assert f"{schools} letters were drafted. Nothing was sent." in said(app)
    with opened(own_data) as copy:
        drafted = [one for one in letters(copy.records, la_code="999") if one.meeting_id is not None]
    assert len(drafted) == schools > 1
    assert {one.status for one in drafted} == {LetterStatus.DRAFTED}
    assert not any(one.startswith("Garrow Town, 13 October") for one in _by_label(app.selectbox, "Meeting").options)
