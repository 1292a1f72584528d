"""Loading the invented LA's records from CSV files."""

from datetime import date
from pathlib import Path

import pytest

from risk_model.casework import (
    Records,
    active_allocations,
    adviser_views,
    allocations,
    audit_trail,
    head_comments,
    ladder_steps,
    letters,
    load_demo_records,
    meetings,
    referrals,
    system_leaders,
)
from risk_model.domain.errors import RecordRefused

FILES = {
    "system_leaders.csv": (
        "label,role,home_urn,locality,phase,specialisms,days_per_term,available_from,available_to,accredited_by,note\n"
        "System leader 01,NLE,900010,Alder Valley,primary,maths,6,2026-09-01,2027-07-31,LA,\n"
        "System leader 02,challenge partner,,,,,,,,,\n"
    ),
    # Without status_reason, which only some statuses need.
    "allocations.csv": (
        "urn,provider_type,provider_name,system_leader,role,support_type,need,days_planned,days_used,"
        "start_date,end_date,status,funding,aim,success_measure,baseline,last_update\n"
        "900001,school,Birchmoor School,System leader 01,SLE,subject support,maths,12,8,"
        "2026-09-01,,active,LA,,,,\n"
        "900001,LA team,Finance,,finance adviser,finance recovery,,3,0,01/10/2026,,agreed,LA,,,,\n"
        "900002,trust,Cedar Learning Trust,,,,,,,,,offered,,,,,\n"
    ),
    "designations.csv": (
        "system_leader,role,specialism,designated_by,from_date,to_date,note\n"
        "System leader 01,NLE,,DfE,2016-09-01,2022-08-31,\n"
    ),
    "interests.csv": (
        "label,role,registered_on,urn,phase,specialisms,strengths,days_per_term,status,status_reason\n"
        "Head 12,SLE,2026-10-05,900004,primary,attendance,,3,registered,\n"
    ),
    "objectives.csv": (
        "support,objective,success_measure,baseline,target,due,progress,checked_on\n"
        "1,Plan together,Minutes,none,weekly,2027-03-31,on track,2026-11-02\n"
    ),
    "visits.csv": (
        "support,urn,visited_on,visited_by,days,note,next_step\n1,900001,2026-11-09,System leader 01,1.5,Books.,Plan.\n"
    ),
    "meetings.csv": (
        "meeting,locality,date,attending,chair,next_on\nM1,Alder Valley,2026-03-20,Head,LA adviser,\n"
        "M2,Alder Valley,2026-10-14,Head,LA adviser,2027-01-13\n"
    ),
    "attendances.csv": "meeting,label,role,urn,presence\nM1,Head 12,head teacher,900004,present\n",
    "conflicts.csv": "meeting,label,urn,interest,part_taken\nM1,Head 12,900001,A relative.,left the room\n",
    "agendas.csv": (
        "meeting,urn,place,reasons,priority,outcomes_level,leadership_level,inspection_level\n"
        "M2,900001,1,Priority for support.,,unlikely,,\n"
    ),
    "actions.csv": (
        "meeting,urn,action,owner,due,state,state_reason,done_on\nM2,900001,A plan.,Head,2026-11-16,in progress,,\n"
    ),
    "meeting_outcomes.csv": (
        "meeting,urn,statement,agreed_level,outcome,reason,review_by,restricted_note\n"
        "M1,900001,outcomes,uncertain,no change - monitor,,2026-10-31,\n"
        "M2,900001,outcomes,unlikely,step up support,Three years below.,2027-03-31,Head: a plan.\n"
    ),
    "referrals.csv": (
        "urn,status,raised_on,concern,ask,owner,reply,next_date\n"
        "900005,acknowledged,2026-09-15,Falling progress.,RISE support,LA lead,,2026-12-01\n"
        "900006,drafted,,Weak governance.,,,,\n"
    ),
    "letters.csv": (
        "urn,template,template_hash,addressed_to,subject,body,answer_by,sent_on,sent_how,reply_kind,replied_on,reply\n"
        f'900001,review_maintained,{"a" * 64},The head,Our review,"Dear head,\n\n# Why",2026-11-05,2026-10-15,by post,'
        "challenged,2026-10-29,The figure is old.\n"
        f"900005,review_academy,{'a' * 64},The head,Our review,Dear head,2026-12-05,,,,,\n"
    ),
    "escalations.csv": (
        "urn,opened_on,concern,owner,next_date,closed_on,close_reason\n900001,2026-09-01,No plan.,Lead,2026-12-01,,\n"
    ),
    "ladder_steps.csv": (
        "urn,step,taken_on,decided_by,paper,checked,out_of_order_reason,answer_by,note\n"
        "900001,informal_challenge,2026-09-01,Adviser 1,Note,heard,,2026-09-16,\n"
        "900005,discussed,2026-08-03,Adviser 1,Note,heard,,,\n"
    ),
    "adviser_views.csv": (
        "urn,statement,level,reason,evidence,made_by,made_on,review_by\n"
        "900001,outcomes,uncertain,Books show more.,A note of 8 October 2026,Adviser 1,2026-10-12,2027-03-31\n"
    ),
    "head_comments.csv": (
        "urn,statement,comment,made_by,made_on\n900001,outcomes,One small year.,Head teacher,2026-10-15\n"
    ),
}
COUNTS = (
    {"system_leaders": 2, "allocations": 3, "meetings": 2, "meeting_outcomes": 2, "referrals": 2}
    | {"letters": 2, "ladder_steps": 2}
    | dict.fromkeys(
        (
            *("adviser_views", "head_comments", "designations", "interests", "objectives", "visits"),
            *("attendances", "conflicts", "agendas", "actions", "escalations"),
        ),
        1,
    )
)


