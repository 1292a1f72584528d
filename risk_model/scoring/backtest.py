"""The back-test: every inspection beside what the model said of its school, by what had been published before it."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from risk_model.domain.errors import BacktestRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.periods import in_words
from risk_model.rules.reader import FOLDER as RULES_FOLDER
from risk_model.rules.reader import RuleSet, read_rules
from risk_model.scoring.building import make_build
from risk_model.scoring.evaluating import read_sql
from risk_model.scoring.staging import counting_releases, stage_rows
from risk_model.scoring.trade_off import with_ends
from risk_model.sources.catalogue import source_named
from risk_model.warehouse.builds import Build, read_builds
from risk_model.warehouse.engine import Connection, frame, literal, scratch
from risk_model.warehouse.lake import Release, read_standing
from risk_model.warehouse.storing import PARTIAL, forget, rename, storing

_DAY = timedelta(days=1)
# what came of an inspection is asked of everything that is loaded, whenever it was published
_EVER = date.max
# the kind of a column must not turn on whether a value is missing in this period
_MAY_BE_MISSING = {
    **dict.fromkeys(("is_derived", "is_warning", "failed", "failed_soft", "failed_leadership"), "boolean"),
    **dict.fromkeys(("is_academy", "has_religious_character", "is_published_on_estimated"), "boolean"),
    **dict.fromkeys(("last_grade", "unit_points"), "Int64"),
    **dict.fromkeys(("best_single", "points", "pupils", "score", "coverage"), "float64"),
}
_OF_THE_BUILD = (
    "successions",
    "school_groups",
    "statement_levels",
    "schools_at_risk",
    "latest_inspections",
    "current_values",
    "measure_numbers",
    "numbered_schools",
    "outcomes",
    "rules",
)


@dataclass(frozen=True)
class Batch:
    """The inspections that one build scores.

    Attributes:
        as_at: the build's day.
        first_day, last_day: those that start on these days or between: from the day after the build on, to the day of
            the next build.
    """

    as_at: date
    first_day: date
    last_day: date


def run_backtest(
    data: DataDir,
    from_: date,
    to: date,
    rules_folder: Path = RULES_FOLDER,
    progress: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Score every inspection by what had been published before it began, beside what came of it.

    The evidence is built anew for the first of each month and for each day on which a yearly release came out; an
    inspection is scored by the last of these builds that is older than its first day. The school is the one that was
    inspected, under its number of then; where the build has another record of it, `scored_as` says so. The builds are
    made aside and removed: those that are kept, and the one that is shown, stay as they are.

    Args:
        from_, to: the inspections that start on these days or between.
    Returns:
        One row per graded inspection, report card, and ungraded inspection with an outcome, by day and urn;
        columns as `scoring/sql/backtest_frame.sql` has them. `score` and `level` are never missing; `failed` is, where
        an inspection gave no new grade; `failed_soft` and `failed_leadership` count a report card otherwise.
    Raises:
        BacktestRefused: the period ends before it begins, or no inspection began in it.
        BuildRefused: nothing is loaded from which schools could be judged.
        Damaged, NotStored: a file cannot be read, or the disk refused.
    """
    if to < from_:
        raise BacktestRefused(
            f"The back-test was not made: its period ends on {in_words(to)}, before it begins on {in_words(from_)}.",
            ["Give the earlier day as --from and the later one as --to."],
        )
    batches = batches_between(read_standing(data), from_, min(to, date.today()))
    rule_set = read_rules(rules_folder)
    began = time.monotonic()
    with _aside(data) as aside:
        found: list[pd.DataFrame] = []
        for done, batch in enumerate(batches):
            progress(_standing(batch, done, len(batches), time.monotonic() - began))
            build = make_build(aside, batch.as_at, rules_folder, choose=releases_by).build
            found.append(_scored(aside, build, batch, rule_set))
            _forget_all_but_last(aside)
    return _together(found, from_, to)


def batches_between(releases: Sequence[Release], from_: date, to: date) -> list[Batch]:
    """The builds that a back-test of a period needs, in their order.

    A release of one year counts from the day on which it was published. One of many days or years counts row by row,
    by the dates of its own rows: the first of each month is often enough for those.
    """
    first = (from_ - _DAY).replace(day=1)
    months = {first}
    while (following := (max(months) + timedelta(days=32)).replace(day=1)) < to:
        months.add(following)
    published = {release.published_on for release in releases if release.period}
    days = sorted(months | {day for day in published if first < day < to})
    batches = [Batch(day, max(day + _DAY, from_), end) for day, end in zip(days, [*days[1:], to], strict=True)]
    return [batch for batch in batches if batch.first_day <= batch.last_day]


