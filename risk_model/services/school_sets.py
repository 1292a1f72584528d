"""Sets of schools that are compared: a school, a locality, a phase, an LA, its statistical neighbours, England."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from risk_model.domain.charts import PICKED, Role
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope

# Every query over schools `s` narrows by it.
IN_SET = """($las::varchar[] is null or list_contains($las::varchar[], s.la_code))
    and ($region::varchar is null or s.region = $region)
    and ($locality::varchar is null or s.locality = $locality)
    and ($phase::varchar is null or s.phase = $phase)
    and ($urn::varchar is null or s.urn = $urn)"""
# Fewer LAs than this are not England, whatever is loaded: our choice, two thirds of the 153.
_LAS_OF_ENGLAND = 100
# With fewer schools one of them is more than a fifth of the whole: our choice.
FEW_SCHOOLS = 5
ENGLAND, NEIGHBOURS, REGION, OWN = "england", "neighbours", "region", "own"
MOST_PICKS = len(PICKED)


@dataclass(frozen=True)
class SchoolSet:
    """Schools that are looked at together; None leaves a condition out.

    Attributes:
        code: in the URL: a URN, "la:937", "locality:Riverside", "phase:primary", "neighbours", "region", "england".
        name: on the screen.
        note: which LAs it is made of, where the name does not say so.
    """

    code: str
    name: str
    role: Role
    las: tuple[str, ...] | None = None
    region: str | None = None
    locality: str | None = None
    phase: str | None = None
    urn: str | None = None
    note: str = ""

    @property
    def params(self) -> dict[str, Any]:
        """For SQL with `IN_SET`."""
        las = None if self.las is None else list(self.las)
        return {
            "las": las,
            "region": self.region,
            "locality": self.locality,
            "phase": self.phase,
            "urn": self.urn,
        }

    @property
    def whole_la(self) -> str | None:
        """The LA, where the set is all schools of one."""
        is_whole = self.locality is None and self.phase is None and self.urn is None
        return self.las[0] if is_whole and self.las is not None and len(self.las) == 1 else None

    def of_phase(self, phase: str | None) -> "SchoolSet":
        """The same, of one phase alone, where one is given and it has none of its own."""
        return self if phase is None or self.phase is not None else replace(self, phase=phase)


@dataclass(frozen=True)
class Loaded:
    """Which LAs are loaded, as far as sets need to know.

    Attributes:
        names: {LA code: name}; regions: {LA code: region}.
        neighbours: the chosen LA's statistical neighbours that are loaded, the nearest first.
        listed: how many the published list names.
    """

    names: Mapping[str, str]
    regions: Mapping[str, str | None]
    neighbours: tuple[str, ...]
    listed: int

    @property
    def is_england(self) -> bool:
        """Whether enough LAs are loaded to speak of England."""
        return len(self.names) >= _LAS_OF_ENGLAND


def usual_sets(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[SchoolSet, ...]:
    """With whom a scope is compared: its LA, statistical neighbours, region, England, as far as they are loaded.

    The first is the scope itself.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    known = _loaded(copy, scope.la_code)
    return tuple(one.of_phase(scope.phase) for one in _usual(scope, known))


def sets_to_compare(viewer: Viewer, copy: Copy, scope: Scope, picks: tuple[str, ...]) -> tuple[SchoolSet, ...]:
    """What is compared: what was picked, in the order of picking; the usual sets, where nothing was.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    picked = picked_sets(viewer, copy, scope, picks)
    return picked or usual_sets(viewer, copy, scope)


def england_set(viewer: Viewer, copy: Copy) -> SchoolSet | None:
    """All schools of England together; None where too few LAs are loaded to speak of it.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    known = _loaded(copy, None)
    return _everybody(known, Role.NATIONAL) if known.is_england else None


