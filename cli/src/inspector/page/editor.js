// The body's editor: numbered lines, and what is wrong with them as one types.

import { post } from "./api.js";
import { byId, element, setText } from "./dom.js";
import { count } from "./format.js";
import { layOut } from "./json.js";

/** Milliseconds without a key before the body is checked. */
const PAUSE = 150;

/** `command` says which command the body is to be of; `onChecked` hears whether a host would refuse it. */
export function startEditor({ command, onChecked }) {
  const area = byId("body");
  const gutter = byId("gutter");
  let timer = 0;
  let checking;
  let marks = new Map();

  function number() {
    const lines = area.value.split("\n").length;
    while (gutter.childElementCount > lines) gutter.lastElementChild.remove();
    while (gutter.childElementCount < lines) {
      gutter.append(element("div", {}, String(gutter.childElementCount + 1)));
    }
    [...gutter.children].forEach((line, index) => {
      const mark = marks.get(index + 1);
      if (mark) line.dataset.mark = mark;
      else delete line.dataset.mark;
    });
    gutter.scrollTop = area.scrollTop;
  }

  function show(problems) {
    marks = new Map();
    for (const { line, is_error: isError } of problems) {
      if (marks.get(line) !== "!") marks.set(line, isError ? "!" : "·");
    }
    number();
    const errors = problems.filter((problem) => problem.is_error).length;
    const notes = problems.length - errors;
    area.setAttribute("aria-invalid", String(errors > 0));
    byId("editor").dataset.state = errors > 0 ? "wrong" : "";
    const parts = [errors && count(errors, "error"), notes && `${count(notes, "difference")} from Tencent's sample`].filter(Boolean);
    setText(byId("problems-summary"), parts.join(", ") || "The body is an event as Tencent sends it.");
    byId("problems").replaceChildren(...problems.map((problem) => element("li", { class: problem.is_error ? "error" : "note" },
      element("button", { type: "button", class: "link", onclick: () => goTo(problem) },
        `Line ${problem.line}, column ${problem.column}: ${problem.message}`))));
    onChecked(errors);
  }

  function goTo({ line, column }) {
    const lines = area.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    // Columns count characters, places in the text count UTF-16 units.
    const place = before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
    area.focus();
    area.setSelectionRange(place, place);
    area.scrollTop = Math.max(0, (line - 4) * 18);
  }

  async function check() {
    checking?.abort();
    checking = new AbortController();
    try {
      const found = await post("check", { command: command(), body: area.value }, { signal: checking.signal });
      show(found.problems);
    } catch (error) {
      if (error.name !== "AbortError") setText(byId("problems-summary"), `The body cannot be checked: ${error.message}`);
    }
  }

  function changed() {
    number();
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  }

  function set(text) {
    area.value = text;
    area.scrollTop = 0;
    marks = new Map();
    number();
    clearTimeout(timer);
    check();
  }

  area.addEventListener("input", changed);
  area.addEventListener("scroll", () => { gutter.scrollTop = area.scrollTop; });
  byId("body-format").addEventListener("click", () => set(layOut(area.value)));
  byId("body-now").addEventListener("click", () => set(withTimeOfNow(area.value)));
  return { set, check, text: () => area.value };
}

/** The text with another EventTime, if it has one; nothing else in it changes. */
export const withTimeOfNow = (text) => text.replace(/("EventTime"\s*:\s*)("?)\d+\2/, `$1$2${Date.now()}$2`);
