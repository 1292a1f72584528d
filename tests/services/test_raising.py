"""Raising academies: never a maintained school, never as new what DfE knows, and no step lost."""

from dataclasses import replace
from datetime import date

import pytest

from risk_model.casework import NewReferral, ReferralStatus, referrals
from risk_model.domain.errors import NotAllowed, NotFound, RecordRefused
from risk_model.domain.viewer import RIGHTS_OF, Right, Role, Viewer, local_viewer
from risk_model.domain.words import Route
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.director_list import dfe_programmes
from risk_model.services.profile import school_profile
from risk_model.services.raising import (
    change_raise,
    draft_ask,
    one_raise,
    raise_academy,
    raise_warnings,
    raised_in_words,
    raised_page,
)
from risk_model.services.regional_director import academies_at_risk
from risk_model.services.scope import Scope
from risk_model.services.support_changes import NewAllocation, add_support

WHO = local_viewer()
WRITER = Viewer("Adviser", RIGHTS_OF[Role.ADVISER] - {Right.RESTRICTED}, la_codes=None)
NEW = NewReferral("999", "900200", "Progress is falling.", ask_kind="a meeting")
STUCK, RAISED, MAINTAINED = "900034", "900201", "900027"


def test_an_academy_is_raised_and_goes_its_way_to_the_end(own_copy: Copy) -> None:
    number = raise_academy(WHO, own_copy, NEW)
    sent = {"status": "raised with regional director", "raised_on": date(2026, 11, 20), "next_date": date(2026, 12, 4)}
    assert change_raise(WHO, own_copy, "999", number, 1, sent).status == "raised with regional director"
    change_raise(WHO, own_copy, "999", number, 2, {"status": "acknowledged", "reply": "Seen."})
    change_raise(WHO, own_copy, "999", number, 3, {"status": "closed"})
    found = one_raise(WHO, own_copy, "999", number)
    assert (found.referral.status, found.referral.reply, found.name) == ("closed", "Seen.", "Birchmoor Academy")
    said = list(found.history["What"])
    assert said[0] == "status: acknowledged → closed"
    assert said[1] == "status: raised with regional director → acknowledged; reply: not recorded → Seen."
    assert said[-1] == "recorded as drafted"


def test_the_profile_says_each_step_once(demo_copy: Copy) -> None:
    (one, *_) = [one for one in referrals(demo_copy.records) if one.status == "raised with regional director"]
    day = {"raised_on": date(2026, 11, 3)}
    with_whom = "with the regional director (RSC)"
    assert raised_in_words(replace(one, **day)) == f"Raised {with_whom} on 3 November 2026."
    drafted = replace(one, status=ReferralStatus.DRAFTED, raised_on=None)
    assert raised_in_words(drafted) == f"Raising {with_whom}: drafted."
    closed = replace(one, status=ReferralStatus.CLOSED, **day)
    assert raised_in_words(closed) == f"Raising {with_whom}: closed; raised on 3 November 2026."


def test_a_maintained_school_is_not_raised(own_copy: Copy) -> None:
    schools = school_list(WHO, own_copy, Scope("999"))
    maintained = schools.loc[schools["route"] != Route.REGIONAL_DIRECTOR.value, "urn"].iloc[0]
    before = len(referrals(own_copy.records))
    with pytest.raises(NotAllowed, match=r"is not an academy or a free school"):
        raise_academy(WHO, own_copy, replace(NEW, urn=maintained))
    with pytest.raises(NotAllowed, match="of another local authority"):
        raise_academy(WHO, own_copy, replace(NEW, la_code="850"))
    assert len(referrals(own_copy.records)) == before


def test_an_academy_that_is_raised_already_is_not_raised_twice(own_copy: Copy) -> None:
    with pytest.raises(RecordRefused, match="raised already, under number 2: drafted"):
        raise_academy(WHO, own_copy, replace(NEW, urn=STUCK))


def test_one_that_was_closed_can_be_raised_again(own_copy: Copy) -> None:
    (closed,) = [one for one in referrals(own_copy.records) if one.status == "closed"]
    assert raise_academy(WHO, own_copy, replace(NEW, urn=closed.urn)) > closed.id


def test_a_school_that_dfe_works_with_needs_a_reason_and_the_programme_is_kept(own_copy: Copy) -> None:
    help_of_dfe = NewAllocation("999", "900200", "DfE RISE", "RISE adviser", status="active", role="adviser")
    add_support(WHO, own_copy, replace(help_of_dfe, start_date=date(2026, 9, 1)))
    assert raise_warnings(WHO, own_copy, "999", "900200") == [
        "It is in a programme of DfE already: adviser, RISE adviser."
    ]
    for reason in (None, "", "  "):
        with pytest.raises(RecordRefused, match="DfE knows of it already"):
            raise_academy(WHO, own_copy, replace(NEW, programme_reason=reason))
    number = raise_academy(WHO, own_copy, replace(NEW, programme_reason="The plan has stopped."))
    kept = one_raise(WHO, own_copy, "999", number).referral
    assert (kept.programme, kept.programme_reason) == ("adviser, RISE adviser", "The plan has stopped.")


