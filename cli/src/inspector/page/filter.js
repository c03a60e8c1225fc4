// Which deliveries are shown.

import { outcome } from "./store.js";

const texts = new WeakMap();

/** Everything of a delivery that a search looks at. */
function text(delivery) {
  let found = texts.get(delivery);
  if (found === undefined) {
    const attempts = delivery.attempts.flatMap(({ url, reply, verdict }) => [url, verdict, reply?.status, reply?.body]);
    found = [delivery.command, delivery.sdk_app_id, delivery.to, delivery.source, delivery.body, ...attempts].join("\n").toLowerCase();
    texts.set(delivery, found);
  }
  return found;
}

/** Whether a delivery is one of those that are asked for. Each word of the search must be found. */
export function matcher({ q, product, command, outcome: wanted }, store) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return (delivery) => {
    const row = store.command(delivery.command);
    return (!product || row?.product === product)
      && (!command || delivery.command === command || row?.word === command)
      && (!wanted || outcome(delivery) === wanted)
      && words.every((word) => text(delivery).includes(word));
  };
}
