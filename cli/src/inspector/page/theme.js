// Light, dark, or what the system says; remembered where the browser lets it.

import { byId, setText } from "./dom.js";

const KEY = "tc-callback.theme";
const CHOICES = { system: "System", light: "Light", dark: "Dark" };

export function startTheme() {
  const button = byId("theme");
  const names = Object.keys(CHOICES);
  const apply = (name) => {
    button.dataset.choice = name;
    setText(byId("theme-name"), CHOICES[name]);
    if (name === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
  };
  apply(names.includes(remembered()) ? remembered() : "system");
  button.addEventListener("click", () => {
    const next = names[(names.indexOf(button.dataset.choice) + 1) % names.length];
    apply(next);
    remember(next);
  });
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Then it holds until the page is closed.
  }
}
