"""Two builds side by side: which schools moved, and why."""

import re
from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk_model.domain.paths import DataDir
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import STATEMENT_TITLES, Priority, Statement, level_in_words
from risk_model.measures.reader import read_measures
from risk_model.services.copy import Build
from risk_model.services.measure_reading import sources_read
from risk_model.services.preparing import find_build
from risk_model.services.scope import IN_SCOPE, Scope
from risk_model.sources.catalogue import SOURCES, source_named
from risk_model.warehouse.lake import read_withdrawals
from risk_model.warehouse.two_builds import TwoBuilds, reading_two

NEW_EVIDENCE = "new evidence"
OTHER_RULES = "other rules"
OTHER_DATE = "other date"
OPENED = "school opened"
CLOSED = "school closed"
ANEW = "worked out anew"
REASONS = {
    NEW_EVIDENCE: "a figure rests on another release, or on schools that another release tells of",
    OTHER_RULES: "the rule set is another one, or a rule is in force on one of the days only",
    OTHER_DATE: "the figure is the same and the day another: it grew older, or a time ran out",
    OPENED: "only the later build has the school",
    CLOSED: "only the earlier build has the school",
    ANEW: "same releases, rules and date: the product works it out in another way",
}
PLACE = "place"


@dataclass(frozen=True)
class SchoolMoves:
    """What moved for one school since an earlier build.

    Attributes:
        earlier, later: the builds; is_known: the earlier one has the school.
        levels: {statement: (level then, level now)}; moves: of what moved the row of `BuildComparison.moves`.
        differences: what differs between the builds themselves, in sentences.
    """

    earlier: Build
    later: Build
    is_known: bool
    levels: dict[str, tuple[str, str]]
    moves: pd.DataFrame
    differences: list[str]

    def sentence_of(self, statement: str) -> str:
        """One statement's direction of travel in one sentence."""
        since = f"Since build {self.earlier.number}, as at {in_words(self.earlier.as_at)}"
        if not self.is_known:
            return f"{since}: that build did not have this school."
        before, now = self.levels[statement]
        if before == now:
            return f"{since}: the same level."
        direction = direction_of(before, now)
        direction = "it is not the same" if direction == "otherwise" else direction
        why = self.moves.loc[self.moves["What"] == STATEMENT_TITLES[Statement(statement)], ["Why", "Rules"]]
        told = "; ".join(f"{row['Why']}: {row['Rules'] or 'no rule of its own'}" for _, row in why.iterrows())
        return f"{since}: {direction}, it was {before}. {told[:1].upper()}{told[1:]}."


@dataclass(frozen=True)
class BuildComparison:
    """What moved from one build to another.

    Attributes:
        both, opened, closed: schools of both builds, of the later alone, of the earlier alone.
        moved: schools of both builds of which a level or the place is another.
        differences: what differs between the builds themselves, in sentences.
        reasons: schools that moved, opened or closed, by reason; a school may have several.
        directions: moves by statement or place: What, Worse, Better, Otherwise.
        moves: one row per school and what moved, the worse first: URN, School, LA, Phase, What, Before, Now,
            Direction, Why, Rules, In words.
        releases: those that only one build read: Source, For, File, Schools' figures, What.
    """

    earlier: Build
    later: Build
    both: int
    opened: int
    closed: int
    moved: int
    differences: list[str]
    reasons: dict[str, int]
    directions: pd.DataFrame
    moves: pd.DataFrame
    releases: pd.DataFrame

    @property
    def sentence(self) -> str:
        """How many schools moved, in one sentence."""
        came = f"; {self.opened:,} came and {self.closed:,} went" if self.opened or self.closed else ""
        return f"{self.moved:,} of {self.both:,} schools moved{came}."


_SCHOOLS_SQL = """
    select coalesce(b.urn, a.urn) as urn, coalesce(b.name, a.name) as name, coalesce(b.la_code, a.la_code) as la_code,
           coalesce(b.la_name, a.la_name) as la_name, coalesce(b.locality, a.locality) as locality,
           coalesce(b.phase, a.phase) as phase, a.urn is null as is_opened, b.urn is null as is_closed
    from earlier.schools as a full outer join later.schools as b on b.urn = a.urn"""

