// Starts the page: what is known goes to what shows it, what is asked for is in the URL's hash.

import { startAnnouncer } from "./announce.js";
import { listen } from "./api.js";
import { startCompose } from "./compose.js";
import { startConfigurations } from "./configurations.js";
import { startDeliveries } from "./deliveries.js";
import { startDetail } from "./detail.js";
import { byId, setText } from "./dom.js";
import { startRequests } from "./requests.js";
import { go, hashWith, onRoute, route } from "./route.js";
import { Store } from "./store.js";
import { startTheme } from "./theme.js";

const VIEWS = ["deliveries", "requests", "configurations"];
const CONNECTIONS = { live: "Live", lost: "Connection lost", connecting: "Connecting" };

const store = new Store();
let opener;

startTheme();
startDeliveries(store);
startRequests(store);
startConfigurations(store);
startAnnouncer(store);
const detail = startDetail(store);
const compose = startCompose(store);

/** Shows the view and the pane that the hash names, and moves the focus to a pane that opens. */
function show(asked) {
  const view = VIEWS.includes(asked.view) ? asked.view : "deliveries";
  for (const name of VIEWS) byId(`view-${name}`).hidden = name !== view;
  for (const link of document.querySelectorAll("[data-view]")) {
    link.href = hashWith({ view: link.dataset.view, show: "", compose: "", app: "" });
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const pane = asked.compose && compose.show(asked.compose, asked.app) ? "compose" : asked.show && detail.show(asked.show) ? "detail" : "";
  if (!asked.compose) compose.close();
  const earlier = byId("main").dataset.pane ?? "";
  if (pane) byId("main").dataset.pane = pane;
  else delete byId("main").dataset.pane;
  for (const name of ["compose", "detail"]) byId(name).hidden = name !== pane;
  document.title = `${pane ? `${byId(`${pane}-heading`).textContent} · ` : ""}tc-callback inspector`;
  return { pane, earlier };
}

/** After the person moved: the focus goes into what opened, and back to what opened it. */
function moved(asked, before) {
  const { pane, earlier } = show(asked);
  const isOther = asked.show !== before.show || asked.compose !== before.compose;
  if (pane && isOther && !byId(pane).contains(document.activeElement)) byId(`${pane}-heading`).focus();
  if (!pane && earlier) returnFocus();
}

function returnFocus() {
  const target = opener?.isConnected && opener.checkVisibility() ? opener : byId("list");
  target.focus();
}

let last = route();
onRoute((asked) => {
  const before = last;
  last = asked;
  moved(asked, before);
});

document.addEventListener("click", (event) => {
  if (byId("list").contains(event.target) || event.target.id === "compose-open") {
    const row = event.target.closest("tr");
    opener = event.target.closest("a, button") ?? row?.querySelector("a") ?? opener;
  }
}, true);
const close = () => go({ show: "", compose: "", app: "" });
for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && byId("main").dataset.pane && !event.defaultPrevented) close();
});
for (const id of ["compose-open", "compose-first"]) {
  byId(id).addEventListener("click", () => go({ compose: "new", show: "", app: "" }));
}
byId("skip").addEventListener("click", () => byId("list").focus());
for (const place of document.querySelectorAll("[data-origin]")) setText(place, location.origin);

store.onChange((kind, delivery) => {
  const asked = route();
  const isShown = kind === "delivery" && asked.show && (!delivery || delivery.id === Number(asked.show));
  if (kind === "catalogue" || isShown) show(asked);
});
show(last);

listen({
  load: (state) => store.load(state),
  change: (kind, content) => store.change(kind, content),
  connect: (state, problem = "") => {
    byId("connection").dataset.state = state;
    setText(byId("connection"), CONNECTIONS[state]);
    byId("trouble").hidden = problem === "";
    setText(byId("trouble"), problem);
  },
});
