"""The strict reader: what it takes, and every kind of mistake that it refuses with words for a person."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from risk_model.domain.errors import RulesRefused
from risk_model.domain.words import Statement
from risk_model.rules.reader import FOLDER, PHASES, RULE_FILES, SCORE_FILE, Rule, read_rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the rule set, to be spoilt."""
    for name in (*RULE_FILES, "levels.toml", SCORE_FILE):
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text, f"{name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8", newline="\n")


def refusal(folder: Path) -> str:
    with pytest.raises(RulesRefused) as caught:
        read_rules(folder)
    return str(caught.value)


def test_the_rule_set_reads_and_has_all_statements(folder: Path) -> None:
    rule_set = read_rules(folder)
    assert {rule.statement for rule in rule_set.rules} == set(Statement)
    assert {one.id for one in rule_set.levels} == set(Statement)


SPOILT = [
    ("a key twice", 'id = "O1"', 'id = "O1"\nid = "O1"', "not valid TOML"),
    ("an unknown key", 'id = "O1"', 'id = "O1"\ncolour = "red"', "colour"),
    ("an id twice", 'id = "O3"', 'id = "O1"', "O1 stands twice"),
    ("an id of no kind", 'id = "O1"', 'id = "X1"', "rule.0.id"),
    ("an unknown statement", 'statement = "outcomes"', 'statement = "results"', "statement"),
    (
        "an unknown measure",
        'measure = "rwm_expected_gap_pp"',
        'measure = "rwm_expectd_gap_pp"',
        "rwm_expectd_gap_pp",
    ),
    (
        "an unknown measure in a cap",
        'measure = "attainment8_similar_rank_pct"',
        'measure = "attainment8_alike_pct"',
        "attainment8_alike_pct",
    ),
    ("an unknown phase", '"junior"', '"juniors"', "juniors"),
    ("an unknown placeholder", "{figure:.0f}", "{percentage:.0f}", "placeholder"),
    ("a half placeholder", "{figure:.0f}", "{figure:.0f", "placeholder"),
    ("an unknown direction", 'raised_when = "at_most"', 'raised_when = "below"', "raised_when"),
    ("a quoted number", "value = -5.0", 'value = "-5.0"', "value"),
    ("quoted points", "points = 2.0", 'points = "2.0"', "points"),
    ("a quoted yes", "core = true", 'core = "true"', "core"),
    ("not a number", "value = -5.0", "value = nan", "value"),
    ("without end", "value = -5.0", "value = inf", "value"),
    ("points that are not a number", "points = 2.0", "points = nan", "points"),
    ("a near that is not a number", "near = 5.0", "near = nan", "near"),
    (
        "not a number in a cap",
        'raised_when = "at_least", value = 50.0',
        'raised_when = "at_least", value = nan',
        "cap",
    ),
    ("too many points", "points = 2.0", "points = 9.0", "points"),
    ("no reference", 'reference = "Ofsted inspection toolkit 2025, achievement"\n', "", "reference"),
    (
        "an empty reference",
        'reference = "Ofsted inspection toolkit 2025, achievement"',
        'reference = ""',
        "reference",
    ),
    ("no reason", 'why = "Five points below, though it could be chance; our choice."\n', "", "why"),
    ("no date", "from = 2016-09-01\n", "", "from"),
    ("a date in quotes", "from = 2016-09-01", 'from = "2016-09-01"', "from"),
    ("no review", "next_review = 2027-09-01\n", "", "next_review"),
    ("no test", 'checked_by = "tests/scoring/test_rules_outcomes.py::test_o1"\n', "", "checked_by"),
    ("a share above one", "stale_share = 0.5", "stale_share = 1.5", "stale_share"),
    ("no TOML at all", "[[rule]]", "[[rule]", "TOML"),
]


@pytest.mark.parametrize(
    ("old", "new", "says"), [pytest.param(o, n, s, id=name.replace(" ", "_")) for name, o, n, s in SPOILT]
)
def test_a_spoilt_rule_is_refused_in_words(folder: Path, old: str, new: str, says: str) -> None:
    spoil(folder, "outcomes.toml", old, new)
    words = refusal(folder)
    assert says in words
    assert "outcomes.toml" in words or "stands twice" in words


