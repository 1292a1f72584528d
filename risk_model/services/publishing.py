"""One machine publishes its builds to a store; others show what is there, or the last good one without it."""

import os
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime

from risk_model.domain.errors import NotFound, RiskModelError
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.warehouse.builds import Build
from risk_model.warehouse.lake import read_releases
from risk_model.warehouse.store import Published, Store, fetch_build, open_store, publish_build, published

_EVERY_SECONDS = 30.0


def store_address() -> str:
    """Where builds are published: RISK_STORE; "" where nothing is shared."""
    return os.environ.get("RISK_STORE", "")


def is_follower(viewer: Viewer, data: DataDir) -> bool:
    """Whether this copy shows what another one publishes: there is a store, and nothing was imported here.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require(viewer, Right.READ)
    return bool(store_address()) and not read_releases(data)


def publish(viewer: Viewer, data: DataDir) -> Published:
    """Publish the build that is shown here.

    Raises:
        NotAllowed: the viewer may not build.
        NotFound: there is no store, or no build.
        StoreLost, NotStored: nothing was published.
    """
    require(viewer, Right.LOAD)
    return publish_build(data, _store())


def fetch(viewer: Viewer, data: DataDir) -> Build | None:
    """Show what the store shows, where this copy follows it.

    Returns:
        The build, where another one is shown now; None where nothing has changed.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is no store, or builds are made here.
        StoreLost, Damaged, NotStored: what is shown here stays.
    """
    require(viewer, Right.READ)
    store = _store()
    if read_releases(data):
        raise NotFound(
            "Nothing was fetched: releases are imported here, so builds are made here.",
            ["`python -m risk_model publish` publishes them. A copy that only shows them imports nothing."],
        )
    return fetch_build(data, store)


def store_shows(viewer: Viewer) -> Published | None:
    """What the store shows; None where nothing was ever published.

    Raises:
        NotAllowed: the viewer may not read; NotFound: there is no store; StoreLost, Damaged: it cannot say.
    """
    require(viewer, Right.READ)
    return published(_store())


def _store() -> Store:
    address = store_address()
    if not address:
        raise NotFound("There is no store.", ["Name one in RISK_STORE, for example s3://bucket/folder."])
    return open_store(address)


@dataclass
class Following:
    """A copy that follows a store: asked every so often, beside what people do, and never in their way.

    Attributes:
        reached_at: when the store last answered, in UTC; None where it has not yet.
        trouble: why it, or what came from it, could not be used; "" while all is well.
    """

    viewer: Viewer
    data: DataDir
    every_seconds: float = _EVERY_SECONDS
    reached_at: datetime | None = None
    trouble: str = ""
    _ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> "Following":
        """Begin to ask, in a thread of its own that ends with the process."""
        threading.Thread(target=self._follow, name="store", daemon=True).start()
        return self

    def stop(self) -> None:
        """Ask no more."""
        self._ended.set()

    def look(self) -> None:
        """Ask once."""
        try:
            fetch(self.viewer, self.data)
        except RiskModelError as error:
            self.trouble = error.message
        else:
            self.reached_at, self.trouble = datetime.now(UTC), ""

    def note(self) -> str:
        """What people should know: "" while all is well."""
        if not self.trouble:
            return ""
        since = f"since {self.reached_at:%H:%M on %d/%m/%Y} UTC" if self.reached_at else "since this server started"
        return f"No newer build could be fetched {since}. What is shown is the last good one."

    def _follow(self) -> None:
        while not self._ended.is_set():
            self.look()
            self._ended.wait(self.every_seconds)