def test_a_draft_is_not_sent_without_a_reason_once_dfe_works_with_the_school(own_copy: Copy) -> None:
    number = raise_academy(WHO, own_copy, NEW)
    help_of_dfe = NewAllocation("999", "900200", "regional director's office", "Team", status="active")
    add_support(WHO, own_copy, replace(help_of_dfe, start_date=date(2026, 9, 1)))
    sent = {"status": "raised with regional director", "raised_on": date(2026, 11, 20)}
    with pytest.raises(RecordRefused, match="DfE knows of it already"):
        change_raise(WHO, own_copy, "999", number, 1, sent)
    changed = change_raise(WHO, own_copy, "999", number, 1, {**sent, "programme_reason": "Nothing has come of it."})
    assert changed.version == 2


def test_what_is_in_a_programme_is_shown_on_the_list(demo_copy: Copy) -> None:
    assert dfe_programmes(WHO, demo_copy, "999") == {RAISED: "RISE, targeted intervention; adviser, RISE adviser"}
    table = academies_at_risk(WHO, demo_copy, Scope("999")).table.set_index("urn")
    assert table.at[RAISED, "programme"] == "RISE, targeted intervention; adviser, RISE adviser"
    assert set(table.drop(index=RAISED)["programme"]) == {""}


def test_steps_are_counted_and_what_is_overdue_said(demo_copy: Copy) -> None:
    page = raised_page(WHO, demo_copy, "999")
    assert {step: n for step, n in page.counts.items() if n} == dict.fromkeys(
        ("drafted", "sent", "acknowledged", "replied", "closed"), 1
    )
    # sent, with the next date of 17 November; the demo is as at 20 November
    assert page.overdue == 1
    assert list(page.table.loc[page.table["Overdue"] == "overdue", "Status"]) == ["raised with regional director"]
    assert next(iter(page.open.values())).endswith(": sent")
    assert len(page.open) == 4
    assert page.sentence.startswith("drafted 1 · ")


def test_a_raise_of_another_la_is_not_found(own_copy: Copy) -> None:
    with pytest.raises(NotFound, match="no academy raised under number 1"):
        one_raise(WHO, own_copy, "850", 1)
    with pytest.raises(NotFound):
        change_raise(WHO, own_copy, "850", 1, 1, {"reply": "x"})


def test_a_raise_stays_with_its_academy(own_copy: Copy) -> None:
    with pytest.raises(RecordRefused, match="stays the same academy"):
        change_raise(WHO, own_copy, "999", 1, 1, {"urn": "900001"})


def test_who_is_no_officer_neither_sees_nor_replaces_a_restricted_note(own_copy: Copy) -> None:
    change_raise(WHO, own_copy, "999", 2, 1, {"restricted_note": "Quagga"})
    seen = one_raise(WRITER, own_copy, "999", 2)
    assert seen.referral.restricted_note is None
    assert "Quagga" not in " ".join(seen.history["What"])
    assert seen.history["What"].iloc[0] == "the note for officers alone was changed"
    assert [one.restricted_note for one in school_profile(WRITER, own_copy, STUCK).referrals] == [None]
    assert [one.restricted_note for one in school_profile(WHO, own_copy, STUCK).referrals] == ["Quagga"]
    assert [one.restricted_note for one in academies_at_risk(WRITER, own_copy, Scope("999")).raised] == [None] * 5
    with pytest.raises(NotAllowed, match="officers alone"):
        change_raise(WRITER, own_copy, "999", 2, 2, {"restricted_note": "mine"})
    with pytest.raises(NotAllowed, match="officers alone"):
        raise_academy(WRITER, own_copy, replace(NEW, restricted_note="mine"))
    change_raise(WRITER, own_copy, "999", 2, 2, {"tried": "A review."})
    officer = one_raise(WHO, own_copy, "999", 2)
    assert officer.referral.restricted_note == "Quagga"
    assert "restricted note: not recorded → Quagga" in officer.history["What"].iloc[1]


def test_an_ask_is_worded_with_the_academy_and_its_trust(demo_copy: Copy) -> None:
    text = draft_ask(WHO, demo_copy, "999", STUCK, "RISE support")
    assert text == (
        "Please say whether Netherquill Academy is in scope of RISE support, and what Three Becks Education Trust has "
        "been offered."
    )
    assert draft_ask(WHO, demo_copy, "999", STUCK, "no such kind") == ""
    with pytest.raises(NotAllowed):
        draft_ask(WHO, demo_copy, "999", MAINTAINED, "information")