def neighbour_sets(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[SchoolSet, ...]:
    """Each statistical neighbour of the scope's LA that is loaded by itself, the nearest first.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    known = _loaded(copy, scope.la_code)
    return tuple(SchoolSet(f"la:{code}", known.names[code], Role.SIMILAR, las=(code,)) for code in known.neighbours)


def picked_sets(viewer: Viewer, copy: Copy, scope: Scope, picks: tuple[str, ...]) -> tuple[SchoolSet, ...]:
    """The sets that were picked, in the order of picking, each with a role of its own; unknown codes are passed over.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    known = _choices(copy, scope) if picks else {}
    found = [known[code] for code in dict.fromkeys(picks) if code in known][:MOST_PICKS]
    return tuple(replace(one, role=role).of_phase(scope.phase) for one, role in zip(found, PICKED, strict=False))


def pick_choices(viewer: Viewer, copy: Copy, scope: Scope) -> dict[str, str]:
    """What can be picked: groups first, then the schools of the scope, by name: {code: name}.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return {code: one.name for code, one in _choices(copy, scope).items()}


def absent_sets(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[str, ...]:
    """What there is not to compare with, and why, in sentences.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    known = _loaded(copy, scope.la_code)
    if len(known.names) == 1:
        return (
            "Only one LA is loaded, so there are no schools of England, its region or its statistical neighbours to "
            "compare with. Import files that cover England on the Data page to see them here.",
        )
    absent = []
    if not known.is_england:
        absent.append(f"{len(known.names)} LAs are loaded: too few to speak of England.")
    if scope.la_code and not known.listed:
        absent.append("No list of statistical neighbours is loaded: it comes with DfE's interactive tool for LAs.")
    elif scope.la_code and len(known.neighbours) < known.listed:
        absent.append(f"Statistical neighbours that are loaded, of {known.listed}: {len(known.neighbours)}.")
    return tuple(absent)


def _usual(scope: Scope, known: Loaded) -> list[SchoolSet]:
    if scope.la_code is None:
        return [_everybody(known, Role.OWN)]
    own = known.names.get(scope.la_code, scope.la_code)
    la = SchoolSet(f"la:{scope.la_code}", own, Role.OWN, las=(scope.la_code,))
    found = [la]
    if scope.locality is not None:
        place = SchoolSet(
            f"locality:{scope.locality}", scope.locality, Role.OWN, las=(scope.la_code,), locality=scope.locality
        )
        found = [place, replace(la, role=Role.FIRST)]
    return [*found, *_around(scope.la_code, known)]


def _around(la_code: str, known: Loaded) -> list[SchoolSet]:
    """The statistical neighbours, the region and England, as far as they are loaded."""
    found = []
    if known.neighbours:
        names = ", ".join(known.names[code] for code in known.neighbours)
        title = f"{len(known.neighbours)} statistical neighbour{'s' if len(known.neighbours) > 1 else ''}"
        found.append(SchoolSet(NEIGHBOURS, title, Role.SIMILAR, las=known.neighbours, note=f"{title}: {names}."))
    region = known.regions.get(la_code)
    of_region = [code for code, name in known.regions.items() if name == region]
    if region is not None and len(of_region) > 1:
        note = f"{region}: {len(of_region)} LAs."
        found.append(SchoolSet(REGION, region, Role.REGION, region=region, note=note))
    if len(known.names) > 1:
        found.append(_everybody(known, Role.NATIONAL))
    return found


def _everybody(known: Loaded, role: Role) -> SchoolSet:
    if known.is_england:
        return SchoolSet(ENGLAND, "England", role, note=f"England: the schools of {len(known.names)} LAs.")
    only = next(iter(known.names.values()), "Nobody") if len(known.names) < 2 else "all LAs loaded"
    return SchoolSet(ENGLAND, only, role)


def _choices(copy: Copy, scope: Scope) -> dict[str, SchoolSet]:
    known = _loaded(copy, scope.la_code)
    own = scope.la_code
    las = None if own is None else (own,)
    found = [] if own is None else [SchoolSet(f"la:{own}", known.names.get(own, own), Role.OWN, las=las)]
    found += [] if own is None else _around(own, known)
    if own is None:
        found.append(_everybody(known, Role.NATIONAL))
    parts = copy.reader.rows(
        f"select distinct s.locality, s.phase from schools as s where {IN_SET}",
        SchoolSet(OWN, "", Role.OWN, las=las).params,
    )
    here = f" in {known.names[own]}" if own is not None and own in known.names else ""
    for locality in sorted({row["locality"] for row in parts if row["locality"] is not None}):
        found.append(SchoolSet(f"locality:{locality}", locality, Role.OWN, las=las, locality=locality))
    for phase in sorted({row["phase"] for row in parts}):
        found.append(
            SchoolSet(f"phase:{phase}", f"{phase[:1].upper()}{phase[1:]} schools{here}", Role.OWN, las=las, phase=phase)
        )
    others = sorted((name, code) for code, name in known.names.items() if code != own)
    found += [SchoolSet(f"la:{code}", name, Role.OWN, las=(code,)) for name, code in others]
    return {one.code: one for one in [*found, *_schools(copy, scope)]}


def _schools(copy: Copy, scope: Scope) -> list[SchoolSet]:
    """The schools of the LA; without one there are too many to choose from."""
    if scope.la_code is None:
        return []
    found = copy.reader.rows(
        """select s.urn, s.name, s.phase from schools as s
           where s.la_code = $la and ($phase::varchar is null or s.phase = $phase) order by s.name, s.urn""",
        {"la": scope.la_code, "phase": scope.phase},
    )
    return [
        SchoolSet(row["urn"], f"{row['name']} (URN {row['urn']})", Role.OWN, phase=row["phase"], urn=row["urn"])
        for row in found
    ]


def _loaded(copy: Copy, la_code: str | None) -> Loaded:
    las = copy.reader.rows(
        "select la_code, min(la_name) as la_name, min(region) as region from schools group by la_code order by 2, 1"
    )
    names = {row["la_code"]: row["la_name"] for row in las}
    listed = copy.reader.rows(
        "select neighbour_code from la_neighbours where la_code = $la order by place", {"la": la_code}
    )
    neighbours = tuple(row["neighbour_code"] for row in listed if row["neighbour_code"] in names)
    return Loaded(names, {row["la_code"]: row["region"] for row in las}, neighbours, len(listed))
