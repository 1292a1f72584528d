"""From where a download may come: scheme, host and port, nothing less."""

from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Origin:
    """A place on the web: two addresses of one origin are answered by the same service."""

    scheme: str
    host: str
    port: int

    @property
    def is_this_machine(self) -> bool:
        """Whether it is a service on this machine: for tests, or a copy kept here."""
        return self.host in _THIS_MACHINE

    @property
    def may_be_allowed(self) -> bool:
        """Whether a catalogue may list it: what travels unencrypted can be changed on the way."""
        return self.scheme == "https" or self.is_this_machine

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def origin_of(address: str) -> Origin | None:
    """The origin of an address; none where it is not a plain address of the web.

    An address with a user's name in it is not: `https://gov.uk@elsewhere.example` is elsewhere.
    """
    if any(c.isspace() or not c.isprintable() for c in address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or "\\" in address:
        return None
    return Origin(parts.scheme, parts.hostname.lower(), port or _PORTS[parts.scheme])
