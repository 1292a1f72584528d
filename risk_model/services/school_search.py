"""Find a school by its name, URN, LAESTAB or postcode, from anywhere."""

from dataclasses import dataclass

from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy

_MOST = 8
_LEAST_LETTERS = 2
# $text is lower-case; $bare has no spaces, slashes or hyphens, as a postcode or a LAESTAB may be typed
_SQL = """
    with asked as (
        select s.urn, s.name, s.la_code, s.la_name, s.phase, s.postcode,
               case when s.urn = $bare or replace(s.laestab, '/', '') = $bare then 0
                    when starts_with(lower(replace(s.postcode, ' ', '')), $bare) then 1
                    when starts_with(lower(s.name), $text) then 2
                    when contains(lower(s.name), $text) then 3
                    when starts_with(s.urn, $bare) then 4 end as place
        from schools as s
    )
    select urn, name, la_name, phase, postcode, count(*) over () as found
    from asked
    where place is not null
    order by place, la_code is distinct from $la_code, name, urn
    limit $most"""


@dataclass(frozen=True)
class FoundSchool:
    """A school that fits what was typed."""

    urn: str
    name: str
    la_name: str
    phase: str | None
    postcode: str | None

    @property
    def words(self) -> str:
        """The school with what tells it from its namesakes."""
        return ", ".join(part for part in (self.name, self.phase, self.la_name, self.postcode, self.urn) if part)


@dataclass(frozen=True)
class Found:
    """What fits, at most eight, the best first; and how many fit in all."""

    schools: tuple[FoundSchool, ...]
    count: int


def find_schools(viewer: Viewer, copy: Copy, text: str, la_code: str | None = None) -> Found:
    """Schools whose URN or LAESTAB is what was typed, whose postcode or name begins with it, or whose name has it.

    Args:
        text: at least two letters or figures; less finds nothing.
        la_code: of two that fit alike, this LA's come first.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    typed = " ".join(text.lower().split())
    bare = typed.replace(" ", "").replace("/", "").replace("-", "")
    if len(bare) < _LEAST_LETTERS:
        return Found((), 0)
    rows = copy.reader.rows(_SQL, {"text": typed, "bare": bare, "la_code": la_code, "most": _MOST})
    names = ("urn", "name", "la_name", "phase", "postcode")
    return Found(
        tuple(FoundSchool(**{name: row[name] for name in names}) for row in rows), rows[0]["found"] if rows else 0
    )