# a view's evidence has an entry of its own, and so have the support that a visit's days are added to and the locks
ENTRIES = sum(COUNTS.values()) + 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "demo records"
    place.mkdir()
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8", newline="")
    return place


def test_load_demo_records_records_every_file(records: Records, folder: Path) -> None:
    assert load_demo_records(records, "demo", folder, "999") == COUNTS
    assert [leader.label for leader in system_leaders(records)] == ["System leader 01", "System leader 02"]
    assert [found.system_leader_label for found in allocations(records)] == ["System leader 01", None, None]
    assert len(active_allocations(records, date(2026, 11, 20), la_code="999")) == 2
    assert [(found.locked_by, len(found.outcomes)) for found in meetings(records, locality="Alder Valley")] == [
        ("LA adviser", 1)
    ] * 2
    assert [found.status for found in referrals(records)] == ["acknowledged", "drafted"]
    assert [found.status for found in letters(records)] == ["drafted", "answered"]
    assert [(found.escalation_id, found.referral_id) for found in ladder_steps(records)] == [(None, 1), (1, None)]
    (view,) = adviser_views(records)
    assert [piece.description for piece in view.evidence] == ["A note of 8 October 2026"]
    assert [said.statement for said in head_comments(records)] == ["outcomes"]
    assert len(audit_trail(records)) == ENTRIES
    assert {entry.who for entry in audit_trail(records)} == {"demo"}


def test_load_demo_records_again_does_nothing(records: Records, folder: Path) -> None:
    load_demo_records(records, "demo", folder, "999")
    assert load_demo_records(records, "demo", folder, "999") == dict.fromkeys(COUNTS, 0)
    assert len(audit_trail(records)) == ENTRIES


def test_load_demo_records_for_another_la_adds_them(records: Records, folder: Path) -> None:
    load_demo_records(records, "demo", folder, "999")
    assert load_demo_records(records, "demo", folder, "998") == COUNTS


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("system_leaders.csv", "NLE", "hero", "system_leaders.csv line 2, role: 'hero' is not a known word"),
        ("system_leaders.csv", "leader 02", "leader 01", "system_leaders.csv line 3, label: this LA has"),
        ("allocations.csv", "System leader 01", "Nobody", "allocations.csv line 2, system_leader: 'Nobody'"),
        ("allocations.csv", ",need", "", "allocations.csv line 1, need: this column is missing"),
        ("allocations.csv", "offered", "paused", "allocations.csv line 4, status_reason: paused support"),
        ("meetings.csv", "2026-03-20", "spring", "meetings.csv line 2, date: 'spring' is not a date"),
        ("meetings.csv", "M2", "M1", "meetings.csv line 3, meeting: 'M1' is there twice"),
        ("meeting_outcomes.csv", "M2", "M9", "meeting_outcomes.csv line 3, meeting: 'M9' is not in"),
        ("meeting_outcomes.csv", "2027-03-31", "2026-10-01", "review_by: 2026-10-01 is before the meeting"),
        ("referrals.csv", "2026-09-15", "", "referrals.csv line 2, raised_on: "),
        ("letters.csv", "2026-10-29", "", "letters.csv line 2, replied_on: an answer needs this"),
        ("letters.csv", "by post", "", "letters.csv line 2, sent_how: a letter that is sent needs this"),
        ("letters.csv", "2026-12-05", "soon", "letters.csv line 5, answer_by: 'soon' is not a date"),
        ("escalations.csv", "No plan.", "", "escalations.csv line 2, concern: nothing was given"),
        ("ladder_steps.csv", "900005", "900009", "ladder_steps.csv line 3, escalation_id: a step is of one"),
        ("adviser_views.csv", "A note of 8 October 2026", "", "adviser_views.csv line 2, evidence: nothing was given"),
        ("adviser_views.csv", "2027-03-31", "2028-03-31", "review_by: 2028-03-31 is more than a year"),
        ("head_comments.csv", "One small year.", "", "head_comments.csv line 2, comment: nothing was given"),
    ],
)
def test_load_demo_records_with_a_defect_adds_nothing(
    records: Records, folder: Path, file: str, old: str, new: str, problem: str
) -> None:
    (folder / file).write_text(FILES[file].replace(old, new), encoding="utf-8", newline="")
    with pytest.raises(RecordRefused) as error:
        load_demo_records(records, "demo", folder, "999")
    assert any(problem in detail for detail in error.value.details)
    assert audit_trail(records) == []
    assert system_leaders(records) == []


def test_load_demo_records_tells_the_defects_of_all_files(records: Records, folder: Path) -> None:
    for file, old, new in [("system_leaders.csv", "NLE", "hero"), ("referrals.csv", "drafted", "lost")]:
        (folder / file).write_text(FILES[file].replace(old, new), encoding="utf-8", newline="")
    with pytest.raises(RecordRefused) as error:
        load_demo_records(records, "demo", folder, "999")
    assert error.value.details[0].startswith("system_leaders.csv line 2, role: 'hero'")
    assert error.value.details[-1].startswith("referrals.csv line 3, status: 'lost'")


def test_load_demo_records_without_a_file_is_refused(records: Records, folder: Path) -> None:
    (folder / "meetings.csv").unlink()
    (folder / "referrals.csv").write_bytes(b"urn\xff\xfe")
    with pytest.raises(RecordRefused) as error:
        load_demo_records(records, "demo", folder, "999")
    assert [detail.split(":")[0] for detail in error.value.details] == ["meetings.csv", "referrals.csv"]
