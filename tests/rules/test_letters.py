"""Templates of letters: read strictly, filled in text for text; none for academies names what the LA cannot do."""

import hashlib
from pathlib import Path

import pytest

from risk_model.domain.errors import RulesRefused
from risk_model.rules.escalation import read_escalation_settings
from risk_model.rules.letters import LETTERS_FILE, PLACEHOLDERS, TO_SAY, filled_in, read_letter_settings
from risk_model.rules.reader import FOLDER

OWN = (FOLDER / LETTERS_FILE).read_text("utf-8")
# a template that is lost, or that nobody meant to add, fails here
MANIFEST = {
    "review_maintained": "LA support",
    "offer_maintained": "LA support",
    "concern_maintained": "LA support",
    "diocese_maintained": "LA support",
    "review_academy": "regional director",
    "offer_academy": "regional director",
    "concern_academy": "regional director",
    "diocese_academy": "regional director",
}
TO_THE_SCHOOL = {
    "review_maintained",
    "offer_maintained",
    "concern_maintained",
    "review_academy",
    "offer_academy",
}


def test_the_templates_are_those_that_are_meant() -> None:
    settings = read_letter_settings()
    assert {one.id: one.route for one in settings.templates} == MANIFEST
    assert {one.id for one in settings.templates if one.to_school} == TO_THE_SCHOOL
    assert {one.id for one in settings.templates if one.for_church_schools} == {"diocese_maintained", "diocese_academy"}


def test_every_kind_of_letter_is_there_for_both_routes() -> None:
    kinds: dict[str, set[str]] = {}
    for one in read_letter_settings().templates:
        kinds.setdefault(one.route, set()).add(one.kind)
    assert len({frozenset(each) for each in kinds.values()}) == 1


@pytest.mark.parametrize("template", [one for one in MANIFEST if one.startswith(("review", "offer", "concern"))])
def test_a_letter_to_a_school_says_by_when_how_to_answer_and_that_it_predicts_nothing(template: str) -> None:
    one = read_letter_settings().template(template)
    assert one is not None
    for name in ("answer_by", "offer", "reasons", "left_out", "not_a_prediction", "signed_by"):
        assert f"{{{name}}}" in one.body
    assert "# How to" in one.body


def test_only_the_formal_letter_to_a_maintained_school_says_what_may_follow_by_law() -> None:
    settings = read_letter_settings()
    named = {one.id for one in settings.templates if settings.powers.named_in(f"{one.subject} {one.body}")}
    assert named == {"concern_maintained"}
    formal = settings.template("concern_maintained")
    assert formal is not None
    assert "No such decision has been made" in formal.body


def test_a_letter_that_is_a_step_names_one_of_its_own_ladder() -> None:
    ladders = read_escalation_settings()
    steps = {one.id: (one.route, one.step) for one in read_letter_settings().templates if one.step}
    assert set(steps) == {"concern_maintained", "concern_academy"}
    for route, step in steps.values():
        ladder = ladders.ladder_for(route)
        assert ladder is not None
        assert ladder.step(step) is not None


def test_the_hash_of_a_template_is_that_of_its_text() -> None:
    one = read_letter_settings().template("offer_academy")
    assert one is not None
    text = "\n\n".join((one.addressed_to, one.subject, one.body))
    assert one.text_hash == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("We may issue a warning notice.", ["warning notice"]),
        ("a WARNING-\nNotice", ["warning notice"]),
        ("Formal  intervention_s", ["intervention"]),
        ("an Interim Executive Board would", ["interim executive"]),
        ("suspend your delegated   budget", ["delegated budget"]),
        ("by section\u00a060 of the Education and Inspections Act", ["education and inspections act", "section 60"]),
        ("We warn you that notice is short.", []),
        ("a reconditioned interventilator", []),
        ("", []),
    ],
)
def test_a_power_is_found_however_it_is_written(text: str, named: list[str]) -> None:
    assert read_letter_settings().powers.named_in(text) == named