SPOILT_LEVELS = [
    ("not a number", "unlikely_points = 4.0", "unlikely_points = nan", "unlikely_points"),
    ("a quoted number", "unlikely_points = 4.0", 'unlikely_points = "4"', "unlikely_points"),
    ("no points needed", "unlikely_points = 4.0", "unlikely_points = 0.0", "unlikely_points"),
    ("more than all", "min_coverage = 0.3", "min_coverage = 50.0", "min_coverage"),
    ("a negative cap", "protective_cap = 2.0", "protective_cap = -2.0", "protective_cap"),
    ("a statement twice", 'id = "leadership"', 'id = "outcomes"', "outcomes twice"),
    ("an unknown statement", 'id = "leadership"', 'id = "finance"', "id"),
    ("no version", "rule_set = ", "ruleset = ", "rule_set"),
]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [pytest.param(o, n, s, id=name.replace(" ", "_")) for name, o, n, s in SPOILT_LEVELS],
)
def test_spoilt_levels_are_refused_in_words(folder: Path, old: str, new: str, says: str) -> None:
    spoil(folder, "levels.toml", old, new)
    words = refusal(folder)
    assert says in words
    assert "levels.toml" in words


def test_a_statement_without_levels_is_refused(folder: Path) -> None:
    path = folder / "levels.toml"
    kept, _, _ = path.read_text("utf-8").rpartition("[[statement]]")
    path.write_text(kept, "utf-8", newline="\n")
    assert "It has no levels for inspection." in refusal(folder)


SPOILT_SCORE = [
    (
        "an unknown measure",
        'measure = "rwm_newest_rank_pct"',
        'measure = "rwm_rnk_pct"',
        "S1: there is no measure rwm_rnk_pct",
    ),
    ("an unknown measure instead", 'instead = "rwm_newest_rank_pct"', 'instead = "rwm"', "S2: there is no measure rwm"),
    ("an unknown phase", '"junior"', '"juniors"', "S1: there is no phase juniors"),
    ("a count by nothing", "each = -10.0", "each = 0.0", "S1: each is 0, and nothing can be counted by it"),
    ("no reason for the unknown", "unknown_why = ", "# ", "S1: it does not say why"),
    ("an id twice", 'id = "S2"', 'id = "S1"', "S1 stands twice"),
    ("an id of a rule", 'id = "S1"', 'id = "O1"', "part.0.id"),
    (
        "nothing to read first",
        'measure = "rwm_newest_similar_rank_pct"\n',
        "",
        "S2: it has a measure to read instead, and none to read first",
    ),
    ("half a point", "points = 1\n", "points = 0.5\n", "points"),
    ("points in quotes", "points = 1\n", 'points = "1"\n', "points"),
    ("never counted", "most = 9", "most = 0", "most"),
    ("half a time", "most = 9", "most = 9.5", "most"),
    ("not a number", "start = 100.0", "start = nan", "start"),
    ("without end", "each = -10.0", "each = -inf", "each"),
    ("an age of nothing", "stale_after_years = 4.0", "stale_after_years = 0.0", "stale_after_years"),
    ("an unknown key", 'id = "S1"', 'id = "S1"\ncolour = "red"', "colour"),
    ("no date", "from = 2005-09-01\n", "", "from"),
    ("no test", "checked_by = ", "checked = ", "checked_by"),
    ("no review", "next_review = 2027-09-01\n", "", "next_review"),
    ("an empty reference", 'reference = "DfE, Primary', 'reference = "D"\n# "DfE, Primary', "reference"),
    ("no way of counting", "[[part.step]]", "[part.other]", "part.0.step"),
    ("no TOML at all", "[[part]]", "[[part]", "TOML"),
]