# Which rules came out otherwise, and why. The order of the cases matters: what a rule carries forward from another
# statement has no reason of its own; a figure from another release is new evidence even where the day differs, too.
_WHY_SQL = f"""
    with releases_of_one as (
        select source_id from (
            (select source_id, release_id from earlier.releases except select source_id, release_id from later.releases)
            union all
            (select source_id, release_id from later.releases except select source_id, release_id from earlier.releases)
        )
    ),
    -- the measures that read a source of which the builds read different releases
    touched as (
        select distinct measure_id
        from (select unnest($measures) as measure_id, unnest($sources) as source_id)
        inner join releases_of_one using (source_id)
    ),
    pairs as (
        select coalesce(b.urn, a.urn) as urn, coalesce(b.rule_id, a.rule_id) as rule_id,
               coalesce(b.statement, a.statement) as statement,
               coalesce(b.sentence, a.sentence) as sentence,
               coalesce(b.measure_id, a.measure_id) as measure_id,
               coalesce(b.measure_id, a.measure_id) in ('outcomes_level_score', 'leadership_level_score') as carries,
               a.urn is null or b.urn is null as is_of_one,
               row(a.value, a.missing_reason, a.period, a.release_id)
                   is distinct from row(b.value, b.missing_reason, b.period, b.release_id) as has_other_figure,
               row(a.threshold, a.points_available, a.test_no)
                   is distinct from row(b.threshold, b.points_available, b.test_no) as has_other_test,
               abs(coalesce(b.points, 0) - coalesce(a.points, 0)) as weight,
               coalesce(b.rule_id, a.rule_id) || ' '
                   || case when a.status is distinct from b.status
                           then coalesce(a.status, 'not judged') || ' → ' || coalesce(b.status, 'not judged')
                           when a.points is distinct from b.points
                           then b.status || ', ' || format('{{:g}} → {{:g}} points', a.points, b.points)
                           else b.status || ', weighs otherwise' end as change
        from earlier.rule_outcomes as a
        full outer join later.rule_outcomes as b on b.urn = a.urn and b.rule_id = a.rule_id
        where row(a.status, a.points, a.points_available, a.is_gate, a.is_core_evidence)
            is distinct from row(b.status, b.points, b.points_available, b.is_gate, b.is_core_evidence)
    )
    select p.*,
           case when carries then 'carried'
                when is_of_one and rule_id not in
                    (select rule_id from earlier.rules intersect select rule_id from later.rules) then '{OTHER_RULES}'
                when is_of_one then '{NEW_EVIDENCE}'
                when has_other_figure and measure_id in (from touched) then '{NEW_EVIDENCE}'
                when has_other_test and $rules_differ then '{OTHER_RULES}'
                when $dates_differ then '{OTHER_DATE}'
                -- every figure is of a school as a register tells of it
                when exists (from releases_of_one where source_id in (select unnest($registers))) then '{NEW_EVIDENCE}'
                when $rules_differ then '{OTHER_RULES}'
                else '{ANEW}' end as why
    from pairs as p"""

_MOVES_SQL = f"""
    with schools as ({_SCHOOLS_SQL}),
    s as (select s.* from schools as s where {IN_SCOPE}),
    levels as (
        select coalesce(b.urn, a.urn) as urn, coalesce(b.statement, a.statement) as what,
               a.level as before, b.level as now
        from earlier.statement_levels as a
        full outer join later.statement_levels as b on b.urn = a.urn and b.statement = a.statement
        union all
        select coalesce(b.urn, a.urn), '{PLACE}', a.priority, b.priority
        from earlier.schools_at_risk as a full outer join later.schools_at_risk as b on b.urn = a.urn
    ),
    moved as (
        select l.* from levels as l inner join s using (urn)
        where l.before is distinct from l.now and (l.what = '{PLACE}' or (l.before is not null and l.now is not null))
    ),
    rules as ({_WHY_SQL}),
    of_moved as (
        select r.* from rules as r inner join (select distinct urn from moved) using (urn)
    ),
    -- what carries a level forward has the reasons of that level; the place has those of all that moved
    reasons as (
        select m.urn, m.what,
               list_sort(list_distinct(list(r.why) filter (r.why <> 'carried'))) as whys,
               string_agg(r.change, '; ' order by r.weight desc, r.rule_id) filter (r.statement = m.what) as rules,
               string_agg(r.sentence, ' ' order by r.weight desc, r.rule_id)
                   filter (r.statement = m.what and r.weight > 0) as sentences
        from moved as m
        left join of_moved as r
            on r.urn = m.urn
            and (r.statement = m.what
                 or (m.what = 'inspection' and r.statement <> 'inspection'
                     and exists (from of_moved as c where c.urn = m.urn and c.why = 'carried'))
                 or (m.what = '{PLACE}'
                     and exists (from moved as n where n.urn = m.urn and n.what = r.statement)))
        group by m.urn, m.what
    )
    select m.urn, s.name, s.la_name, s.phase, m.what, m.before, m.now,
           case when s.is_opened then ['{OPENED}'] when s.is_closed then ['{CLOSED}']
                when len(coalesce(w.whys, [])) > 0 then w.whys
                when $rules_differ then ['{OTHER_RULES}'] when $dates_differ then ['{OTHER_DATE}']
                else ['{ANEW}'] end as whys,
           if(s.is_opened or s.is_closed, '', coalesce(w.rules, '')) as rules,
           if(s.is_opened or s.is_closed, '', coalesce(w.sentences, '')) as sentences
    from moved as m
    inner join s using (urn)
    left join reasons as w on w.urn = m.urn and w.what = m.what
    order by s.la_name, s.name, m.urn, m.what"""


