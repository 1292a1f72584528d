"""What a school's needs are about, in topics that can be compared with specialisms: areas of need and raised rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from risk_model.domain.viewer import Right, Viewer, require
from risk_model.rules.people import PeopleRules
from risk_model.rules.support import Area, read_support_settings
from risk_model.services.copy import Copy

_RAISED_SQL = """
    select o.urn, o.rule_id, r.title, o.sentence
    from rule_outcomes as o
    inner join rules as r using (rule_id)
    where o.status = 'raised' and list_contains($urns, o.urn)
    order by o.urn, o.rule_id"""


@dataclass(frozen=True)
class AreaNeed:
    """One area of need of one school.

    Attributes:
        rules: the ids of those raised in it; none where no rule shows the need.
        said: what the raised rules say, title and sentence.
    """

    area: Area
    rules: tuple[str, ...]
    said: str

    @property
    def words(self) -> str:
        """The need as a form offers it: "Attendance and behaviour (O10 raised)"."""
        return f"{self.area.title} ({', '.join(self.rules)} raised)" if self.rules else self.area.title

    def topics(self, rules: PeopleRules) -> tuple[str, ...]:
        """The titles of the topics that it is about: of those of its area the ones that the raised rules name ("in
        maths"), or all of them where they name none."""
        own = topics_of(self.area, rules)
        named = {one.title for one in rules.topics_in(self.said)}
        return tuple(title for title in own if title in named) or own


def school_needs(viewer: Viewer, copy: Copy, urns: Sequence[str]) -> dict[str, list[AreaNeed]]:
    """Every area of need for each of some schools: first those with the most raised rules, then as in support.toml.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    areas = read_support_settings(copy.data.root).areas
    raised: dict[str, list[tuple[str, str]]] = {urn: [] for urn in urns}
    for row in copy.reader.rows(_RAISED_SQL, {"urns": list(urns)}):
        raised[row["urn"]].append((row["rule_id"], f"{row['title']}. {row['sentence']}"))
    return {urn: area_needs(areas, found) for urn, found in raised.items()}


def area_needs(areas: Sequence[Area], raised: Sequence[tuple[str, str]]) -> list[AreaNeed]:
    """Every area of need of one school, those with the most raised rules first.

    Args:
        raised: of each raised rule its id, and its title and sentence.
    """
    return sorted((_need(area, raised) for area in areas), key=_most_first)


def _need(area: Area, raised: Sequence[tuple[str, str]]) -> AreaNeed:
    own = [(rule_id, said) for rule_id, said in raised if rule_id in area.rules]
    return AreaNeed(area, tuple(rule_id for rule_id, _ in own), " ".join(said for _, said in own))


def _most_first(need: AreaNeed) -> int:
    return -len(need.rules)


def topics_of(area: Area, rules: PeopleRules) -> tuple[str, ...]:
    """The titles of an area's topics; one that the LA's own people.toml does not have is left out."""
    titles = {one.id: one.title for one in rules.topic}
    return tuple(titles[one] for one in area.topics if one in titles)


def area_topics(viewer: Viewer, copy: Copy, rules: PeopleRules) -> dict[str, tuple[str, ...]]:
    """The titles of the topics of each area of need, by the area's title, in the order of support.toml.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    return {area.title: topics_of(area, rules) for area in read_support_settings(copy.data.root).areas}