def test_a_name_is_no_threat() -> None:
    powers = read_letter_settings().powers
    assert powers.named_in("Intervention Way Academy", ["Intervention Way Academy"]) == []
    assert powers.named_in("Intervention Way Academy: intervention", ["Intervention Way Academy"]) == ["intervention"]
    assert powers.named_in("intervention", ["", "!"]) == ["intervention"]


def test_filling_in_never_looks_again_at_what_it_filled_in() -> None:
    values = {"school_name": "{reasons} {nothing} {", "reasons": "=HYPERLINK(1)"}
    assert filled_in("{school_name}: {reasons}", values) == "{reasons} {nothing} {: =HYPERLINK(1)"


def test_a_name_without_a_value_is_loud() -> None:
    with pytest.raises(KeyError):
        filled_in("{school_name}", {})


def test_the_las_own_templates_win(tmp_path: Path) -> None:
    assert not read_letter_settings(tmp_path).is_own
    text = OWN.replace("Dear colleagues,", "Dear friends,").replace("answer_days = 21", "answer_days = 28")
    (tmp_path / LETTERS_FILE).write_text(text, "utf-8")
    own, ours = read_letter_settings(tmp_path), read_letter_settings()
    assert own.is_own
    changed, before = own.template("review_maintained"), ours.template("review_maintained")
    assert changed is not None
    assert before is not None
    assert changed.body.startswith("\nDear friends,") or changed.body.startswith("Dear friends,")
    assert (changed.answer_days, before.answer_days) == (28, 21)
    assert changed.text_hash != before.text_hash


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{levels}", "{level}", "{level} in review_maintained is not one of"),
        ("{levels}", "{levels", "review_maintained has a brace that belongs to no name"),
        ("{levels}", "{{levels}}", "review_maintained has a brace that belongs to no name"),
        ("{levels}", "{levels.__class__}", "review_maintained has a brace that belongs to no name"),
        ('id = "offer_maintained"', 'id = "review_maintained"', "template review_maintained is there twice"),
        ('route = "LA support"', 'route = "out of scope"', "route of review_maintained is not one of"),
        ('route = "LA support"', 'route = "RSC"', "route of review_maintained is not one of"),
        ("answer_days = 21", "answer_days = 0", "answer_days"),
        ("answer_days = 21", 'answer_days = "21"', "answer_days"),
        ("answer_days = 21", "surprise = 21", "surprise"),
        ("It is an offer between partners", "We may give a warning notice", "offer_academy is for academies and names"),
        ("our concern, for the trust", "formal intervention", 'names what the LA cannot do there: "intervention"'),
        ('title = "Offer of support: academy"', 'title = "Before an interim executive board"', "interim executive"),
        ("from = 2026-09-01", "from = soon", "cannot be read"),
        ("words = [", "words = [] #", "cannot be read"),
    ],
)
def test_templates_that_are_not_valid_are_refused_in_words(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert OWN.count(old) >= 1
    (tmp_path / LETTERS_FILE).write_text(OWN.replace(old, new, 1), "utf-8")
    with pytest.raises(RulesRefused, match=LETTERS_FILE) as refused:
        read_letter_settings(tmp_path)
    assert problem in str(refused.value)
    assert "take it away to use the product's own" in str(refused.value)


def test_a_template_without_a_day_to_answer_by_is_refused(tmp_path: Path) -> None:
    (tmp_path / LETTERS_FILE).write_text(OWN.replace("{answer_by}", "soon"), "utf-8")
    with pytest.raises(RulesRefused, match="does not say by when to answer"):
        read_letter_settings(tmp_path)


def test_a_list_of_no_powers_is_refused(tmp_path: Path) -> None:
    before, _, rest = OWN.partition("words = [")
    text = f"{before}words = []{rest.partition(']')[2]}"
    (tmp_path / LETTERS_FILE).write_text(text, "utf-8")
    with pytest.raises(RulesRefused, match="words"):
        read_letter_settings(tmp_path)


def test_every_placeholder_is_of_use() -> None:
    used = {name for name in PLACEHOLDERS if f"{{{name}}}" in OWN}
    assert used == set(PLACEHOLDERS)
    assert TO_SAY in OWN
