// What is shown, in the URL's hash: it can be bookmarked, and Back closes what was opened.

const NAMES = ["view", "q", "product", "command", "outcome", "show", "compose", "app"];

/** The parts of the hash that are known; what is missing is "". */
export function route() {
  const hash = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(NAMES.map((name) => [name, hash.get(name) ?? ""]));
}

/** The hash with some parts changed. */
export function hashWith(changes) {
  const parts = Object.entries({ ...route(), ...changes }).filter(([, value]) => value !== "");
  return `#${new URLSearchParams(parts)}`;
}

/** Shows something else. With `replace` Back does not return to what was before. */
export function go(changes, { replace = false } = {}) {
  const hash = hashWith(changes);
  if (hash === (location.hash || "#")) return;
  if (!replace) {
    location.hash = hash;
    return;
  }
  history.replaceState(null, "", hash);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

export const onRoute = (listener) => addEventListener("hashchange", () => listener(route()));
