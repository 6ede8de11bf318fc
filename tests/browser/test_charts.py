"""Charts and tables on the page: read out, drawn true, and told apart by more than their colours."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, ViewportSize, expect

from bot.surfaces import blocks
from tests.browser.playground import Visitor, sideways, visit
from tests.playground.local import RENEWALS, Local

WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
KINDS: Sequence[blocks.ChartKind] = ("bar", "line", "area", "pie")
WEEKS = ["Oct 5", "Oct 12", "Oct 19"]
SAVES = {"Saved": [3, 6, 2], "Lost": [1, 2, 0]}
SIX = {name: [number, -number] for number, name in enumerate("ABCDEF", start=1)}

# Of what each mark or line is drawn with against what lies behind it (WCAG 2: 3 to 1 for what is not text).
_CONTRASTS = """(nodes) => {
    const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => parts(colour).slice(0, 3).map((each) => each / 255)
        .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
        .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
    const behind = (node) => {
        const colour = getComputedStyle(node).backgroundColor;
        return parts(colour)[3] === 0 ? behind(node.parentElement) : colour;
    };
    return nodes.map((node) => {
        const pair = [getComputedStyle(node).stroke, behind(node)].map(light);
        return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    });
}"""

# The window is so wide, and the drawing as wide as its place is now, whatever scroll bars come or go.
_DRAWN_FOR = """([canvas, width]) =>
    innerWidth === width && canvas.getAttribute("viewBox") === `0 0 ${canvas.clientWidth} ${canvas.clientHeight}`"""

# How far each thing drawn is from the nearest edge of its drawing, in pixels; below zero it is cut off.
_ROOM_AROUND = """(chart) => [...chart.querySelectorAll(".canvas :is(text, .surface, .mark)")].map((node) => {
    const [box, room] = [node.getBoundingClientRect(), node.ownerSVGElement.getBoundingClientRect()];
    return Math.min(box.left - room.left, room.right - box.right, box.top - room.top, room.bottom - box.bottom);
})"""


@pytest.fixture
def playground(local: Local) -> str:
    return local.slack.url


async def shows(local: Local, visitor: Visitor, block: blocks.Block) -> Locator:
    """The app posts a block; returns it as the page draws it."""
    before = await visitor.messages.count()
    await local.web.chat_postMessage(channel=RENEWALS, text="Numbers", blocks=[block])
    await expect(visitor.messages).to_have_count(before + 1)
    await expect(visitor.card.locator("table, .canvas[viewBox]")).to_have_count(1)
    return visitor.card.locator(".block")


async def resizes(visitor: Visitor, chart: Locator, size: ViewportSize) -> None:
    """Make the window another size, and wait until the chart is drawn for it."""
    await visitor.page.set_viewport_size(size)
    canvas = await chart.locator(".canvas").element_handle()
    await visitor.page.wait_for_function(_DRAWN_FOR, arg=[canvas, size["width"]])


async def heights(surfaces: Locator) -> list[float]:
    return [float(each) for each in await surfaces.evaluate_all("(all) => all.map((each) => each.getBBox().height)")]


async def test_a_chart_says_all_its_numbers_to_whoever_listens(local: Local, visitor: Visitor) -> None:
    chart = await shows(local, visitor, blocks.chart("Saves", "bar", WEEKS, SAVES, x_label="Week", y_label="Customers"))
    await expect(chart.get_by_role("img")).to_have_accessible_name(
        "Bar chart: Saves. Across: Week. Up: Customers."
        " Oct 5: Saved 3, Lost 1. Oct 12: Saved 6, Lost 2. Oct 19: Saved 2, Lost 0."
    )
    await expect(chart.locator(".name")).to_have_text(WEEKS)
    await expect(chart.locator(".along")).to_have_text(["Customers", "Week"])
    await expect(chart.locator(".legend")).to_have_text("SavedLost")

    pie = await shows(local, visitor, blocks.chart("Reasons", "pie", ["Price", "Timing"], {"Cases": [3, 1]}))
    await expect(pie.get_by_role("img")).to_have_accessible_name("Pie chart: Reasons. Price 3 (75%), Timing 1 (25%).")
    await expect(pie.locator(".legend")).to_have_text("Price: 3 (75%)Timing: 1 (25%)")


async def test_bars_are_as_high_as_their_numbers(local: Local, visitor: Visitor) -> None:
    chart = await shows(local, visitor, blocks.chart("Saves", "bar", WEEKS, SAVES))
    bars = chart.locator(".canvas .surface")
    await expect(bars).to_have_count(5)
    unit, *drawn = [each / number for each, number in zip(await heights(bars), [3, 6, 2, 1, 2], strict=True)]
    assert unit > 10
    assert drawn == pytest.approx([unit] * 4)


async def test_what_goes_down_is_drawn_below_zero(local: Local, visitor: Visitor) -> None:
    chart = await shows(local, visitor, blocks.chart("Change", "bar", WEEKS, {"Cases": [2, -1, 0]}))
    up, down = [await bar.bounding_box() for bar in await chart.locator(".canvas .surface").all()]
    zero = await chart.locator(".axis").bounding_box()
    assert up
    assert down
    assert zero
    assert up["y"] < zero["y"]
    assert down["y"] == pytest.approx(zero["y"], abs=2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_six_are_told_apart_without_colours_and_seen_on_the_paper(
    browser: Browser, local: Local, scheme: Any
) -> None:
    async with visit(browser, local.slack.url, color_scheme=scheme) as visitor:
        await visitor.arrives()
        for kind in KINDS:
            labels, series = (list(SIX), {"Cases": [6, 5, 4, 3, 2, 1]}) if kind == "pie" else (["Up", "Down"], SIX)
            chart = await shows(local, visitor, blocks.chart("Six", kind, labels, series))
            inked = chart.locator(".canvas").locator(".surface, .line")
            await expect(inked).to_have_count(12 if kind == "bar" else 6)
            assert min(await inked.evaluate_all(_CONTRASTS)) >= 3

            hatches = await chart.locator("pattern").evaluate_all(
                "(all) => all.map((each) => each.innerHTML + each.getAttribute('patternTransform'))"
            )
            assert len(set(hatches)) == 6
            marks = await chart.locator(".legend .mark").evaluate_all(
                "(all) => all.map((each) => each.getAttribute('d'))"
            )
            assert len(set(marks)) == (6 if kind in ("line", "area") else 0)
        assert visitor.troubles == []


async def test_charts_find_room_on_a_phone_and_are_drawn_anew_where_there_is_more(
    local: Local, visitor: Visitor
) -> None:
    for kind in KINDS:
        labels = [f"{number}. Week of the year" for number in range(6 if kind == "pie" else 20)]
        numbers = {"W" * 20: [1_234_567 + each for each in range(len(labels))]}
        chart = await shows(local, visitor, blocks.chart("W" * 50, kind, labels, numbers, x_label="W" * 50))
        for size in (NARROW, WIDE):
            await resizes(visitor, chart, size)
            assert await sideways(visitor.page) == []
            rooms = await chart.evaluate(_ROOM_AROUND)
            assert len(rooms) > len(labels) / 2
            assert min(rooms) >= 0


async def test_names_below_a_chart_do_not_touch_each_other(local: Local, visitor: Visitor) -> None:
    days = [f"November {number}" for number in range(1, 21)]
    chart = await shows(local, visitor, blocks.chart("Days", "line", days, {"Cases": [1] * 20}))
    for size, least in ((NARROW, 5), (WIDE, 20)):
        await resizes(visitor, chart, size)
        ends = await chart.locator(".name").evaluate_all(
            "(all) => all.map((each) => each.getBoundingClientRect().right)"
        )
        assert len(ends) >= least
        # They are slanted, and begin below the end of the one before.
        assert min(later - earlier for earlier, later in pairwise(ends)) > 17


async def test_names_in_a_chart_are_text_in_every_case(local: Local, visitor: Visitor) -> None:
    name = "<b>&amp;</b>"
    chart = await shows(local, visitor, blocks.chart(name, "bar", [name], {name: [1]}))
    await expect(chart.locator("b")).to_have_count(0)
    await expect(chart.get_by_role("img")).to_have_accessible_name(f"Bar chart: {name}. {name}: {name} 1.")
    await expect(chart.locator("figcaption")).to_have_text(name)


async def test_one_slice_is_the_whole_pie(local: Local, visitor: Visitor) -> None:
    chart = await shows(local, visitor, blocks.chart("Reasons", "pie", ["Price"], {"Cases": [4]}))
    (height,) = await heights(chart.locator(".canvas .surface"))
    assert height > 200


async def test_a_table_has_a_head_and_its_numbers_to_the_right_and_scrolls_by_itself(
    local: Local, visitor: Visitor
) -> None:
    await visitor.page.set_viewport_size(NARROW)
    head = ["Reason", "Cases", "What moved", "What was said"]
    rows = [head, ["<b>Price</b>", "12", "word " * 40, "word " * 40], ["", "3", "Nothing", "Nothing"]]
    table = await shows(local, visitor, blocks.table(rows, right={1}, wrapped={2, 3}))
    await expect(table.get_by_role("columnheader")).to_have_text(head)
    await expect(table.get_by_role("cell", name="<b>Price</b>", exact=True)).to_be_visible()
    await expect(table.get_by_role("cell", name="12", exact=True)).to_have_css("text-align", "right")
    assert await sideways(visitor.page) == []
    assert await table.evaluate("(node) => node.scrollWidth > node.clientWidth && node.tabIndex === 0")
