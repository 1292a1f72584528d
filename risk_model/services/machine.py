"""The machine that the product runs on: versions, rights, room on the disk, and how it is configured to be reached."""

import ipaddress
import os
import re
import shutil
import stat
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from risk_model.services.findings import Finding, fine, problem, warning

OLDEST, NEWEST = (3, 11), (3, 13)
# a build writes the whole of its database before it forgets an old one
_SPARE_BYTES = 512 << 20
_LOW_BYTES = 5 << 30
_SHORTEST_SECRET = 32
_OTHERS = stat.S_IRWXO


def version_findings(requirements: Path, python: tuple[int, int] = sys.version_info[:2]) -> list[Finding]:
    """Whether Python and the installed packages are those that were tested."""
    name = f"{python[0]}.{python[1]}"
    if OLDEST <= python <= NEWEST:
        return [fine("python", f"Python {name}."), _packages(requirements)]
    untried = problem("python", f"Python {name} was never tried.", "Install Python 3.11, 3.12 or 3.13.")
    return [untried, _packages(requirements)]


def _packages(requirements: Path) -> Finding:
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;#]+)", requirements.read_text("utf-8"), re.MULTILINE)
    installed = {name: _installed(name) for name, _ in pinned}
    other = [f"{name} {installed[name]} instead of {wanted}" for name, wanted in pinned if installed[name] != wanted]
    if not other:
        return fine("packages", f"All {len(pinned)} packages are those that were tested.")
    return warning(
        "packages",
        f"{len(other)} of {len(pinned)} packages are not those that were tested: {'; '.join(other)}.",
        "Run `pip install -r requirements.txt` in the environment that the product runs in.",
    )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(none)"


def folder_findings(root: Path, largest_build: int) -> list[Finding]:
    """Whether the data directory may be written, is closed to others, and has room for another build.

    Args:
        largest_build: bytes.
    """
    if not root.is_dir():
        return [problem("data directory", f"{root} is no folder.", "Make it, or name another one in RISK_DATA_DIR.")]
    return [_writable(root), *_closed(root), _room(root, largest_build)]


def _writable(root: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=root) as file:
            file.write(b"1")
    except OSError as error:
        words = f"{root} cannot be written ({error.strerror})."
        return problem("data directory", words, "Give whoever runs the product the right to write there, or make room.")
    return fine("data directory", f"{root} can be written.")


def _closed(root: Path) -> Iterator[Finding]:
    # Windows says who may read in another way, which is not looked at
    if os.name == "posix":
        if root.stat().st_mode & _OTHERS:
            words = f"Every user of this machine may look into {root}: it holds what people recorded."
            yield warning("rights", words, f"Run `chmod -R o-rwx {root}`.")
        else:
            yield fine("rights", "Other users of this machine may not look into the data directory.")


def _room(root: Path, largest_build: int) -> Finding:
    free, needed = shutil.disk_usage(root).free, 2 * largest_build + _SPARE_BYTES
    words = f"{_megabytes(free)} free where the data is; a build needs up to {_megabytes(needed)}."
    if free < needed:
        return problem("disk", words, "Make room, or move the data directory to a larger disk.")
    if free < _LOW_BYTES:
        return warning("disk", words, "Make room before it is needed.")
    return fine("disk", words)


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MB"


def access_findings(folders: tuple[Path, ...], environment: Mapping[str, str]) -> list[Finding]:
    """Whether it is configured so that nobody gets in who should not.

    Args:
        folders: where settings are looked for, the first that says something wins: config.toml, secrets.toml.
    """
    settings = _merged(folders, "config.toml")
    secrets = _merged(folders, "secrets.toml")
    if isinstance(settings, Finding) or isinstance(secrets, Finding):
        return [one for one in (settings, secrets) if isinstance(one, Finding)]
    server = settings.get("server", {})
    address = environment.get("STREAMLIT_SERVER_ADDRESS") or str(server.get("address", ""))
    auth = secrets.get("auth", {})
    return [_address(address, signs_in=bool(auth)), *_sign_in(auth), *_secret_files(folders)]


def _merged(folders: tuple[Path, ...], name: str) -> dict[str, Any] | Finding:
    found: dict[str, Any] = {}
    for folder in reversed(folders):
        path = folder / name
        try:
            found |= tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            return problem("settings", f"{path} cannot be read ({type(error).__name__}).", "Mend it: it is TOML.")
    return found


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _address(address: str, *, signs_in: bool) -> Finding:
    if is_loopback(address):
        return fine("address", f"It listens on {address}, which this machine alone can reach.")
    where = address or "every address of this machine"
    if signs_in:
        return warning(
            "address",
            f"It listens on {where}: whoever can reach that goes past the proxy, its limits and its encryption.",
            "Let the firewall or the container's network reach it from the proxy alone, or set server.address to "
            "127.0.0.1 where the proxy is on this machine.",
        )
    return problem(
        "address",
        f"It is to listen on {where}, and nobody has to sign in.",
        "Set server.address to 127.0.0.1 in .streamlit/config.toml, or configure sign-in.",
    )


def _sign_in(auth: Mapping[str, Any]) -> Iterator[Finding]:
    if not auth:
        yield fine("sign-in", "No sign-in is configured: for the one person at this machine.")
        return
    providers: list[Mapping[str, Any]] = [one for one in auth.values() if isinstance(one, dict)] or [auth]
    missing = [name for name in ("redirect_uri", "cookie_secret") if not auth.get(name)]
    names = ("client_id", "client_secret", "server_metadata_url")
    missing += [name for name in names if not all(one.get(name) or auth.get(name) for one in providers)]
    if missing:
        words = f"Sign-in is configured without {', '.join(missing)}."
        yield problem("sign-in", words, "Complete [auth] in .streamlit/secrets.toml; README says how.")
        return
    if len(str(auth["cookie_secret"])) < _SHORTEST_SECRET:
        yield problem(
            "sign-in",
            f"cookie_secret is shorter than {_SHORTEST_SECRET} characters: who guesses it is whoever they like.",
            'Put a new one there: `python -c "import secrets; print(secrets.token_urlsafe(48))"`.',
        )
        return
    uri = urlsplit(str(auth["redirect_uri"]))
    if uri.scheme != "https" and not is_loopback(uri.hostname or ""):
        words = "People come back from signing in over http: others on the way can read and take their session."
        yield problem("sign-in", words, "Serve it by https through the proxy, and say so in redirect_uri.")
        return
    yield fine("sign-in", f"People sign in, and come back to {uri.scheme}://{uri.netloc}.")


def _secret_files(folders: tuple[Path, ...]) -> Iterator[Finding]:
    if os.name != "posix":
        return
    for path in (folder / "secrets.toml" for folder in folders):
        if path.is_file() and path.stat().st_mode & _OTHERS:
            words = f"Every user of this machine may read {path}."
            yield problem("secrets", words, f"Run `chmod 600 {path}`, and change the secrets that it holds.")
