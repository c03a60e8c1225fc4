// Light, dark, or what the system says; remembered where the browser lets it.

import { byId } from "./dom.js";

const KEY = "tc-callback.theme";

export function startTheme() {
  const select = byId("theme");
  const apply = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  };
  try {
    select.value = localStorage.getItem(KEY) ?? "";
  } catch {
    // Then it is not remembered.
  }
  apply(select.value);
  select.addEventListener("change", () => {
    apply(select.value);
    try {
      localStorage.setItem(KEY, select.value);
    } catch {
      // As above.
    }
  });
}
