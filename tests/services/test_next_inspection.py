"""When the next inspection is due, in words, on the list and on the profile."""

from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import INSPECTION_TARGET, INSPECTION_TARGET_SOFT, OFSTED_DECIDES
from risk_model.services.at_risk import ListFilters, narrowed, school_list, screen_table
from risk_model.services.copy import Copy
from risk_model.services.next_inspection import DUE_STANDINGS, NextInspection, due_in_plain_text, next_inspection
from risk_model.services.scope import Scope

WHO = local_viewer()
LA = Scope("999")


def one_of(copy: Copy, condition: str) -> NextInspection:
    found = copy.reader.rows(f"select min(urn) as urn from next_inspections where {condition}")
    said = next_inspection(WHO, copy, found[0]["urn"])
    assert said is not None
    return said


def test_the_list_says_of_every_school_how_its_next_inspection_stands(demo_copy: Copy) -> None:
    schools = school_list(WHO, demo_copy, LA)
    assert set(schools["next_inspection_standing"]) <= set(DUE_STANDINGS)
    assert {"overdue", "within 12 months", "later", "monitored"} <= set(schools["next_inspection_standing"])
    has_date = schools["next_inspection_due_by"].notna()
    assert (has_date == ~schools["next_inspection_standing"].isin(["monitored", "no date"])).all()
    soon = narrowed(schools, ListFilters(due=("overdue", "within 12 months")))
    assert 0 < len(soon) < len(schools)
    assert set(soon["next_inspection_standing"]) == {"overdue", "within 12 months"}
    assert list(screen_table(soon)["Next due"]) == list(soon["next_inspection_standing"])


def test_a_school_that_is_due_says_by_when_and_by_which_rules(demo_copy: Copy) -> None:
    said = one_of(demo_copy, "standing = 'within 12 months' and state = 'good'")
    assert said.summary.startswith("Due by ")
    assert said.summary.endswith("That is within 12 months.")
    assert (said.rule_version, said.standing) == ("2025-11", "within 12 months")
    assert "our reading" in said.why
    assert said.source
    assert said.due_from is not None
    assert said.due_by is not None
    assert said.due_from < said.due_by
    assert [era.is_current for era in said.eras] == [False] * (len(said.eras) - 1) + [True]


def test_an_overdue_school_is_called_overdue_and_never_predicted(demo_copy: Copy) -> None:
    said = one_of(demo_copy, "standing = 'overdue'")
    text = "\n".join(due_in_plain_text(said))
    assert text.startswith("Overdue: it was due by ")
    assert OFSTED_DECIDES in text


def test_a_monitored_school_has_no_date_and_is_told_so(demo_copy: Copy) -> None:
    said = one_of(demo_copy, "standing = 'monitored'")
    assert (said.due_by, said.due_from) == (None, None)
    assert said.summary == "Ofsted monitors the school; when the next full inspection is due is not published."


def test_both_targets_stand_side_by_side_with_how_the_report_card_meets_them(demo_copy: Copy) -> None:
    for strict, soft in ((True, True), (False, True), (False, False)):
        said = one_of(demo_copy, f"meets_strict is {strict} and meets_soft is {soft}")
        for text, target, meets in zip(
            said.targets, (INSPECTION_TARGET, INSPECTION_TARGET_SOFT), (strict, soft), strict=True
        ):
            assert text.startswith(target)
            assert (" meets it" in text, " does not meet it" in text) == (meets, not meets)
    older = one_of(demo_copy, "meets_strict is null and last_date is not null")
    assert all("not directly comparable" in text for text in older.targets)


def test_a_school_that_is_not_in_the_build_has_none(demo_copy: Copy) -> None:
    assert next_inspection(WHO, demo_copy, "000000") is None
