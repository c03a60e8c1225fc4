// What is configured: for each application and product the URL, and which commands go there.

import { beforeFrame, byId, element, setText } from "./dom.js";
import { shortCommand } from "./format.js";
import { go } from "./route.js";

function card(store, application, product) {
  const configuration = store.configuration(application, product.name);
  const isRegistered = ({ word, aliases }) => configuration?.commands.some((one) => one === word || aliases.includes(one));
  const line = (command) => {
    const registered = Boolean(isRegistered(command));
    return element("li", {},
      element("span", { "data-registered": String(registered), title: command.word },
        element("span", { "aria-hidden": "true" }, registered ? "✓ " : "– "),
        shortCommand(command.word),
        element("span", { class: "hidden" }, registered ? ", registered" : ", not registered")),
      element("button", {
        type: "button",
        "aria-label": `Send ${shortCommand(command.word)}`,
        onclick: () => go({ compose: command.word, app: String(application), show: "" }),
      }, "Send"));
  };
  const register = `tc-callback config ensure ${product.name} --all --url http://127.0.0.1:8080/callback`;
  return element("article", { class: "product", "aria-label": `${product.name} of application ${application}` },
    element("h4", {}, product.name, element("small", {}, product.service)),
    configuration ? element("code", { class: "line" }, configuration.url)
      : element("p", { class: "hint" }, "Nothing is registered. By hand: ", element("code", { class: "line" }, register)),
    element("ul", {}, ...product.commands.map(line)));
}

export function startConfigurations(store) {
  const show = beforeFrame(() => {
    setText(byId("count-configurations"), String(store.configurations.length));
    const { sdk_app_ids: applications, products } = store.catalogue;
    const place = byId("configurations");
    const focused = [...place.querySelectorAll("button")].indexOf(document.activeElement);
    place.replaceChildren(...applications.flatMap((application) => [
      element("h3", {}, `Application ${application}`),
      element("div", { class: "products" }, ...products.map((product) => card(store, application, product))),
    ]));
    if (focused >= 0) place.querySelectorAll("button")[focused]?.focus();
  });
  store.onChange((kind) => (kind === "configuration" || kind === "catalogue") && show());
}
