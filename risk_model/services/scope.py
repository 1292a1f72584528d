"""The scope line: which LA, locality and phase; and by which build and rules."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy
from risk_model.sources.catalogue import SOURCES


@dataclass(frozen=True)
class Scope:
    """Which schools a screen is about; None is all of them."""

    la_code: str | None = None
    locality: str | None = None
    phase: str | None = None

    @property
    def params(self) -> dict[str, Any]:
        """For SQL: $la_code, $locality, $phase."""
        return {"la_code": self.la_code, "locality": self.locality, "phase": self.phase}


# Every query over schools `s` narrows by it.
IN_SCOPE = """($la_code is null or s.la_code = $la_code)
    and ($locality is null or s.locality = $locality)
    and ($phase is null or s.phase = $phase)"""


@dataclass(frozen=True)
class ScopeChoices:
    """What the scope line offers, and what it says.

    Attributes:
        las: {code: name}, by name.
        localities: of the chosen LA, by name; phases likewise.
        as_at, rule_set, build: by which the screen judges.
        is_demo: the schools are invented.
    """

    las: dict[str, str]
    localities: list[str]
    phases: list[str]
    as_at: date
    rule_set: str
    build_number: int
    build_id: str
    is_demo: bool
    licence: str


def scope_choices(viewer: Viewer, copy: Copy, la_code: str | None) -> ScopeChoices:
    """What there is to choose from, for an LA.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    las = [
        row
        for row in copy.reader.rows("select distinct la_code, la_name from schools order by la_name, la_code")
        if viewer.la_codes is None or row["la_code"] in viewer.la_codes
    ]
    localities = copy.reader.rows(
        "select distinct locality from schools where locality is not null and la_code = $la order by 1", {"la": la_code}
    )
    phases = copy.reader.rows(
        "select phase, count(*) as n from schools where $la::varchar is null or la_code = $la "
        "group by phase order by n desc, phase",
        {"la": la_code},
    )
    build = copy.build
    return ScopeChoices(
        las={row["la_code"]: row["la_name"] for row in las},
        localities=[row["locality"] for row in localities],
        phases=[row["phase"] for row in phases],
        as_at=build.as_at,
        rule_set=build.rule_set,
        build_number=build.number,
        build_id=build.build_id,
        is_demo=_is_demo(copy),
        licence=licence_line(viewer, copy),
    )


def is_invented(viewer: Viewer, copy: Copy) -> bool:
    """Whether the schools shown are invented.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return _is_demo(copy)


def _is_demo(copy: Copy) -> bool:
    return bool(copy.reader.rows("select coalesce(bool_and(is_demo), false) as d from releases")[0]["d"])


def licence_line(viewer: Viewer, copy: Copy) -> str:
    """Whose data a screen shows, and under which licence.

    Raises:
        NotAllowed: the viewer neither reads, nor sits in a core group, nor is the head of a school.
    """
    if not viewer.localities and not viewer.own_urns:
        require_reader(viewer)
    if _is_demo(copy):
        return "Invented data: Exampleshire, its schools, trusts and people do not exist."
    used = {row["source_id"] for row in copy.reader.rows("select distinct source_id from releases")}
    publishers = sorted(
        {
            source.publisher.split(",")[0]
            for source in SOURCES
            if source.id in used and "Open Government" in source.licence
        }
    )
    return (
        "Contains public sector information licensed under the Open Government Licence v3.0. "
        f"Sources: {', '.join(publishers)}. Crown copyright."
    )
