/** The app's Home, as the app published it for the person acting. */

import { Container } from "./container.js";
import { fill, h } from "./dom.js";
import { face } from "./people.js";
import { store } from "./state.js";

const body = h("div.home-blocks", { tabIndex: -1 });
const empty = h("div.welcome", { hidden: true });

/** The pane of the Home. */
export const home = h("section.home", { data: { testid: "home" }, "aria-label": "Home" }, h("div.column", null, empty, body));

let shown = null;

/** Draws the Home, or what stands for it until the app has published one. */
export function showHome() {
  const view = store.state.home;
  empty.hidden = Boolean(view) || store.openingHome;
  body.hidden = !view;
  if (!view) {
    shown = null;
    fill(empty, face({ isApp: true }, "large"), h("h1", null, "Nothing here yet"), h("p", null, `${store.state.app.name} has not published a Home for ${store.state.me.real_name}.`));
    return;
  }
  if (shown?.name !== nameOf(view)) shown = { name: nameOf(view), container: new Container(body, { view: view.id }) };
  shown.container.show(view.blocks);
}

const nameOf = (view) => `${store.as} ${view.id}`;
