"""The files to deploy fit the project that they deploy."""

import re

import pytest

from risk_model.domain.paths import PROJECT

DEPLOY = PROJECT / ".deploy"


def _text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def test_what_the_container_copies_is_there_and_is_all_that_the_product_needs() -> None:
    copied = [
        one for line in re.findall(r"^COPY (.+)$", _text("Containerfile"), re.MULTILINE) for one in line.split()[:-1]
    ]
    assert not [one for one in copied if not (PROJECT / one).exists()]
    needed = {"app.py", "pages/", "risk_model/", "data/lookups/", "data/guide/", ".streamlit/config.toml"}
    assert needed | {"requirements.txt"} <= set(copied)
    assert "tests/" not in copied
    assert re.search(r"^USER \d+$", _text("Containerfile"), re.MULTILINE)


def test_what_the_containers_mount_is_there_but_for_secrets() -> None:
    mounted = re.findall(r"^ +- (\./[^:]+):", _text("compose.yaml"), re.MULTILINE)
    assert len(mounted) >= 5
    own = [one for one in mounted if not one.startswith(("./secrets", "./tls"))]
    assert not [one for one in own if not (DEPLOY / one).exists()]
    ignored = (PROJECT / ".gitignore").read_text("utf-8")
    assert "/.deploy/secrets/" in ignored
    assert "/.deploy/tls/" in ignored


@pytest.mark.parametrize("name", ["nginx/servers.conf", "nginx/containers.conf"])
def test_each_server_of_nginx_is_one_that_its_answers_are_told_by(name: str) -> None:
    ports = set(re.findall(r"server [\w.]+:(\d+)", _text(name)))
    assert ports == set(re.findall(r":(\d+)\$", _text("nginx/answered.conf"))) == {"8501", "8502"}


def test_uploads_are_as_large_as_the_product_takes_and_only_they() -> None:
    most = re.search(r"^maxUploadSize = (\d+)$", (PROJECT / ".streamlit/config.toml").read_text("utf-8"), re.MULTILINE)
    assert most is not None
    sizes = re.findall(r"client_max_body_size (\w+);", _text("nginx/schools-at-risk.conf"))
    assert sizes == ["1m", f"{most[1]}m"]


def test_the_unit_gives_no_more_rights_than_are_needed() -> None:
    unit = _text("risk-model@.service")
    for line in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "CapabilityBoundingSet=",
        "UMask=0027",
    ):
        assert f"\n{line}\n" in unit
    assert "--server.address 127.0.0.1" in unit
    assert "User=root" not in unit
