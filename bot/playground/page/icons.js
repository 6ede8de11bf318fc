/** The page's own line drawings, on a grid of 20. */

import { svg } from "./dom.js";

const PATHS = {
  back: "M6 8h6.5a3.5 3.5 0 0 1 0 7H8M9 4.5 5.5 8 9 11.5",
  hash: "M8 4 6.5 16M13.5 4 12 16M4.5 8h11.5M4 12h11.5",
  home: "M4 9.2 10 4l6 5.2V15a1 1 0 0 1-1 1h-3v-4H8v4H5a1 1 0 0 1-1-1z",
  chat: "M4.5 5h11a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5H9l-3.5 3v-3h-1a.5.5 0 0 1-.5-.5v-7a.5.5 0 0 1 .5-.5z",
  clock: "M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M10 6.5V10l2.5 1.5",
  menu: "M4 6h12M4 10h12M4 14h12",
  close: "m5.5 5.5 9 9m0-9-9 9",
  send: "M4 10h11M10.5 5l5 5-5 5",
  bolt: "M11 3 5 11.5h4L8.5 17l6-8.5h-4z",
  eye: "M3 10s2.5-4.5 7-4.5S17 10 17 10s-2.5 4.5-7 4.5S3 10 3 10m7-1.8a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6",
  theme: "M10 3.5a6.5 6.5 0 1 0 0 13zM10 3.5a6.5 6.5 0 0 1 0 13",
  wire: "M3.5 7h11M11.5 4l3 3-3 3M16.5 13h-11M8.5 10l-3 3 3 3",
  down: "m5.5 8 4.5 4.5L14.5 8",
  arrowDown: "M10 4v11M5.5 10.5 10 15l4.5-4.5",
  right: "m8 5.5 4.5 4.5L8 14.5",
  check: "m4.5 10.5 3.5 3.5 7.5-8",
  search: "M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4m3.8 8.8L16 16",
  file: "M6 3.5h5.5L15 7v8.5a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1M11.5 3.5V7H15M7.5 10.5h5M7.5 13.5h3",
  save: "M10 4v8M6.5 8.5 10 12l3.5-3.5M4.5 15.5h11",
  mail: "M4 5.5h12v9.5H4zM4 6l6 5 6-5",
  image: "M4 5h12v10H4zM4 13l3.5-3.5 3 3 2-2L16 14M12.5 8h.01",
};

/** A drawing that screen readers pass over: what it stands for is said beside it. */
export function icon(name) {
  const drawn = name === "dots" ? [4.5, 10, 15.5].map((x) => svg("circle", { cx: x, cy: 10, r: 1.5 })) : svg("path", { d: PATHS[name] });
  return svg(`svg.icon.icon-${name}`, { viewBox: "0 0 20 20", "aria-hidden": "true" }, drawn);
}
