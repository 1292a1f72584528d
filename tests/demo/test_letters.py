"""The letters and ladders of the invented LA: one of each standing, and none that it could not have written."""

from datetime import date

from risk_model.casework import LetterStatus, ReplyKind, ladder_steps, letters
from risk_model.rules.escalation import read_escalation_settings
from risk_model.rules.letters import PLACEHOLDERS, TO_SAY, read_letter_settings
from risk_model.services.copy import Copy


def test_there_is_a_letter_of_every_standing(demo_copy: Copy) -> None:
    known = letters(demo_copy.records, la_code="999")
    assert {one.status for one in known} == {LetterStatus.DRAFTED, LetterStatus.SENT, LetterStatus.ANSWERED}
    assert {one.reply_kind for one in known if one.reply_kind} == {ReplyKind.ACCEPTED_IN_PART, ReplyKind.CHALLENGED}
    assert [one.is_overdue_on(date(2026, 11, 20)) for one in known].count(True) == 1


def test_every_letter_is_begun_from_a_template_of_its_schools_route(demo_copy: Copy) -> None:
    settings = read_letter_settings()
    routes = {row["urn"]: row["route"] for row in demo_copy.reader.rows("select urn, route from schools")}
    for one in letters(demo_copy.records):
        template = settings.template(one.template)
        assert template is not None
        assert (template.route, template.text_hash) == (routes[one.urn], one.template_hash)
        assert not [name for name in PLACEHOLDERS if f"{{{name}}}" in one.body]
        # what was sent had nothing left to be said in it
        assert (TO_SAY in one.body) == (one.status == LetterStatus.DRAFTED)
        if template.is_for_academies:
            assert settings.powers.named_in(f"{one.subject} {one.body}") == []


def test_every_step_and_question_is_one_of_the_ladders(demo_copy: Copy) -> None:
    settings = read_escalation_settings()
    steps = {step.id: step for ladder in settings.ladders for step in ladder.steps}
    taken = ladder_steps(demo_copy.records, la_code="999")
    assert {one.escalation_id is None for one in taken} == {True, False}
    for one in taken:
        assert set(one.ticked) <= set(steps[one.step].checks)
        ladder = settings.ladder_for("LA support" if one.escalation_id else "regional director")
        assert ladder is not None
        assert ladder.step(one.step) is not None
