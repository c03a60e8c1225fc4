// One delivery: what was sent, what came back, whether that is right.

import { post } from "./api.js";
import { curl, copy } from "./curl.js";
import { byId, element, setText } from "./dom.js";
import { count, isoTime, latency, shortCommand, size, time } from "./format.js";
import { view } from "./json.js";
import { go } from "./route.js";
import { OUTCOMES, outcome } from "./store.js";

let isRaw = false;

const timeOf = (milliseconds) => element("time", { dateTime: isoTime(milliseconds), title: isoTime(milliseconds) }, time(milliseconds));

/** A text with a heading, and a button between what was sent and what can be read. */
function textPart(heading, text) {
  const shown = () => {
    const made = view(text, isRaw);
    made.setAttribute("role", "region");
    made.setAttribute("aria-label", heading);
    return made;
  };
  const button = element("button", { type: "button", "aria-pressed": String(isRaw), "aria-label": `Raw ${heading}` }, "Raw");
  const part = element("section", {},
    element("div", { class: "with-toggle" }, element("h3", {}, `${heading} `, element("small", {}, size(text))), button),
    shown());
  button.addEventListener("click", () => {
    isRaw = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isRaw));
    part.lastChild.replaceWith(shown());
  });
  return part;
}

/** What a parameter says that its text does not. */
function remark(name, value, delivery) {
  if (name === "RequestTime") return ` — ${time(Number(value) * 1000).replace(/[.,]000$/, "")}`;
  if (name === "Sign" && delivery.sign === "forged") return " — forged: made with a token that nobody has";
  return "";
}

function requestPart(delivery, url) {
  const [address, query = ""] = [url.slice(0, url.indexOf("?")), url.slice(url.indexOf("?") + 1)];
  const rows = [...new URLSearchParams(query)].map(([name, value]) => element("tr", {},
    element("th", { scope: "row" }, name), element("td", {}, value + remark(name, value, delivery))));
  return element("section", {},
    element("h3", {}, "Request"),
    element("code", { class: "line" }, `POST ${address}`),
    element("table", { class: "parameters", "aria-label": "Query parameters" }, element("tbody", {}, ...rows)));
}

function attemptPart(attempt, heading) {
  const { reply } = attempt;
  const status = reply ? `HTTP ${reply.status} ${reply.reason}`.trim() : attempt.verdict;
  const facts = element("p", { class: "facts" }, `${status} · ${latency(attempt.latency_us)} · `, timeOf(attempt.time_ms));
  if (reply?.body) {
    const part = textPart(heading, reply.body);
    part.firstChild.after(facts);
    return part;
  }
  const nothing = reply ? " · no body" : "";
  facts.append(nothing);
  return element("section", {}, element("h3", {}, heading), facts);
}

function content(delivery) {
  const last = delivery.attempts.at(-1);
  const isOne = delivery.attempts.length === 1;
  return [
    ...delivery.attempts.map((attempt, index) => attemptPart(attempt, isOne ? "Reply" : `Try ${index + 1}`)),
    requestPart(delivery, last?.url ?? `${delivery.to}?`),
    textPart("Body", delivery.body),
  ];
}

export function startDetail(store) {
  let shown;
  const delivery = () => store.deliveries.get(shown?.id) ?? shown;

  /** Shows a delivery, if it is known and not shown already. */
  function show(id) {
    const wanted = store.deliveries.get(Number(id));
    if (!wanted || wanted === shown) return Boolean(wanted ?? shown?.id === Number(id));
    if (wanted.id !== shown?.id) report("");
    shown = wanted;
    setText(byId("detail-heading"), shortCommand(wanted.command));
    const row = store.command(wanted.command);
    const product = row && !row.is_shared ? row.product : "unknown product";
    const origin = wanted.resend_of ? `sent again after delivery ${wanted.resend_of}` : `sent by ${wanted.source}`;
    setText(byId("detail-facts"), `${wanted.command} · ${product} · application ${wanted.sdk_app_id} · delivery ${wanted.id}, ${origin}`);
    const kind = outcome(wanted);
    const last = wanted.attempts.at(-1);
    const tries = wanted.attempts.length > 1 ? ` — after ${count(wanted.attempts.length, "try", "tries")}` : "";
    byId("detail-verdict").className = `banner ${kind}`;
    setText(byId("detail-verdict"), `${OUTCOMES[kind].sign} ${OUTCOMES[kind].text}${last ? `: ${last.verdict}` : ""}${tries}`);
    byId("detail-content").replaceChildren(...content(wanted));
    return true;
  }

  function report(text, kind = "") {
    byId("detail-result").dataset.outcome = kind;
    setText(byId("detail-result"), text);
  }

  byId("detail-resend").addEventListener("click", async () => {
    report("Sending…");
    try {
      const sent = await post(`deliveries/${shown.id}/resend`);
      const last = sent.attempts.at(-1);
      const kind = outcome(sent);
      store.change("delivery", sent);
      go({ show: String(sent.id) }, { replace: true });
      report(`Sent again. ${OUTCOMES[kind].text}: ${last.verdict}`, kind);
    } catch (error) {
      report(`Not sent: ${error.message}`, "bad");
    }
  });
  byId("detail-edit").addEventListener("click", () => go({ compose: `delivery ${shown.id}`, show: "", app: "" }));
  byId("detail-curl").addEventListener("click", async () => {
    try {
      await copy(curl(delivery()));
      report("Copied. The URL is the one that was sent: its Sign holds as long as your server takes its RequestTime.");
    } catch (error) {
      report(`Not copied: ${error.message}`, "bad");
    }
  });
  return { show };
}
