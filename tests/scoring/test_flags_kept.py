"""What a build said of each school outlives the build, and nobody can change it unnoticed."""

from datetime import date

import pytest

from risk_model.domain.errors import Damaged
from risk_model.domain.paths import DataDir
from risk_model.scoring.building import make_build
from risk_model.warehouse.builds import read_builds
from risk_model.warehouse.flags import forget_flags, kept_flags, read_flags
from tests.conftest import SMALL_AS_AT

LEVELS = "select urn, statement, level from statement_levels order by urn, statement"


def test_what_is_kept_is_what_the_build_says(small_data: DataDir) -> None:
    (build,) = read_builds(small_data)
    (kept,) = kept_flags(small_data)
    assert (kept.build_id, kept.number, kept.as_at, kept.rule_set) == (
        build.build_id,
        build.number,
        build.as_at,
        build.rule_set,
    )
    assert (kept.was_shown, kept.lost) == (True, "")
    with build.reader() as reader:
        levels = [(row["urn"], row["statement"], row["level"]) for row in reader.rows(LEVELS)]
        raised = reader.rows("select urn, rule_id, sentence from rule_outcomes where status = 'raised'")
        (info,) = reader.rows("select made_at, fingerprint from build_info, rule_set_text")
    rows = read_flags(kept)
    said = {
        (row["urn"], statement, row[f"{statement}_level"])
        for row in rows
        for statement in ("outcomes", "leadership", "inspection")
    }
    assert sorted(said) == levels
    told = [(row["urn"], row["rule_id"], row["sentence"]) for row in rows if row["rule_id"] is not None]
    assert sorted(told) == sorted((row["urn"], row["rule_id"], row["sentence"]) for row in raised)
    assert told, "a test of raised rules needs one"
    assert {row["urn"] for row in rows} == {"100001", "100002", "100003", "100004"}
    assert kept.made_at is not None
    assert kept.made_at.replace(tzinfo=None) == info["made_at"]
    assert kept.rule_set_hash == info["fingerprint"]


def test_a_build_that_is_forgotten_still_answers(own_small_data: DataDir) -> None:
    before = read_flags(kept_flags(own_small_data)[0])
    for day in range(2, 8):
        make_build(own_small_data, SMALL_AS_AT.replace(day=day))
    assert [build.number for build in read_builds(own_small_data)] == [3, 4, 5, 6, 7]
    kept = kept_flags(own_small_data)
    assert [one.number for one in kept] == [1, 2, 3, 4, 5, 6, 7]
    assert read_flags(kept[0]) == before


def test_a_number_is_never_given_again_though_every_build_is_gone(own_small_data: DataDir) -> None:
    for path in own_small_data.builds.iterdir():
        if path.is_file():
            path.unlink()
    made = make_build(own_small_data, SMALL_AS_AT).build
    assert made.number == 2
    assert [one.number for one in kept_flags(own_small_data)] == [1, 2]


def test_one_school_or_one_la_can_be_asked_for(small_data: DataDir) -> None:
    (kept,) = kept_flags(small_data)
    assert {row["urn"] for row in read_flags(kept, urn="100003")} == {"100003"}
    assert read_flags(kept, urn="' or 1=1") == []
    assert read_flags(kept, la_code="000") == []


def test_a_build_of_before_is_kept_when_the_next_one_is_made(own_small_data: DataDir) -> None:
    (kept,) = kept_flags(own_small_data)
    before = read_flags(kept)
    forget_flags(own_small_data, kept.build_id)
    make_build(own_small_data, date(2025, 10, 2), make_current=False)
    first, second = kept_flags(own_small_data)
    assert read_flags(first) == before
    assert (first.was_shown, second.was_shown) == (None, False)
    assert first.made_at == kept.made_at


def test_a_build_of_before_that_is_damaged_is_kept_as_lost_and_says_so(own_small_data: DataDir) -> None:
    (build,) = read_builds(own_small_data)
    forget_flags(own_small_data, build.build_id)
    build.path.write_bytes(b"no database")
    make_build(own_small_data, date(2025, 10, 2))
    lost = kept_flags(own_small_data)[0]
    assert "could not be read" in lost.lost
    with pytest.raises(Damaged, match="What build 1 said of its schools is lost"):
        read_flags(lost)


def test_another_file_under_the_same_name_is_noticed(own_small_data: DataDir) -> None:
    make_build(own_small_data, date(2025, 10, 2))
    first, second = kept_flags(own_small_data)
    first.path.write_bytes(second.path.read_bytes())
    with pytest.raises(Damaged, match="not as it was written"):
        read_flags(first)
    assert read_flags(second)


def test_a_file_that_is_gone_and_a_description_that_is_cut_short_are_said(own_small_data: DataDir) -> None:
    (kept,) = kept_flags(own_small_data)
    kept.path.unlink()
    with pytest.raises(Damaged, match="cannot be read"):
        read_flags(kept)
    description = kept.path.with_suffix(".json")
    description.write_text(description.read_text("utf-8")[:40], "utf-8")
    with pytest.raises(Damaged, match="which says what was kept of a build, cannot be read"):
        kept_flags(own_small_data)


def test_what_a_process_that_died_left_is_nobody_s_and_goes(own_small_data: DataDir) -> None:
    (kept,) = kept_flags(own_small_data)
    left = kept.path.with_name("flags_00002-20251002-abcdef.parquet")
    left.write_bytes(kept.path.read_bytes())
    assert len(kept_flags(own_small_data)) == 1
    make_build(own_small_data, date(2025, 10, 2))
    assert not left.exists()
    assert len(kept_flags(own_small_data)) == 2
