/** How one series or slice is told from the next, by more than its colour: a pattern, a mark, and a line of its own. */

import { svg } from "./dom.js";

const GRAIN = 8;
const STRIPES = "M4 0V8";
const HATCHES = [
  {},
  { d: STRIPES, turned: 45 },
  { d: "M4 4h.01", dotted: true },
  { d: STRIPES, turned: 90 },
  { d: "M4 0V8M0 4H8", turned: 45 },
  { d: STRIPES, turned: -45 },
];
const DASHES = [null, "8 4", "2 4", "10 3 2 3", "14 4", "5 2"];
const MARKS = [
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  "M-4-4H4V4H-4z",
  "M0-5 5 4H-5z",
  "M0-5.5 5.5 0 0 5.5-5.5 0z",
  "M0 5-5-4H5z",
  "M-1.5-5h3v3.5H5v3H1.5V5h-3V1.5H-5v-3h3.5z",
];

/** The colour of one series, as a class. */
export const toneOf = (index) => `tone-${index + 1}`;

/** What surfaces are filled with, by the ids of `paints`. */
export function patterns(paints) {
  const size = { width: GRAIN, height: GRAIN, patternUnits: "userSpaceOnUse" };
  const drawn = paints.map((id, index) => {
    const { d, turned = 0, dotted } = HATCHES[index];
    const ground = svg(d ? "rect.wash" : "rect.solid", { width: GRAIN, height: GRAIN });
    const hatch = d && svg(dotted ? "path.hatch.dotted" : "path.hatch", { d });
    return svg(`pattern.${toneOf(index)}`, { id, ...size, patternTransform: `rotate(${turned})` }, ground, hatch);
  });
  return svg("defs", null, drawn);
}

/** A line in its own dashes. */
export const line = (index, d) => svg(`path.line.${toneOf(index)}`, { d, "stroke-dasharray": DASHES[index] });

/** The mark of a series at one of its points. */
export const mark = (index, x, y, ...children) =>
  svg(`path.mark.${toneOf(index)}`, { d: MARKS[index], transform: `translate(${x} ${y})` }, ...children);

/** What stands before a name in the legend. */
export function swatch(kind, index, paint) {
  const surface = (spec) => svg(`${spec}.${toneOf(index)}`, { x: 1, y: 1, width: 24, height: 12, fill: `url(#${paint})` });
  const drawn = {
    line: () => [line(index, "M0 7H26"), mark(index, 13, 7)],
    area: () => [surface("rect.surface.area"), mark(index, 13, 7)],
  }[kind]?.() ?? surface("rect.surface");
  return svg("svg.swatch", { viewBox: "0 0 26 14", width: 26, height: 14 }, drawn);
}
