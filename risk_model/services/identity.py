"""Who is who: what came of every school of the registers, whose figures each source has, what came before a school."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import counted
from risk_model.scoring.identity import count_schools
from risk_model.services.copy import Copy
from risk_model.sources.catalogue import source_named


@dataclass(frozen=True)
class RegisterAccount:
    """What came of the rows of one register release.

    Attributes:
        is_in_use: the schools of at least one LA are taken from it.
        rows: rows of schools in it.
        of_today: rows of schools of today, as this release has them.
        of_today_elsewhere: rows of schools of today, as another release has them.
        left_out: rows of schools that were left out, by reason.
        not_in_use: rows of schools that no release in use has, where this one is not in use.
    """

    release_id: str
    file: str
    is_in_use: bool
    rows: int
    of_today: int
    of_today_elsewhere: int
    left_out: dict[str, int]
    not_in_use: int

    @property
    def is_balanced(self) -> bool:
        """Whether every row is accounted for, once."""
        return self.rows == self.of_today + self.of_today_elsewhere + sum(self.left_out.values()) + self.not_in_use


@dataclass(frozen=True)
class SchoolAccounts:
    """Schools in, schools out, and why the others were left out.

    Attributes:
        schools_in: different URNs in the register releases in use.
        schools_out: schools of the build.
        left_out: the others, by reason.
        registers: release by release.
    """

    schools_in: int
    schools_out: int
    left_out: dict[str, int]
    registers: list[RegisterAccount]

    @property
    def sentence(self) -> str:
        """The sum in words."""
        left_out = "; ".join(f"{n:,} {reason}" for reason, n in self.left_out.items())
        return (
            f"The registers in use name {counted(self.schools_in, 'school')}: {self.schools_out:,} are here, "
            f"{sum(self.left_out.values()):,} are left out{left_out and f' ({left_out})'}."
            + ("" if self.is_balanced else " The sum does not hold: please report it.")
        )

    @property
    def is_balanced(self) -> bool:
        """Whether schools in = schools out + schools left out, in all and in each release."""
        adds_up = self.schools_in == self.schools_out + sum(self.left_out.values())
        return adds_up and all(one.is_balanced for one in self.registers)


@dataclass(frozen=True)
class EvidenceAccount:
    """How many schools of a source stand where.

    Attributes:
        standing: of today; replaced by one school of today; merged or split into schools of today; left out, with
            the reason; closed; or in no register and no link.
        for_example: one of their URNs.
    """

    source_id: str
    title: str
    standing: str
    schools: int
    for_example: str | None


def school_accounts(viewer: Viewer, copy: Copy) -> SchoolAccounts:
    """What came of every school of the registers that the build goes by.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    found = copy.reader.rows(
        "select a.*, coalesce(l.original_name, a.release_id) as file from register_accounts as a "
        "left join releases as l using (release_id) order by file, a.release_id, standing, reason"
    )
    by_release: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        by_release.setdefault(row["release_id"], []).append(row)
    reasons = copy.reader.rows("select reason, count(*) as n from left_out_schools group by reason order by reason")
    return SchoolAccounts(
        schools_in=max((row["schools_in"] for row in found), default=0),
        schools_out=copy.reader.rows("select count(*) as n from schools")[0]["n"],
        left_out={row["reason"]: row["n"] for row in reasons},
        registers=[_register(rows) for rows in by_release.values()],
    )


def _register(rows: Sequence[dict[str, Any]]) -> RegisterAccount:
    by_standing: dict[str, int] = {}
    for row in rows:
        by_standing[row["standing"]] = by_standing.get(row["standing"], 0) + row["rows"]
    return RegisterAccount(
        release_id=rows[0]["release_id"],
        file=rows[0]["file"],
        is_in_use=rows[0]["is_in_use"],
        rows=sum(row["rows"] for row in rows),
        of_today=by_standing.get("of today, as this release has it", 0),
        of_today_elsewhere=by_standing.get("of today, as another release has it", 0),
        left_out={row["reason"]: row["rows"] for row in rows if row["reason"]},
        not_in_use=by_standing.get("in a release that no LA goes by any more", 0),
    )


def left_out_schools(viewer: Viewer, copy: Copy) -> pd.DataFrame:
    """The schools of the registers in use that the build leaves out, by LA and name.

    Returns:
        URN, Name, LA code, Type, Reason, Closed on, File, Row.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return copy.reader.frame(
        """
        select o.urn as "URN", o.name as "Name", o.la_code as "LA code", o.type as "Type", o.reason as "Reason",
               o.close_date as "Closed on", coalesce(l.original_name, o.release_id) as "File", o.row_number as "Row"
        from left_out_schools as o
        left join releases as l using (release_id)
        order by o.la_code, o.name, o.urn"""
    )


def evidence_accounts(viewer: Viewer, copy: Copy) -> list[EvidenceAccount]:
    """Whose figures each yearly source has, by source and standing; worked out now, in about a second for England.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return [
        EvidenceAccount(
            row["source_id"],
            source_named(row["source_id"]).title,
            row["standing"],
            row["schools"],
            row["for_example"],
        )
        for row in count_schools(copy.data, copy.build)
    ]


def registers_table(accounts: SchoolAccounts) -> pd.DataFrame:
    """The registers as a table: File, In use, Rows, Here, Here by another file, Left out, In no file in use."""
    return pd.DataFrame(
        {
            "File": [one.file for one in accounts.registers],
            "In use": [one.is_in_use for one in accounts.registers],
            "Rows": [one.rows for one in accounts.registers],
            "Here": [one.of_today for one in accounts.registers],
            "Here by another file": [one.of_today_elsewhere for one in accounts.registers],
            "Left out": [sum(one.left_out.values()) for one in accounts.registers],
            "In no file in use": [one.not_in_use for one in accounts.registers],
        }
    )


