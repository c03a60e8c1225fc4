// Elements from text only: nothing here, or anywhere on this page, reads markup.

/** An element with attributes, properties (`onclick`, `hidden`, `value`) and children, which are elements or text. */
export function element(name, settings = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined || value === null) continue;
    if (key === "class") made.className = value;
    else if (key in made && !key.startsWith("aria-")) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Sets the text of an element, if it is another. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** Puts choices into a select element and keeps what is chosen. */
export function setChoices(select, choices) {
  const chosen = select.value;
  select.replaceChildren(...choices);
  select.value = chosen;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}

export const choice = (value, text = value) => element("option", { value }, text);

/** Runs the work once before the next frame, however often it is asked for; in a hidden tab once in a while. */
export function beforeFrame(work) {
  let isWaiting = false;
  const run = () => {
    isWaiting = false;
    work();
  };
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    if (document.hidden) setTimeout(run, 200);
    else requestAnimationFrame(run);
  };
}
