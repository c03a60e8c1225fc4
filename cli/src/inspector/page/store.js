// What is known: the newest deliveries and requests, all configurations. Whoever shows it is told when it has changed.

const MAX_ENTRIES = 500;

export class Store {
  catalogue = { products: [], sdk_app_ids: [], can_sign: false };
  configurations = [];
  deliveries = new Map();
  requests = new Map();
  #commands = new Map();
  #listeners = [];

  /** The listener gets the kind that changed and, of what is new since the page was opened, the content. */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  load(state) {
    const { configurations, deliveries, requests, ...catalogue } = state;
    this.catalogue = catalogue;
    this.configurations = configurations;
    this.deliveries = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
    this.requests = new Map(requests.map((request) => [request.id, request]));
    const words = ({ word, aliases }) => [word, ...aliases];
    this.#commands = new Map(this.commands().flatMap((command) => words(command).map((word) => [word, command])));
    for (const kind of ["catalogue", "configuration", "delivery", "request"]) this.#tell(kind);
  }

  change(kind, content) {
    if (kind === "configuration") this.configurations = content;
    else keep(kind === "delivery" ? this.deliveries : this.requests, content);
    this.#tell(kind, content);
  }

  /** All command words of the catalogue with their products. */
  commands() {
    return this.catalogue.products.flatMap((product) =>
      product.commands.map((command) => ({ ...command, product: product.name })));
  }

  /** The catalogue's row for a word or one of its aliases. */
  command(word) {
    return this.#commands.get(word);
  }

  configuration(application, product) {
    return this.configurations.find((one) => one.sdk_app_id === application && one.product === product);
  }

  #tell(kind, content) {
    for (const listener of this.#listeners) listener(kind, content);
  }
}

function keep(entries, content) {
  entries.set(content.id, content);
  if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value);
}

/** `right`, `wrong`, `none` (no reply) or `pending`. */
export function outcome(delivery) {
  if (delivery.is_pending) return "pending";
  const last = delivery.attempts.at(-1);
  if (last?.right) return "right";
  return last?.reply ? "wrong" : "none";
}

export const OUTCOMES = {
  right: { sign: "✓", text: "Right" },
  wrong: { sign: "✗", text: "Wrong" },
  none: { sign: "∅", text: "No reply" },
  pending: { sign: "…", text: "Under way" },
};
