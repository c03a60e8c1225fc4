// Tells who cannot see the list what arrived: one by one if they are few, as a sum if it is a flood.

import { byId } from "./dom.js";
import { count, shortCommand } from "./format.js";
import { OUTCOMES, outcome } from "./store.js";

/** Milliseconds between two announcements. */
const PAUSE = 2000;

export function startAnnouncer(store) {
  const waiting = new Map();
  let timer = 0;
  const say = () => {
    timer = 0;
    if (waiting.size === 0) return;
    byId("announcer").textContent = sentence([...waiting.values()]);
    waiting.clear();
    timer = setTimeout(say, PAUSE);
  };
  store.onChange((kind, delivery) => {
    if (kind !== "delivery" || !delivery || delivery.is_pending) return;
    waiting.set(delivery.id, delivery);
    timer ||= setTimeout(say, 300);
  });
}

function sentence(deliveries) {
  if (deliveries.length > 1) {
    const bad = deliveries.filter((delivery) => outcome(delivery) !== "right").length;
    return `${deliveries.length} new deliveries, ${bad === 0 ? "all right" : `${bad} not right`}`;
  }
  const [delivery] = deliveries;
  const tries = delivery.attempts.length > 1 ? ` after ${count(delivery.attempts.length, "try", "tries")}` : "";
  return `${shortCommand(delivery.command)}: ${OUTCOMES[outcome(delivery)].text}${tries}`;
}
