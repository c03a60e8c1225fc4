// The requests that the REST API answered.

import { beforeFrame, byId, element, setText } from "./dom.js";
import { isoTime, time } from "./format.js";
import { outcomeMark } from "./deliveries.js";
import { Rows } from "./rows.js";

function answerMark({ code }) {
  const mark = outcomeMark(code === 0 ? "right" : code === null ? "none" : "wrong");
  mark.lastChild.data = code === 0 ? "OK" : code === null ? "No answer" : String(code);
  return mark;
}

function makeRow(request) {
  const cell = (name, ...children) => element("td", { role: "cell", class: name }, ...children);
  const isRest = request.method === "POST" && request.path.startsWith("/v4/");
  const api = isRest ? request.path.slice("/v4/".length) : `${request.method} ${request.path}`;
  const notes = [request.info, ...request.faults.map((fault) => `put in: ${fault}`)].filter(Boolean).join(" · ");
  return element("tr", { role: "row" },
    cell("event", element("code", {}, api)),
    cell("end", answerMark(request), element("span", { class: "small" }, notes)),
    cell("id", element("code", {}, request.request_id)),
    cell("when", element("time", { dateTime: isoTime(request.time_ms), title: isoTime(request.time_ms) }, time(request.time_ms))));
}

export function startRequests(store) {
  const rows = new Rows(byId("requests"), makeRow, () => {});
  const show = beforeFrame(() => {
    const all = [...store.requests.values()].reverse();
    rows.show(all);
    byId("requests-table").hidden = all.length === 0;
    byId("requests-empty").hidden = all.length > 0;
    setText(byId("count-requests"), String(all.length));
  });
  store.onChange((kind) => kind === "request" && show());
}
