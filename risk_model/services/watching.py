"""A viewer's own watch list: the schools that they keep an eye on."""

from risk_model.casework import NewWatch, unwatch, watch, watched
from risk_model.domain.errors import NotFound
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy


def watch_list(viewer: Viewer, copy: Copy) -> frozenset[str]:
    """The URNs on the viewer's own list.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return frozenset(one.urn for one in watched(copy.records, viewer.name))


def start_watching(viewer: Viewer, copy: Copy, urn: str) -> None:
    """Put a school on the viewer's own list.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is no such school.
        RecordRefused: it is on the list already.
    """
    require_reader(viewer)
    rows = copy.reader.rows("select la_code from schools where urn = $urn", {"urn": urn})
    if not rows:
        raise NotFound(f"There is no school {urn} in this build.", ["Look it up by its name."])
    watch(copy.records, NewWatch(rows[0]["la_code"], urn, copy.build.as_at, viewer.name))


def stop_watching(viewer: Viewer, copy: Copy, urn: str) -> None:
    """Take a school off the viewer's own list; one that is not on it stays off it.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    for one in watched(copy.records, viewer.name):
        if one.urn == urn:
            unwatch(copy.records, one)
