// The list of deliveries and its filters.

import { beforeFrame, byId, choice, element, setChoices, setText } from "./dom.js";
import { matcher } from "./filter.js";
import { isoTime, latency, shortCommand, subject, time } from "./format.js";
import { go, onRoute, route } from "./route.js";
import { Rows } from "./rows.js";
import { OUTCOMES, outcome } from "./store.js";

const FILTERS = ["q", "product", "command", "outcome"];

/** The mark of an outcome: a sign, a word and a colour. */
export function outcomeMark(kind) {
  const { sign, text } = OUTCOMES[kind];
  return element("span", { class: "outcome", "data-outcome": kind }, element("span", { "aria-hidden": "true" }, sign), text);
}

function makeRow(delivery) {
  const cell = (name, ...children) => element("td", { role: "cell", class: name }, ...children);
  const row = element("tr", { role: "row" },
    cell("event", element("a"), element("span", { class: "small" })),
    cell("end"),
    cell("number latency"),
    cell("number tries"),
    cell("when", element("time")));
  row.addEventListener("click", (event) => {
    const isForBrowser = event.ctrlKey || event.metaKey || event.shiftKey || String(getSelection()) !== "";
    if (isForBrowser) return;
    event.preventDefault();
    go({ show: String(delivery.id), compose: "" });
  });
  return row;
}

function fillRow(row, delivery) {
  const [event, end, late, tries, when] = row.cells;
  const [link, small] = event.children;
  const first = delivery.attempts[0];
  const last = delivery.attempts.at(-1);
  setText(link, shortCommand(delivery.command));
  link.title = delivery.command;
  link.href = `#show=${delivery.id}`;
  small.title = delivery.to;
  setText(small, [delivery.sign === "forged" && "forged Sign", subject(delivery.body), delivery.to.replace("http://", "")].filter(Boolean).join(" · "));
  const kind = outcome(delivery);
  const notes = [last?.reply && `HTTP ${last.reply.status}`, kind !== "right" && last?.verdict].filter(Boolean).join(" · ");
  end.replaceChildren(outcomeMark(kind), element("span", { class: "small" }, notes));
  setText(late, last ? latency(last.latency_us) : "");
  setText(tries, String(delivery.attempts.length || 1));
  tries.dataset.label = delivery.attempts.length > 1 ? "Tries" : "Try";
  const clock = when.firstElementChild;
  clock.dateTime = clock.title = first ? isoTime(first.time_ms) : "";
  setText(clock, first ? time(first.time_ms) : "now");
}

export function startDeliveries(store) {
  const form = byId("filters");
  const rows = new Rows(byId("deliveries"), makeRow, fillRow);
  const arrived = new Set();
  let selected;

  const show = beforeFrame(() => {
    const asked = route();
    const all = [...store.deliveries.values()].sort((one, other) => other.id - one.id);
    const shown = all.filter(matcher(asked, store));
    rows.show(shown);
    for (const id of arrived) rows.row(id)?.classList.add("arrived");
    arrived.clear();
    select(rows.row(Number(asked.show)));
    const isFiltered = FILTERS.some((name) => asked[name]);
    byId("deliveries-table").hidden = shown.length === 0;
    byId("deliveries-none").hidden = shown.length > 0 || all.length === 0;
    byId("deliveries-empty").hidden = all.length > 0;
    byId("filters-clear").hidden = !isFiltered;
    setText(byId("filters-count"), isFiltered ? `${shown.length} of ${all.length}` : "");
    setText(byId("count-deliveries"), String(all.length));
  });

  function select(row) {
    if (row === selected) return;
    selected?.removeAttribute("data-selected");
    selected?.querySelector("a").removeAttribute("aria-current");
    selected = row;
    selected?.setAttribute("data-selected", "");
    selected?.querySelector("a").setAttribute("aria-current", "true");
  }

  function offerFilters() {
    const all = choice("", "All");
    setChoices(form.product, [all.cloneNode(true), ...store.catalogue.products.map(({ name }) => choice(name))]);
    const groups = store.catalogue.products.map((product) => element("optgroup", { label: product.name },
      ...product.commands.map(({ word }) => choice(word, shortCommand(word)))));
    setChoices(form.command, [all, ...groups]);
    readFilters();
  }

  function readFilters() {
    const asked = route();
    for (const name of FILTERS) if (form[name].value !== asked[name]) form[name].value = asked[name];
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    go(Object.fromEntries(FILTERS.map((name) => [name, form[name].value])), { replace: true });
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    go(Object.fromEntries(FILTERS.map((name) => [name, ""])), { replace: true });
    form.q.focus();
  });
  // Down and Up walk along the list; Tab does, too.
  byId("deliveries").addEventListener("keydown", (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const next = step && event.target.closest("tr")?.[step];
    if (!next) return;
    event.preventDefault();
    next.querySelector("a").focus();
  });
  store.onChange((kind, delivery) => {
    if (kind === "catalogue") offerFilters();
    if (kind !== "delivery") return;
    if (delivery) arrived.add(delivery.id);
    show();
  });
  onRoute(() => {
    readFilters();
    show();
  });
}
