// JSON laid out for reading, token by token: every digit and every escape stays as it came.

import { element } from "./dom.js";

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)|(true|false|null)|([{}[\],:]))/y;

/** The tokens with their kinds and the space before them; nothing if it is no JSON. */
function tokens(text) {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const found = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, string, number, word, mark] = match;
    if (mark === ":" && found.at(-1)?.kind === "text") found.at(-1).kind = "key";
    found.push({ text: string ?? number ?? word ?? mark, kind: string ? "text" : number ? "number" : word ? "word" : "mark" });
  }
  let depth = 0;
  found.forEach((token, index) => {
    const before = found[index - 1]?.text;
    const isEnd = token.text === "}" || token.text === "]";
    if (isEnd) depth -= 1;
    const isEmpty = isEnd && (before === "{" || before === "[");
    const isBroken = before !== undefined && !isEmpty && (isEnd || before === "{" || before === "[" || before === ",");
    token.space = isBroken ? `\n${"  ".repeat(depth)}` : before === ":" ? " " : "";
    if (token.kind === "mark" && (token.text === "{" || token.text === "[")) depth += 1;
  });
  return found;
}

/** The text laid out, or as it is if it is no JSON. */
export function layOut(text) {
  return tokens(text)?.map(({ space, text }) => space + text).join("") ?? text;
}

/** Longer texts are shown without colours. */
const MAX_COLOURED = 50_000;

/** A text as it was sent, or laid out. */
export function view(text, isRaw) {
  const found = isRaw || text.length > MAX_COLOURED ? undefined : tokens(text);
  if (!found) return element("pre", { class: "code", tabIndex: 0 }, isRaw ? text : layOut(text));
  const parts = found.flatMap(({ space, text, kind }) =>
    [space, kind === "mark" ? text : element("span", { class: kind }, text)]);
  return element("pre", { class: "code", tabIndex: 0 }, ...parts);
}