def releases_by(releases: Sequence[Release], as_at: date) -> list[Release]:
    """The releases by which a back-test may score: those of a build, without what an LA wrote down later.

    A build believes the day that stands on each line of the LA's own; in hindsight such a line proves nothing.
    """
    late = {r.release_id for r in releases if source_named(r.source_id).is_evidence and r.published_on > as_at}
    return [release for release in counting_releases(releases, as_at) if release.release_id not in late]


@dataclass(frozen=True)
class _Aside(DataDir):
    """A data directory of which the builds, and what only builds write, are elsewhere."""

    place: Path

    @property
    def builds(self) -> Path:
        return self.place / "builds"

    @property
    def typed(self) -> Path:
        return self.place / "typed"


@contextmanager
def _aside(data: DataDir) -> Iterator[DataDir]:
    """A place for the builds of a back-test, beside the others and gone at the end, however it ends."""
    with storing("What the back-test builds"):
        data.root.mkdir(parents=True, exist_ok=True)
        place = tempfile.TemporaryDirectory(prefix="backtest-", dir=data.root, ignore_cleanup_errors=True)
    with place as name:
        aside = _Aside(data.root, Path(name))
        with storing("What the back-test builds"):
            _copy_typed(data.typed, aside.typed)
        yield aside


def _copy_typed(kept: Path, target: Path) -> None:
    """Begin with the typed rows that are kept: another build may remove one just now, and it is made again."""
    target.mkdir()
    for path in kept.glob("*.parquet"):
        partial = target / f"{path.name}{PARTIAL}"
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(path, partial)
            rename(partial, target / path.name)


def _forget_all_but_last(aside: DataDir) -> None:
    """Each build starts as a copy of the one before; the others only take room."""
    for build in read_builds(aside)[:-1]:
        forget(build.path.with_suffix(".json"))
        forget(build.path)


def _scored(data: DataDir, build: Build, batch: Batch, rule_set: RuleSet) -> pd.DataFrame:
    """The inspections of a batch by all that is loaded, beside what the build says of their schools."""
    releases = releases_by(read_standing(data), build.as_at)
    with scratch() as con:
        stage_rows(con, data, releases, build.as_at)
        con.execute(f"attach {literal(build.path.as_posix())} as build (read_only)")
        for name in _OF_THE_BUILD:
            con.execute(f"create temp view {name} as from build.{name}")
        _judge_later(con, build, batch)
        found = frame(con, read_sql("backtest_frame"), {"as_at": build.as_at})
        return with_ends(con, found, rule_set, build.as_at)


def _judge_later(con: Connection, build: Build, batch: Batch) -> None:
    """`backtest_answers`: what all files say came of the inspections, of the schools as they were on the day.

    By the statements of a build, asked for a day on which everything is published. Then `schools` is the build's.
    """
    con.execute("create temp view day_schools as from build.schools")
    period = {"first_day": batch.first_day, "last_day": batch.last_day}
    con.execute(f"create temp table schools as {read_sql('backtest_schools')}", period)
    con.execute(f"create temp table inspection_rows as {read_sql('inspection_rows')}", {"as_at": build.as_at})
    con.execute(f"create temp table inspection_sources as {read_sql('inspection_sources')}", {"as_at": _EVER})
    con.execute(f"create temp table judged_inspections as {read_sql('inspections')}", {"as_at": _EVER})
    con.execute(f"create temp table backtest_answers as {read_sql('backtest_answers')}", period)
    con.execute("drop table temp.schools")
    con.execute("create temp view schools as from day_schools")


def _together(found: Sequence[pd.DataFrame], from_: date, to: date) -> pd.DataFrame:
    """One frame of all batches; columns without a value in a batch have the kind that the others give them."""
    filled = [one for one in found if len(one)]
    if not filled:
        raise BacktestRefused(
            f"The back-test was not made: no inspection from {in_words(from_)} to {in_words(to)} is loaded.",
            ["Import Ofsted's management information that covers the period, or name another period."],
        )
    together = pd.concat([one.astype(_MAY_BE_MISSING) for one in filled], ignore_index=True)
    return together.sort_values(["inspection_date", "urn", "kind"], kind="stable", ignore_index=True)


def _standing(batch: Batch, done: int, of: int, seconds: float) -> str:
    """How far it is, and about how long it will take."""
    if not done:
        return f"Scoring by what was published to {in_words(batch.as_at)}: 1 of {of}"
    minutes = max(1, round(seconds / done * (of - done) / 60))
    left = "about a minute is left" if minutes == 1 else f"about {minutes} minutes are left"
    return f"Scoring by what was published to {in_words(batch.as_at)}: {done + 1} of {of}; {left}"