def compare_builds(
    viewer: Viewer, data: DataDir, earlier_id: str, later_id: str, scope: Scope | None = None
) -> BuildComparison:
    """What moved from one build to another, and why.

    Args:
        earlier_id, later_id: a build's id or its number.
        scope: only these schools; all where it is not given.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: one of the builds is not kept any more.
    """
    require_reader(viewer)
    earlier, later = find_build(viewer, data, earlier_id), find_build(viewer, data, later_id)
    scope = scope or Scope()
    with reading_two(earlier, later) as two:
        counts = two.frame(
            f"""
            with schools as ({_SCHOOLS_SQL})
            select count(*) filter (is_opened) as opened, count(*) filter (is_closed) as closed,
                   count(*) filter (not is_opened and not is_closed) as both
            from schools as s where {IN_SCOPE}""",
            scope.params,
        ).iloc[0]
        found = two.frame(_MOVES_SQL, {**scope.params, **_given(earlier, later)})
        releases = _releases(two, data)
    stayed = ~found["whys"].map(lambda whys: whys[0] in (OPENED, CLOSED)).astype(bool)
    return BuildComparison(
        earlier=earlier,
        later=later,
        both=int(counts["both"]),
        opened=int(counts["opened"]),
        closed=int(counts["closed"]),
        moved=int(found.loc[stayed, "urn"].nunique()),
        differences=_differences(earlier, later, releases),
        reasons={
            reason: int(
                found.loc[found["whys"].map(lambda whys, one=reason: one in whys).astype(bool), "urn"].nunique()
            )
            for reason in REASONS
        },
        directions=_directions(found[stayed]),
        moves=_moves(found),
        releases=releases,
    )


def _given(earlier: Build, later: Build) -> dict[str, object]:
    """What the SQL has to know of the builds beyond their tables."""
    reads = [(measure.id, source_id) for measure in read_measures() for source_id in sources_read(measure.id)]
    return {
        "rules_differ": earlier.rule_set != later.rule_set,
        "dates_differ": earlier.as_at != later.as_at,
        "measures": [measure_id for measure_id, _ in reads],
        "sources": [source_id for _, source_id in reads],
        "registers": [source.id for source in SOURCES if source.is_register],
    }


def school_moves(viewer: Viewer, data: DataDir, earlier_id: str, later_id: str, urn: str) -> SchoolMoves:
    """What moved for one school from one build to another, and why.

    Args:
        earlier_id, later_id: a build's id or its number.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: one of the builds is not kept any more.
    """
    require_reader(viewer)
    earlier, later = find_build(viewer, data, earlier_id), find_build(viewer, data, later_id)
    asked = {**Scope().params, **_given(earlier, later), "urn": urn}
    with reading_two(earlier, later) as two:
        levels = two.frame(
            """
            select b.statement, a.level as before, b.level as now
            from later.statement_levels as b
            left join earlier.statement_levels as a on a.urn = b.urn and a.statement = b.statement
            where b.urn = $urn""",
            {"urn": urn},
        )
        found = two.frame(_of_one_school(_MOVES_SQL), asked)
        releases = _releases(two, data)
    return SchoolMoves(
        earlier=earlier,
        later=later,
        is_known=bool(len(levels)) and bool(levels["before"].notna().all()),
        levels={row["statement"]: (row["before"], row["now"]) for _, row in levels.iterrows()},
        moves=_moves(found),
        differences=_differences(earlier, later, releases),
    )


def _of_one_school(sql: str) -> str:
    """The same question of one school, `$urn`, alone: the tables of schools hold no other."""
    tables = "|".join(("schools_at_risk", "schools", "statement_levels", "rule_outcomes"))
    return re.sub(rf"\b((?:earlier|later)\.(?:{tables}))\b", r"(from \1 where urn = $urn)", sql)


