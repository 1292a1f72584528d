"""Two builds side by side: what moved, counted a second way, and why."""

import re
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from risk_model.domain.errors import NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.reader import FOLDER as RULES
from risk_model.services.comparing import (
    ANEW,
    CLOSED,
    NEW_EVIDENCE,
    OPENED,
    OTHER_DATE,
    OTHER_RULES,
    about_comparison,
    compare_builds,
)
from risk_model.services.copy import opened
from risk_model.services.data import releases
from risk_model.services.preparing import ImportOptions, build_now, import_files, kept_builds
from risk_model.services.scope import Scope
from risk_model.services.withdrawing import withdraw_release
from tests.conftest import SMALL_AS_AT, SMALL_SCHOOLS
from tests.registers import SmallSchool, write_registers

WHO = local_viewer()


def _levels(data: DataDir, number: int) -> pd.DataFrame:
    """Each school's three levels and its place in a build: one column each."""
    build = next(one for one in kept_builds(WHO, data) if one.number == number)
    with build.reader() as reader:
        long = reader.frame(
            "select urn, statement as what, level from statement_levels "
            "union all select urn, 'place', priority from schools_at_risk"
        )
    return long.pivot(index="urn", columns="what", values="level")


def test_moves_are_those_that_a_second_count_finds(demo_data: DataDir) -> None:
    seen = compare_builds(WHO, demo_data, "1", "2")
    before, now = _levels(demo_data, 1), _levels(demo_data, 2)
    both = before.index.intersection(now.index)
    differs = before.loc[both].ne(now.loc[both])
    assert seen.both == len(both)
    assert seen.moved == int(differs.any(axis=1).sum()) > 0
    assert len(seen.moves) == int(differs.to_numpy().sum()) + seen.opened + seen.closed
    assert set(seen.moves["URN"]) == set(differs.index[differs.any(axis=1)])
    assert seen.directions[["Worse", "Better", "Otherwise"]].to_numpy().sum() == len(seen.moves)


def test_every_move_has_a_reason_and_every_release_that_differs_is_named(demo_data: DataDir) -> None:
    seen = compare_builds(WHO, demo_data, "1", "2")
    assert seen.moves["Why"].ne("").all()
    # the rules are the same ones, and both builds were made by the same product
    assert seen.reasons[OTHER_RULES] == seen.reasons[ANEW] == 0
    assert seen.reasons[NEW_EVIDENCE] > 0
    assert seen.reasons[OTHER_DATE] > 0
    read = {}
    for build in kept_builds(WHO, demo_data):
        with build.reader() as reader:
            read[build.number] = {row["release_id"] for row in reader.rows("select release_id from releases")}
    assert set(seen.releases["Release"]) == read[1] ^ read[2]


def test_comparing_the_other_way_round_turns_better_into_worse(demo_data: DataDir) -> None:
    there = compare_builds(WHO, demo_data, "1", "2").directions
    back = compare_builds(WHO, demo_data, "2", "1").directions
    assert list(there["Worse"]) == list(back["Better"])
    assert list(there["Otherwise"]) == list(back["Otherwise"])


def test_a_scope_narrows_the_moves(demo_data: DataDir) -> None:
    everywhere = compare_builds(WHO, demo_data, "1", "2")
    secondary = compare_builds(WHO, demo_data, "1", "2", Scope("999", phase="secondary"))
    of_phase = everywhere.moves[everywhere.moves["Phase"] == "secondary"]
    assert sorted(secondary.moves["URN"]) == sorted(of_phase["URN"])
    assert secondary.both < everywhere.both


def test_a_build_that_is_made_again_moves_nothing(own_small_data: DataDir) -> None:
    build_now(WHO, own_small_data, SMALL_AS_AT)
    seen = compare_builds(WHO, own_small_data, "1", "2")
    assert (seen.moved, seen.opened, seen.closed) == (0, 0, 0)
    assert seen.moves.empty
    assert seen.differences == ["Nothing: the same releases, rules and date."]


def test_schools_that_come_and_go_are_told_apart_from_those_that_moved(own_small_data: DataDir, tmp_path: Path) -> None:
    later = [one for one in SMALL_SCHOOLS if one.urn != 100002] + [SmallSchool(100009, "Copperholt Primary School")]
    for path in write_registers(tmp_path / "files", later):
        path.rename(path.with_name(path.name.replace("31_August", "30_September").replace("20250831", "20250930")))
    import_files(WHO, own_small_data, [tmp_path / "files"], ImportOptions())
    build_now(WHO, own_small_data, date(2025, 10, 20))
    seen = compare_builds(WHO, own_small_data, "1", "2")
    assert (seen.both, seen.opened, seen.closed) == (3, 1, 1)
    why = dict(zip(seen.moves["URN"], seen.moves["Why"], strict=True))
    assert (why["100009"], why["100002"]) == (OPENED, CLOSED)
    assert seen.reasons[OPENED] == seen.reasons[CLOSED] == 1


def test_a_withdrawn_release_is_new_evidence_and_says_who_withdrew_it_and_why(own_small_data: DataDir) -> None:
    release = next(one for one in releases(WHO, own_small_data) if one.source_id == "ofsted")
    with opened(own_small_data) as copy:
        withdraw_release(WHO, copy, release.release_id, "Of the wrong month.")
    build_now(WHO, own_small_data, SMALL_AS_AT)
    seen = compare_builds(WHO, own_small_data, "1", "2")
    assert seen.moved > 0
    assert set(seen.moves["Why"]) == {NEW_EVIDENCE}
    assert list(seen.releases["Release"]) == [release.release_id]
    assert "withdrawn by" in seen.releases["What"].iloc[0]
    assert "Of the wrong month." in seen.releases["What"].iloc[0]


def test_another_rule_set_is_told_as_other_rules(own_small_data: DataDir, tmp_path: Path) -> None:
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    levels = rules / "levels.toml"
    text = levels.read_text("utf-8")
    assert 'rule_set = "2026.4"' in text
    text = text.replace('rule_set = "2026.4"', 'rule_set = "trial"')
    levels.write_text(re.sub(r"^unlikely_points = .*$", "unlikely_points = 99.0", text, flags=re.MULTILINE), "utf-8")
    for name in ("inspection", "leadership"):
        changed = rules / f"{name}.toml"
        changed.write_text(changed.read_text("utf-8").replace("gate = true", "gate = false"), "utf-8")
    build_now(WHO, own_small_data, SMALL_AS_AT, rules)
    seen = compare_builds(WHO, own_small_data, "1", "2")
    assert "Rules 2026.4, then rules trial." in seen.differences
    assert set(seen.moves["Why"]) == {OTHER_RULES}
    assert seen.reasons[OTHER_RULES] == seen.moved > 0


def test_an_unknown_build_is_refused(demo_data: DataDir) -> None:
    with pytest.raises(NotFound, match="not kept any more"):
        compare_builds(WHO, demo_data, "1", "../../etc/passwd")


def test_an_export_says_what_was_compared(demo_data: DataDir) -> None:
    seen = compare_builds(WHO, demo_data, "1", "2")
    about = about_comparison(WHO, seen, date(2026, 11, 22))
    assert about[0] == "From build 1 to build 2, written on 22 November 2026"
    assert seen.sentence in about