@pytest.mark.parametrize(
    ("old", "new", "says"), [pytest.param(o, n, s, id=name.replace(" ", "_")) for name, o, n, s in SPOILT_SCORE]
)
def test_a_spoilt_list_of_points_is_refused_in_words(folder: Path, old: str, new: str, says: str) -> None:
    spoil(folder, SCORE_FILE, old, new)
    words = refusal(folder)
    assert says in words
    assert SCORE_FILE in words or "stands twice" in words


def test_all_problems_of_the_list_come_together(folder: Path) -> None:
    spoil(folder, SCORE_FILE, 'measure = "rwm_newest_rank_pct"', 'measure = "rwm_rnk_pct"')
    spoil(folder, SCORE_FILE, "each = 40.0", "each = 0.0")
    words = refusal(folder)
    assert "S1: there is no measure rwm_rnk_pct" in words
    assert "S8: each is 0" in words


def test_a_retired_line_stays_readable_and_is_not_in_force(folder: Path) -> None:
    spoil(folder, SCORE_FILE, 'id = "S10"', 'id = "S10"\nretired_on = 2026-09-01')
    part = next(one for one in read_rules(folder).score if one.id == "S10")
    in_force = {day: part.step_on(day) is not None for day in (date(2015, 8, 31), date(2015, 9, 1), date(2026, 8, 31))}
    assert in_force == {date(2015, 8, 31): False, date(2015, 9, 1): True, date(2026, 8, 31): True}
    assert part.step_on(date(2026, 9, 1)) is None


def test_a_step_counts_from_its_first_to_its_last_day(folder: Path) -> None:
    spoil(folder, SCORE_FILE, "from = 2015-09-01", "from = 2015-09-01\nuntil = 2026-08-31")
    part = next(one for one in read_rules(folder).score if one.id == "S10")
    assert part.step_on(date(2026, 8, 31)) is not None
    assert part.step_on(date(2026, 9, 1)) is None


@pytest.mark.parametrize("name", [*RULE_FILES, "levels.toml", SCORE_FILE])
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    words = refusal(folder)
    assert f"{name} is missing." in words
    assert "A rule set has outcomes.toml, leadership.toml, inspection.toml, levels.toml and score.toml." in words


def test_all_problems_of_a_file_come_together(folder: Path) -> None:
    spoil(folder, "outcomes.toml", "value = -5.0", 'value = "-5.0"')
    spoil(folder, "outcomes.toml", "value = -8.0", 'value = "-8.0"')
    assert refusal(folder).count("value:") == 2


def test_a_retired_rule_stays_readable_and_is_not_in_force(folder: Path) -> None:
    spoil(folder, "outcomes.toml", 'id = "O1"', 'id = "O1"\nretired_on = 2026-09-01')
    rule_set = read_rules(folder)
    assert "O1" in ids(rule_set.rules)
    assert "O1" in ids(rule_set.on(date(2026, 8, 31)))
    assert "O1" not in ids(rule_set.on(date(2026, 9, 1)))


def test_a_threshold_counts_from_its_first_to_its_last_day(folder: Path) -> None:
    spoil(folder, "outcomes.toml", "from = 2016-09-01", "from = 2016-09-01\nuntil = 2026-08-31")
    spoil(
        folder,
        "outcomes.toml",
        "from = 2016-09-01\nvalue = -5.0",
        "from = 2016-09-01\nuntil = 2026-08-31\nvalue = -5.0",
    )
    rule_set = read_rules(folder)
    in_force = {day: "O1" in ids(rule_set.on(day)) for day in (date(2016, 8, 31), date(2016, 9, 1))}
    assert in_force == {date(2016, 8, 31): False, date(2016, 9, 1): True}
    assert "O1" in ids(rule_set.on(date(2026, 8, 31)))
    assert "O1" not in ids(rule_set.on(date(2026, 9, 1)))


def test_all_phases_are_spelt_out(folder: Path) -> None:
    by_id = {rule.id: rule for rule in read_rules(folder).rules}
    assert by_id["N1"].applies_to() == PHASES
    assert by_id["O1"].applies_to() == ("primary", "junior", "middle", "all-through")


def ids(rules: tuple[Rule, ...]) -> set[str]:
    return {rule.id for rule in rules}
