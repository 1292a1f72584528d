"""What a page must be for everyone: axe, contrast worked out, widths, and a table after each chart."""

from collections.abc import Sequence
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

# Streamlit's own drop zone has a role that its label contradicts, a minor fault that nothing of ours can mend
OURS = {"exclude": [["[data-testid=stFileUploaderDropzone]"]]}
NOTHING_SCROLLS_SIDEWAYS = """() => [document.scrollingElement, document.querySelector('[data-testid=stMain]')]
    .every(one => one.scrollWidth <= one.clientWidth + 1)"""
ENOUGH, ENOUGH_IF_LARGE = 4.5, 3.0

# a table's cells are a drawing with a copy for screen readers, which nobody sees; what cannot be used may be pale
_NOT_READ = "[disabled], [aria-disabled=true], canvas, [data-testid=stDataFrame], option, script, style, template"

# Every text that can be seen, with the colour of its letters and of all that it stands on, laid over each other.
_TEXTS = r"""unread => {
    const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1});
    const pen = canvas.getContext('2d', {willReadFrequently: true});
    const known = new Map();
    const parsed = colour => {
        if (!known.has(colour)) {
            pen.clearRect(0, 0, 1, 1);
            pen.fillStyle = colour;
            pen.fillRect(0, 0, 1, 1);
            const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
            known.set(colour, [r, g, b, a / 255]);
        }
        return known.get(colour);
    };
    const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
    const light = colour => {
        const part = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        return 0.2126 * part(colour[0]) + 0.7152 * part(colour[1]) + 0.0722 * part(colour[2]);
    };
    // a word in a bar or on a spot of a chart stands on it; a hatched bar has its light between the lines
    const holds = (its, x, y) => x >= its.left && x <= its.right && y >= its.top && y <= its.bottom;
    const barUnder = (one, box) => {
        const near = one.closest('g.point') ?? one.closest('g.trace');
        const bars = near ? [...near.querySelectorAll('path')] : [];
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const bar = bars.find(each => holds(each.getBoundingClientRect(), x, y));
        if (!bar) return null;
        const fill = getComputedStyle(bar).fill;
        const hatch = fill.startsWith('url') && document.getElementById(fill.split('#')[1].split(/["')]/)[0]);
        return hatch ? getComputedStyle(hatch.querySelector('rect') ?? bar).fill : fill;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Map();
    while (walker.nextNode()) {
        const text = walker.currentNode.data.trim(), one = walker.currentNode.parentElement;
        const seen = {opacityProperty: true, visibilityProperty: true};
        if (!text || one.closest(unread) || !one.checkVisibility(seen)) continue;
        const box = one.getBoundingClientRect();
        if (box.width < 2 || box.height < 2) continue;
        const style = getComputedStyle(one), behind = [];
        let opacity = 1;
        for (let at = one; at; at = at.parentElement) {
            const its = getComputedStyle(at);
            opacity *= Number(its.opacity);
            behind.push(parsed(its.backgroundColor));
            if (behind.at(-1)[3] === 1) break;
        }
        const below = behind.reverse().reduce((under, above) => over(above, under), [255, 255, 255, 1]);
        const filled = barUnder(one, box);
        const ground = filled ? over(parsed(filled), below) : below;
        const ink = parsed(one instanceof SVGElement ? style.fill : style.color);
        const drawn = over([ink[0], ink[1], ink[2], ink[3] * opacity], ground);
        const [a, b] = [light(drawn), light(ground)].sort((x, y) => y - x);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (Number(style.fontWeight) >= 700 && size >= 18.66);
        const colours = `${drawn.map(Math.round)} on ${ground.map(Math.round)}`;
        found.set(`${colours} ${large}`, {text: text.slice(0, 60), ratio: (a + 0.05) / (b + 0.05), large, colours});
    }
    return [...found.values()];
}"""

# charts and tables in the order of the page: what follows a chart before the next one is its table
_CHARTS_WITHOUT_TABLE = """() => {
    const kinds = ['stPlotlyChart', 'stDataFrame', 'stTable', 'stExpander'].map(one => `[data-testid=${one}]`).join();
    const found = [...document.querySelectorAll(kinds)].map(one => ({
        chart: one.dataset.testid === 'stPlotlyChart',
        table: one.dataset.testid !== 'stExpander' || /table/i.test(one.innerText),
        name: one.closest('[aria-label]')?.getAttribute('aria-label') ?? one.innerText.slice(0, 80),
    }));
    const isTable = one => one && !one.chart && one.table;
    return found.filter((one, i) => one.chart && !isTable(found[i + 1])).map(one => one.name);
}"""


@dataclass(frozen=True)
class Contrast:
    """How texts of one colour stand out from what lies behind them.

    Attributes:
        text: one of them.
        ratio: 1 (not at all) to 21 (black on white).
        is_large: a large text, for which less is enough.
        colours: of the letters and of the ground: red, green, blue.
    """

    text: str
    ratio: float
    is_large: bool
    colours: str

    @property
    def is_enough(self) -> bool:
        """Whether it meets WCAG 2.2 at level AA."""
        return self.ratio >= (ENOUGH_IF_LARGE if self.is_large else ENOUGH)


def faults(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds on a page, and the texts that do not stand out enough; a line each.

    Args:
        rules: the rules of axe to be asked; all of them where none is named.
    """
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    found = Axe().run(page, context=OURS, options=options).response
    lines = [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    poor = [one for one in contrasts(page) if not one.is_enough]
    return [*lines, *(f"contrast of {one.ratio:.2f}: {one.text!r}, {one.colours}" for one in poor)]


def contrasts(page: Page) -> list[Contrast]:
    """The contrast of every pair of colours in which a text is seen, worked out from what the browser draws.

    What axe itself cannot decide, since something lies before or behind a text, is among them.
    """
    rows = page.evaluate(_TEXTS, _NOT_READ)
    return [Contrast(row["text"], row["ratio"], row["large"], row["colours"]) for row in rows]


def charts_without_table(page: Page) -> list[str]:
    """Each chart after which no table comes before the next chart."""
    found: list[str] = page.evaluate(_CHARTS_WITHOUT_TABLE)
    return found


def at_width(page: Page, width: int) -> None:
    """Look at the page on a screen of this width; nothing but tables may scroll sideways."""
    page.set_viewport_size({"width": width, "height": 844})
    # charts and tables take a moment to follow
    page.wait_for_function(NOTHING_SCROLLS_SIDEWAYS)
