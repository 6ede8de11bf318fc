/** A pie: slices from twelve o'clock on, each with its share beside it. */

import { svg } from "./dom.js";
import { numberOf, shareOf } from "./figures.js";
import { toneOf } from "./paint.js";

const ROOM = 26;
// Thinner ones have no room for their share; it stands in the legend.
const NAMED_FROM = 0.03;

/** The slices, in the middle of so much room. */
export function pie({ segments }, { width, height, paints }) {
  const sum = segments.reduce((total, each) => total + each.value, 0);
  const radius = Math.max(0, Math.min(width, height) / 2 - ROOM);
  const at = (part, length = radius) => {
    const angle = (part - 0.25) * 2 * Math.PI;
    return [width / 2 + Math.cos(angle) * length, height / 2 + Math.sin(angle) * length];
  };
  let before = 0;
  return segments.map(({ label, value }, index) => {
    const [from, to] = [before, (before += value / sum)];
    const hint = svg("title", null, `${label}: ${numberOf(value)} (${shareOf(value, segments)})`);
    const paint = { fill: `url(#${paints[index]})` };
    const slice =
      segments.length === 1
        ? svg(`circle.surface.${toneOf(index)}`, { cx: width / 2, cy: height / 2, r: radius, ...paint }, hint)
        : svg(`path.surface.${toneOf(index)}`, { d: sector(at, from, to, radius), ...paint }, hint);
    const [x, y] = at((from + to) / 2, radius + ROOM / 2 + 2);
    const named = to - from >= NAMED_FROM && svg("text.value", { x, y: y + 4, "text-anchor": "middle" }, shareOf(value, segments));
    return [slice, named];
  });
}

function sector(at, from, to, radius) {
  const isLarge = to - from > 0.5 ? 1 : 0;
  return `M${at(0, 0)}L${at(from)}A${radius} ${radius} 0 ${isLarge} 1 ${at(to)}z`;
}
