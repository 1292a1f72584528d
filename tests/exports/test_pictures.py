"""Charts as picture files: every kind, the words in them, and nothing read as markup."""

import io
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from risk_model.exports.pictures import as_png, as_svg
from tests.chart_kit import HOSTILE, chart_of, drawings


@pytest.mark.parametrize("kind", drawings())
def test_each_kind_is_drawn_as_png_of_a_good_size(kind: str) -> None:
    with Image.open(io.BytesIO(as_png(chart_of(kind)))) as picture:
        assert picture.format == "PNG"
        # eight inches at 144 dots
        assert picture.width == 1152
        assert 300 < picture.height < 1300
        # something is drawn: more colours than black, white and the greys of letters
        colours = picture.convert("RGB").getcolors(maxcolors=1_000_000)
        assert colours is not None
        assert any(max(colour) - min(colour) > 80 for _, colour in colours if isinstance(colour, tuple))


@pytest.mark.parametrize("kind", drawings())
def test_each_kind_is_drawn_as_well_formed_svg_without_scripts_or_links(kind: str) -> None:
    root = ET.fromstring(as_svg(chart_of(kind)))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert root.tag.endswith("svg")
    assert tags.isdisjoint({"script", "a", "image", "foreignObject", "b"})
    assert HOSTILE in "".join(root.itertext())


def test_a_picture_is_the_same_each_time() -> None:
    assert as_png(chart_of("strips")) == as_png(chart_of("strips"))