_RELEASES_SQL = """
    with listed as (
        select *, 'later' as which from later.releases
        where release_id not in (select release_id from earlier.releases)
        union all by name
        select *, 'earlier' as which from earlier.releases
        where release_id not in (select release_id from later.releases)
    )
    select which, source_id, label, release_id, original_name, published_on,
           exists (from later.releases as o where o.source_id = listed.source_id and o.label = listed.label
                   and o.release_id not in (select release_id from earlier.releases)) as is_followed,
           exists (from earlier.releases as o where o.source_id = listed.source_id and o.label = listed.label
                   and o.release_id not in (select release_id from later.releases)) as follows
    from listed
    order by source_id, label, which, release_id"""


def _releases(two: TwoBuilds, data: DataDir) -> pd.DataFrame:
    found = two.frame(_RELEASES_SQL)
    withdrawn = read_withdrawals(data)

    def said(row: pd.Series) -> str:
        if row["which"] == "later":
            return "replaces one of the same date" if row["follows"] else "new"
        if row["release_id"] in withdrawn:
            one = withdrawn[row["release_id"]]
            return f"withdrawn by {one.withdrawn_by} on {one.withdrawn_at:%d/%m/%Y}: {one.reason}"
        return "replaced by one of the same date" if row["is_followed"] else "does not count in the later build"

    return pd.DataFrame(
        {
            "Source": [source_named(one).title for one in found["source_id"]],
            "For": found["label"],
            "What": [said(row) for _, row in found.iterrows()],
            "Counts from": found["published_on"],
            "File": found["original_name"],
            "Release": found["release_id"],
        },
        columns=["Source", "For", "What", "Counts from", "File", "Release"],
    )


def _differences(earlier: Build, later: Build, releases: pd.DataFrame) -> list[str]:
    """What differs between the builds themselves."""
    told = []
    if earlier.as_at != later.as_at:
        told.append(f"As at {in_words(earlier.as_at)}, then as at {in_words(later.as_at)}.")
    if earlier.rule_set != later.rule_set:
        told.append(f"Rules {earlier.rule_set}, then rules {later.rule_set}.")
    if len(releases):
        new = int(releases["What"].str.startswith(("new", "replaces")).sum())
        told.append(
            f"{new} releases that only the later build read, {len(releases) - new} that only the earlier one did."
        )
    return told or ["Nothing: the same releases, rules and date."]


_ORDER = {level: place for place, level in enumerate(("likely", "uncertain", "unlikely"))} | {
    Priority.UNIVERSAL.value: 0,
    Priority.WATCH.value: 1,
    Priority.PRIORITY.value: 2,
}


def direction_of(before: object, now: object) -> str:
    """Worse, better, or neither where one of the two says that it is not known."""
    if before not in _ORDER or now not in _ORDER:
        return "otherwise"
    return "worse" if _ORDER[str(now)] > _ORDER[str(before)] else "better"


def _directions(found: pd.DataFrame) -> pd.DataFrame:
    directions = [direction_of(before, now) for before, now in zip(found["before"], found["now"], strict=True)]
    what = list(found["what"])
    rows = []
    for one in (PLACE, *(statement.value for statement in Statement)):
        of_one = [direction for direction, name in zip(directions, what, strict=True) if name == one]
        rows.append({"What": _what(one), **{d.capitalize(): of_one.count(d) for d in ("worse", "better", "otherwise")}})
    return pd.DataFrame(rows)


def _what(name: str) -> str:
    return "Place" if name == PLACE else STATEMENT_TITLES[Statement(name)]


def _said(what: str, value: object) -> str:
    if not isinstance(value, str):
        return "not there"
    return value if what == PLACE else level_in_words(value)


_FIRST = {"worse": 0, "otherwise": 1, "better": 2}


def _moves(found: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "URN": found["urn"],
            "School": found["name"],
            "LA": found["la_name"],
            "Phase": found["phase"],
            "What": [_what(one) for one in found["what"]],
            "Before": [_said(w, one) for w, one in zip(found["what"], found["before"], strict=True)],
            "Now": [_said(w, one) for w, one in zip(found["what"], found["now"], strict=True)],
            "Direction": [direction_of(a, b) for a, b in zip(found["before"], found["now"], strict=True)],
            "Why": [", ".join(whys) for whys in found["whys"]],
            "Rules": found["rules"],
            "In words": found["sentences"],
        }
    )
    order = table["Direction"].map(_FIRST)
    return table.assign(order=order).sort_values(["order", "LA", "School"], kind="stable").drop(columns="order")


def about_comparison(viewer: Viewer, seen: BuildComparison, made_on: date) -> list[str]:
    """What an export of a comparison says on top.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return [
        f"From build {seen.earlier.number} to build {seen.later.number}, written on {in_words(made_on)}",
        seen.sentence,
        *seen.differences,
    ]
