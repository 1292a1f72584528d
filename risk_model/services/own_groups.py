"""What a member of a core group sees of its schools: which there are, and how each stands."""

import pandas as pd

from risk_model.domain.errors import NotAllowed
from risk_model.domain.viewer import WHOLE_LA, Viewer
from risk_model.services.copy import Copy

_SQL = """
    select s.urn, s.name, s.locality, r.priority, o.level as outcomes, d.level as leadership, i.level as inspection
    from schools as s
    inner join schools_at_risk as r using (urn)
    left join statement_levels as o on o.urn = s.urn and o.statement = 'outcomes'
    left join statement_levels as d on d.urn = s.urn and d.statement = 'leadership'
    left join statement_levels as i on i.urn = s.urn and i.statement = 'inspection'
    where s.la_code = $la_code and ($locality = '' or s.locality = $locality)
    order by case r.priority when 'priority' then 1 when 'watch' then 2 when 'find out' then 3 else 4 end, s.name, s.urn
"""


def own_groups(viewer: Viewer, copy: Copy) -> dict[str, pd.DataFrame]:
    """The schools of each core group that the viewer sits in, the most urgent first.

    Returns:
        For each group, by its name: urn, name, locality, priority, and a level for each statement.
    Raises:
        NotAllowed: the viewer sits in none.
    """
    if not viewer.localities:
        raise NotAllowed(f"{viewer.name} may not see this: it is for members of a core group.", ["Ask the LA's lead."])
    return {
        place if place != WHOLE_LA else f"the whole of LA {la_code}": copy.reader.frame(
            _SQL, {"la_code": la_code, "locality": place}
        )
        for la_code, place in sorted(viewer.localities)
    }
