/** Bars, lines and areas over an axis of categories. */

import { svg } from "./dom.js";
import { numberOf, scaleOf, seriesOf, shortly } from "./figures.js";
import { line, mark, toneOf } from "./paint.js";

// Of the letters at their size in charts.css, in pixels.
const LETTER = 6.6;
const LINE = 18;
const SLANT = (40 * Math.PI) / 180;
const SLANTED_MOST = 13;
const GROUP = 0.76;
const EDGE = 10;
// For the value below a bar that goes down.
const BELOW = 16;

/** The drawing of a chart's series, in so much room. */
export function plot(chart, { width, height, paints }) {
  const { categories } = chart.axis_config;
  const series = seriesOf(chart);
  const lines = scaleOf(series.flatMap(({ values }) => values));
  const [least, most] = [lines[0], lines.at(-1)];
  const scale = EDGE + Math.max(...lines.map((value) => shortly(value).length)) * LETTER;
  const names = placing(categories, (width - scale - EDGE) / categories.length);
  const left = Math.max(scale, names.lead);
  const slot = (width - left - EDGE) / categories.length;
  const foot = height - names.room;
  const bottom = least < 0 ? foot - BELOW : foot;
  const frame = {
    categories,
    series,
    paints,
    slot,
    x: (index) => left + (index + 0.5) * slot,
    y: (value) => bottom - ((value - least) / (most - least)) * (bottom - LINE),
  };
  return [
    lines.map((value) => [
      svg(value === 0 ? "path.axis" : "path.grid", { d: `M${left} ${frame.y(value)}H${width - EDGE}` }),
      svg("text", { x: left - 6, y: frame.y(value) + 4, "text-anchor": "end" }, shortly(value)),
    ]),
    KINDS[chart.type](frame),
    categories.map((label, index) => index % names.every === 0 && names.draw(label, frame.x(index), foot)),
  ];
}

const KINDS = { bar: bars, line: lines, area: areas };

const hint = (frame, { name, values }, index) =>
  svg("title", null, `${frame.categories[index]}: ${name} ${numberOf(values[index])}`);

function bars(frame) {
  const { series, slot, x, y, paints } = frame;
  const wide = (slot * GROUP) / series.length;
  return series.map((each, row) =>
    each.values.map((value, index) => {
      const from = x(index) - (slot * GROUP) / 2 + row * wide;
      const [high, low] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
      const place = { x: from + 1, y: high, width: Math.max(1, wide - 2), height: low - high };
      return [
        value !== 0 && svg(`rect.surface.${toneOf(row)}`, { ...place, fill: `url(#${paints[row]})` }, hint(frame, each, index)),
        hasRoom(value, wide) && svg("text.value", { x: from + wide / 2, y: value < 0 ? low + 14 : high - 5, "text-anchor": "middle" }, shortly(value)),
      ];
    }),
  );
}

function lines(frame) {
  return frame.series.map((each, row) => [line(row, path(frame, each.values)), marks(frame, each, row)]);
}

function areas(frame) {
  const { x, y, paints } = frame;
  return frame.series.map((each, row) => {
    const outline = path(frame, each.values);
    const surface = `${outline}L${x(each.values.length - 1)} ${y(0)}L${x(0)} ${y(0)}z`;
    return [svg("path.area", { d: surface, fill: `url(#${paints[row]})` }), line(row, outline), marks(frame, each, row)];
  });
}

const path = ({ x, y }, values) => `M${values.map((value, index) => `${x(index)} ${y(value)}`).join("L")}`;

/** The marks of a series; where it is alone, with their values. */
function marks(frame, each, row) {
  const { series, slot, x, y } = frame;
  return each.values.map((value, index) => [
    mark(row, x(index), y(value), hint(frame, each, index)),
    series.length === 1 && hasRoom(value, slot) && svg("text.value", { x: x(index), y: y(value) - 9, "text-anchor": "middle" }, shortly(value)),
  ]);
}

const hasRoom = (value, width) => (shortly(value).length + 0.5) * LETTER <= width;

/** How the names below an axis are written: in a row, or slanted and cut where that is too narrow. */
function placing(categories, slot) {
  const longest = Math.max(...categories.map((each) => each.length));
  if ((longest + 1) * LETTER <= slot) {
    return { room: LINE + 4, lead: 0, every: 1, draw: (label, x, y) => svg("text.name", { x, y: y + 16, "text-anchor": "middle" }, label) };
  }
  // A letter more, since not every machine's font is as narrow.
  const length = (Math.min(longest, SLANTED_MOST) + 1) * LETTER;
  return {
    room: LINE + length * Math.sin(SLANT),
    lead: length * Math.cos(SLANT) - slot / 2,
    every: Math.ceil(LINE / slot),
    draw: (label, x, y) => {
      const turn = `translate(${x + 4} ${y + 12}) rotate(${(-SLANT * 180) / Math.PI})`;
      return svg("text.name", { transform: turn, "text-anchor": "end" }, short(label));
    },
  };
}

const short = (label) => (label.length > SLANTED_MOST ? `${label.slice(0, SLANTED_MOST - 1).trimEnd()}…` : label);
