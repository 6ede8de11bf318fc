/** The `data_visualization` block (Slack: docs.slack.dev/reference/block-kit/blocks/data-visualization-block). */

import { fill, freshId, h, svg } from "./dom.js";
import { numberOf, shareOf, told } from "./figures.js";
import { patterns, swatch } from "./paint.js";
import { pie } from "./pie.js";
import { plot } from "./plot.js";

/** A chart: drawn as wide as there is room, named by all its numbers, with what its patterns and marks stand for. */
export function chart(block) {
  const { title, chart: given } = block;
  const { x_label: across, y_label: up } = given.axis_config ?? {};
  const parts = given.type === "pie" ? segments(given) : given.series.map(({ name }) => name);
  const paints = parts.map(() => freshId("paint"));
  const draw = given.type === "pie" ? pie : plot;
  const canvas = svg("svg.canvas", { role: "img", "aria-label": told(title, given) });
  const stage = h("div.stage", null, canvas);
  new ResizeObserver(([{ contentRect }]) => {
    const { width, height } = contentRect;
    canvas.setAttribute("viewBox", `0 0 ${width} ${height}`);
    fill(canvas, patterns(paints), draw(given, { width, height, paints }));
  }).observe(stage);
  return h(
    "figure.block.chart",
    { data: { testid: "chart" } },
    h("figcaption", null, title),
    // Whoever listens hears all that stands around the drawing with its numbers.
    up && h("p.along", { "aria-hidden": "true" }, up),
    stage,
    across && h("p.along.across", { "aria-hidden": "true" }, across),
    h("ul.legend", { "aria-hidden": "true" }, parts.map((name, index) => h("li", null, swatch(given.type, index, paints[index]), name))),
  );
}

/** What a pie's slices are called: here the numbers stand, and not on the slices. */
function segments({ segments: slices }) {
  return slices.map(({ label, value }) => `${label}: ${numberOf(value)} (${shareOf(value, slices)})`);
}
