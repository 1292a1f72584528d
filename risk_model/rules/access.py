"""What the sign-in provider's claims give: a file of the LA's own, read strictly."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from risk_model.domain.errors import RulesRefused
from risk_model.domain.viewer import Role

_Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ClaimGrant(_Strict):
    """A role that everybody has whose claim holds a value.

    Attributes:
        claim: its name, such as "groups"; value: what it is, or has among its values.
        role: a Role; la_code, locality, urn: what for, as with a grant on the Access page.
    """

    claim: _Text
    value: _Text
    role: Role = Field(strict=False)
    la_code: Annotated[str, StringConstraints(pattern=r"^\d{3}$")] | None = None
    locality: _Text | None = None
    urn: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] | None = None


class AccessSettings(_Strict):
    """How people are known, and what their claims give.

    Attributes:
        person: the claim that names a person, as grants call them.
        session_hours: after so many hours a person signs in again.
        grant: the roles that claims give.
    """

    person: _Text = "email"
    session_hours: Annotated[int, Field(ge=1, le=24)] = 10
    grant: tuple[ClaimGrant, ...] = Field(default=(), strict=False)


def read_access(path: Path) -> AccessSettings:
    """The settings of a file; what holds without one, where there is none.

    Raises:
        RulesRefused: it cannot be read, or says what it may not: then nobody is given anything by it.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return AccessSettings()
    except (OSError, ValueError) as error:
        raise RulesRefused(f"{path.name} cannot be read: {str(error).splitlines()[0]}.", ["Mend the file."]) from error
    try:
        settings = AccessSettings.model_validate(told)
    except ValidationError as error:
        found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}." for one in error.errors()]
        raise RulesRefused(f"{path.name} is not as it must be. Nobody is given anything by it.", found) from error
    lacking = [one for one in settings.grant if (one.role is Role.ADMIN) == (one.la_code is not None)]
    if lacking:
        problems = [f"{one.role} for {one.value}: every role needs an la_code, and an admin none." for one in lacking]
        raise RulesRefused(f"{path.name} is not as it must be. Nobody is given anything by it.", problems)
    return settings