def evidence_table(evidence: Sequence[EvidenceAccount]) -> pd.DataFrame:
    """Whose figures each source has, as a table: Source, Standing, Schools, For example (a URN)."""
    return pd.DataFrame(
        {
            "Source": [one.title for one in evidence],
            "Standing": [one.standing for one in evidence],
            "Schools": [one.schools for one in evidence],
            "For example": [one.for_example or "" for one in evidence],
        }
    )


_BEFORE_SQL = """
    select s.*, max(f.year) as last_year
    from successions as s
    left join inherited_figures as f on f.urn = s.urn and f.predecessor_urn = s.predecessor_urn
    where s.urn = $urn
    group by all
    order by s.steps, s.predecessor_urn"""


def school_history(viewer: Viewer, copy: Copy, urn: str) -> list[str]:
    """Which schools came before a school, what it has from them, and how its LA came to be: sentences, newest first.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    before = copy.reader.rows(_BEFORE_SQL, {"urn": urn})
    told = [_replaced(row) for row in before if row["how"] == "replaced"]
    for how, words in _NOT_INHERITED.items():
        named = [_named(row) for row in before if row["how"] == how]
        if named:
            told.append(words.format(schools=", ".join(named)))
    la = copy.reader.rows("select la_code from schools where urn = $urn", {"urn": urn})
    return told + [sentence for row in la for sentence in la_history(viewer, copy, row["la_code"])]


_NOT_INHERITED = {
    "merger": "It goes back to a merger of, or with, {schools}. Results of several schools are not added up: "
    "none is inherited.",
    "split": "It goes back to a school that was split: {schools}. Results of a split school are not shared out: "
    "none is inherited.",
    "still open": "The register names {schools} before it, which is still open: its results stay its own.",
    "not clear": "The register names {schools} both before and after it, so nothing is inherited.",
}


def _replaced(row: dict[str, Any]) -> str:
    day = in_words(row["since"]) if row["since"] else ""
    if row["steps"] == 1:
        said = f"It replaced {_named(row)}{day and f' on {day}'}"
    else:
        said = f"Before that it was {_named(row)}{day and f', until {day}'}"
    if row["last_year"] is None:
        return f"{said}; no yearly figure of that school is used here."
    last = f"{row['last_year'] - 1}-{row['last_year'] % 100:02d}"
    return (
        f"{said}. For the years before its own first figures, up to {last}, those of that school stand here: "
        "they are marked, and count for half."
    )


def school_now(viewer: Viewer, copy: Copy, urn: str) -> str:
    """What became of a URN that is no school of today, in a sentence; "" where nobody knows.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    after = copy.reader.rows(
        "select distinct s.name, s.urn from successions as p inner join schools as s on s.urn = p.urn "
        "where p.predecessor_urn = $urn order by s.name, s.urn",
        {"urn": urn},
    )
    if after:
        schools = " and ".join(f"{row['name']} (URN {row['urn']})" for row in after)
        return f"Today it is {schools}."
    left_out = copy.reader.rows("select name, reason from left_out_schools where urn = $urn", {"urn": urn})
    return f"{left_out[0]['name'] or 'It'} is left out: {left_out[0]['reason']}." if left_out else ""


def _named(row: dict[str, Any]) -> str:
    return f"{row['predecessor_name'] or 'a school whose name is not known'} (URN {row['predecessor_urn']})"


def la_history(viewer: Viewer, copy: Copy, la_code: str) -> list[str]:
    """How an LA's codes changed by the build's date, and whose the earlier figures of the LA are: sentences.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    changes = copy.reader.rows(
        "select * from la_history where $la_code in (old_code, new_code) order by changed_on, old_code, new_code",
        {"la_code": la_code},
    )
    others = [row for row in changes if row["old_code"] != row["new_code"]]
    came = [row for row in others if row["new_code"] == la_code]
    went = [row for row in others if row["old_code"] == la_code]
    told = [_same_la(row) for row in changes if row["old_code"] == row["new_code"]]
    return told + ([_took_over(came)] if came else []) + ([_abolished(went)] if went else [])


def _same_la(row: dict[str, Any]) -> str:
    return (
        f"{row['new_name']} (LA {row['new_code']}) has had the code {row['new_gss_code']} since "
        f"{in_words(row['changed_on'])}, and {row['old_gss_code']} before; it is the same LA."
    )


def _took_over(rows: Sequence[dict[str, Any]]) -> str:
    first = rows[0]
    old = " and ".join(f"{row['old_name']} (LA {row['old_code']})" for row in rows)
    return (
        f"{first['new_name']} (LA {first['new_code']}) took over from {old} on {in_words(first['changed_on'])}. "
        "A school keeps its own figures of earlier years; figures of the LA as a whole from before that day are those "
        f"of the old LA, and are not shown as {first['new_name']}'s."
    )


def _abolished(rows: Sequence[dict[str, Any]]) -> str:
    first = rows[0]
    new = " and ".join(f"{row['new_name']} (LA {row['new_code']})" for row in rows)
    return (
        f"{first['old_name']} (LA {first['old_code']}) was abolished on {in_words(first['changed_on'])}; its schools "
        f"are in {new}. Figures of the LA as a whole stay under its old code."
    )
