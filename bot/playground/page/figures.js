/** The numbers of a chart: how they are read out, and which lines a drawing puts them between. */

const SPACES = 5;

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });
const share = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

/** A number as it is. */
export const numberOf = (value) => whole.format(value);

/** A number beside a line of the drawing, where there is little room. */
export const shortly = (value) => short.format(value);

/** A slice's part of its pie. */
export const shareOf = (value, slices) => share.format(value / slices.reduce((sum, each) => sum + each.value, 0));

/** Everything that a chart shows, in words. */
export function told(title, chart) {
  const kind = `${chart.type[0].toUpperCase()}${chart.type.slice(1)} chart`;
  if (chart.type === "pie") {
    const slices = chart.segments.map(({ label, value }) => `${label} ${numberOf(value)} (${shareOf(value, chart.segments)})`);
    return `${kind}: ${title}. ${slices.join(", ")}.`;
  }
  const { categories, x_label: across, y_label: up } = chart.axis_config;
  const axes = [across && `Across: ${across}.`, up && `Up: ${up}.`].filter(Boolean);
  const points = categories.map((label, index) => {
    const values = seriesOf(chart).map(({ name, values }) => `${name} ${numberOf(values[index])}`);
    return `${label}: ${values.join(", ")}.`;
  });
  return [`${kind}: ${title}.`, ...axes, ...points].join(" ");
}

/** The series of a chart, each with its values in the order of the categories. */
export function seriesOf({ series, axis_config: { categories } }) {
  return series.map(({ name, data }) => {
    const values = new Map(data.map(({ label, value }) => [label, value]));
    return { name, values: categories.map((label) => values.get(label)) };
  });
}

/** Round numbers, from the lowest to the highest, that hold all values and zero between them. */
export function scaleOf(values) {
  const least = Math.min(0, ...values);
  const most = Math.max(0, ...values);
  const rough = (most - least || 1) / SPACES;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  // Half a customer is no help on an axis.
  const step = values.every(Number.isInteger) ? Math.max(1, round) : round;
  const from = Math.floor(least / step);
  const to = Math.max(Math.ceil(most / step), from + 1);
  return Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step);
}
