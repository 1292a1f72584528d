"""What an LA may settle about the regional director's list."""

from pathlib import Path

import pytest

from risk_model.casework import Ask
from risk_model.domain.errors import RulesRefused
from risk_model.rules.director import DIRECTOR_FILE, merged, read_director_settings
from risk_model.rules.reader import FOLDER

TEXT = (FOLDER / DIRECTOR_FILE).read_text("utf-8")


def own(folder: Path, text: str) -> Path:
    (folder / DIRECTOR_FILE).write_text(text, encoding="utf-8")
    return folder


def test_the_delivered_settings_are_sensitive_at_first_and_word_every_kind_of_ask() -> None:
    settings = read_director_settings()
    assert not settings.is_own
    assert next(iter(settings.banner_texts.values())).startswith("OFFICIAL-SENSITIVE")
    words = {"academy": "Alder Academy", "trust": "Alder Trust"}
    for kind in Ask:
        assert "Alder Academy" in settings.ask_text(kind.value, words)
    assert settings.ask_text("nothing of the kind", words) == ""


def test_an_las_own_file_wins(tmp_path: Path) -> None:
    text = TEXT.replace("OFFICIAL-SENSITIVE: for the regional director's office", "RESTRICTED BY US")
    settings = read_director_settings(own(tmp_path, text))
    assert settings.is_own
    assert settings.banner_texts["sensitive"].startswith("RESTRICTED BY US")


def test_what_is_put_into_a_text_is_text_and_is_not_looked_at_again() -> None:
    assert merged("About {academy} of {trust}.", {"academy": "{trust}", "trust": "{0}"}) == "About {trust} of {0}."
    assert merged("{{kept}} {academy}", {"academy": "A"}) == "{kept} A"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{academy}", "{academy.__class__}", "is not one of: academy, trust"),
        ("{academy}", "{head}", "{head} is not one of: academy, trust"),
        ("{academy}", "{academy!r}", "is not one of"),
        ("{academy}", "{academy", "not valid"),
        ("{as_at}", "{today}", "{today} is not one of: academies, as_at, la, trusts"),
        ('code = "official"', 'code = "sensitive"', "banner sensitive is there twice"),
        ('text = "OFFICIAL"', 'text = "OFFICIAL\\nSECOND LINE"', "banner.1.text"),
        ('kind = "other"', 'kind = "information"', "ask information is there twice"),
        ("[cover]", "[clover]", "cover: Field required"),
        ("[cover]", "[cover", "cannot be read"),
    ],
)
def test_settings_that_are_not_valid_are_refused_with_what_and_where(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    assert old in TEXT
    with pytest.raises(RulesRefused) as error:
        read_director_settings(own(tmp_path, TEXT.replace(old, new)))
    assert told in str(error.value)
    assert "take it away to use the product's own" in str(error.value)
