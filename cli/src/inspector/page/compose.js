// The form that sends an event.

import { post } from "./api.js";
import { byId, choice, element, setChoices, setText } from "./dom.js";
import { startEditor, withTimeOfNow } from "./editor.js";
import { latency, shortCommand } from "./format.js";
import { layOut } from "./json.js";
import { hashWith } from "./route.js";
import { OUTCOMES, outcome } from "./store.js";

/** The host's answer to a Sign that nobody's token made. */
const FORBIDDEN = "403";

export function startCompose(store) {
  const form = byId("compose-form");
  const editor = startEditor({
    command: () => form.elements.command.value,
    onChecked: (errors) => setText(byId("send"), errors > 0 ? "Send as it is" : "Send"),
  });
  let opened = "";
  let sampled = "";

  const sample = () => editor.set(withTimeOfNow(layOut(sampleOf(form.elements.command.value))));

  /** The vendor's sample with the word that is chosen, which may be an older one. */
  function sampleOf(word) {
    const known = store.command(word);
    return known ? known.sample.replace(JSON.stringify(known.word), JSON.stringify(word)) : "{}";
  }

  function offer() {
    const groups = store.catalogue.products.map((product) => element("optgroup", { label: product.name },
      ...product.commands.map(({ word }) => choice(word))));
    const aliases = store.commands().flatMap(({ aliases }) => aliases).map((word) => choice(word));
    const { command, sdk_app_id: application, sign } = form.elements;
    setChoices(command, aliases.length > 0 ? [...groups, element("optgroup", { label: "older words" }, ...aliases)] : groups);
    setChoices(application, store.catalogue.sdk_app_ids.map((id) => choice(String(id))));
    sign.options[0].disabled = !store.catalogue.can_sign;
    if (!store.catalogue.can_sign && sign.value === "token") sign.value = "no";
    hint();
  }

  function hint() {
    const { command, sdk_app_id: application, sign, to } = form.elements;
    const product = store.command(command.value)?.product ?? "";
    const configuration = store.configuration(Number(application.value), product);
    to.placeholder = configuration?.url ?? "http://127.0.0.1:8080/callback";
    setText(byId("to-hint"), configuration ? `Empty: where ${product} is registered to go.`
      : `Nothing is registered for ${product}: say where to send it.`);
    setText(byId("sign-hint"), {
      token: "Sign and RequestTime are made when it is sent.",
      no: store.catalogue.can_sign ? "" : "To sign, start the emulator with TC_TOKEN or --token-file.",
      forged: "Your server should refuse it: with 403, if it follows this library.",
    }[sign.value]);
  }

  /** Opens the form: `new`, a command's word, or `delivery N` to start from that one; for this application, if one is named. */
  function show(what, application) {
    if (what + application === opened) return true;
    if (store.catalogue.products.length === 0) return false;
    opened = what + application;
    report("");
    const { elements } = form;
    const earlier = store.deliveries.get(Number(what.match(/^delivery (\d+)$/)?.[1]));
    if (earlier) {
      if (!store.command(earlier.command)) elements.command.append(choice(earlier.command));
      elements.command.value = earlier.command;
      elements.sdk_app_id.value = String(earlier.sdk_app_id);
      elements.to.value = earlier.to;
      elements.sign.value = earlier.sign === "token" && !store.catalogue.can_sign ? "no" : earlier.sign;
      elements.client_ip.value = earlier.client_ip;
      elements.platform.value = earlier.platform;
      elements.expect.value = earlier.expect.join(", ");
      sampled = earlier.command;
      editor.set(earlier.body);
    } else {
      if (store.command(what)) elements.command.value = what;
      if (application) elements.sdk_app_id.value = application;
      if (sampled !== elements.command.value) {
        sampled = elements.command.value;
        sample();
      }
    }
    hint();
    return true;
  }

  function report(text, kind = "", id = undefined) {
    const result = byId("compose-result");
    result.dataset.outcome = kind;
    result.replaceChildren(text);
    if (id !== undefined) result.append(" ", element("a", { href: hashWith({ show: String(id), compose: "" }) }, "Show it"));
  }

  function order() {
    const { command, sdk_app_id: application, to, sign, client_ip: clientIp, platform, expect, retries } = form.elements;
    return {
      sdk_app_id: Number(application.value),
      command: command.value,
      to: to.value.trim(),
      sign: sign.value,
      client_ip: clientIp.value,
      platform: platform.value,
      expect: expect.value.split(/[\s,]+/).filter(Boolean),
      retries: Number(retries.value),
      body: editor.text(),
    };
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    byId("send").disabled = true;
    report("Sending…");
    try {
      const sent = await post("trigger", order());
      const last = sent.attempts.at(-1);
      const kind = outcome(sent);
      report(`${OUTCOMES[kind].text} after ${latency(last.latency_us)}: ${last.verdict}.`, kind, sent.id);
    } catch (error) {
      report(`Not sent: ${error.message}`, "bad");
    } finally {
      byId("send").disabled = false;
    }
  });
  form.elements.command.addEventListener("change", () => {
    sampled = form.elements.command.value;
    sample();
    hint();
  });
  form.elements.sdk_app_id.addEventListener("change", hint);
  form.elements.sign.addEventListener("change", () => {
    const { sign, expect } = form.elements;
    if (sign.value === "forged" && expect.value === "") expect.value = FORBIDDEN;
    if (sign.value !== "forged" && expect.value === FORBIDDEN) expect.value = "";
    hint();
  });
  byId("body-sample").addEventListener("click", sample);
  store.onChange((kind) => {
    if (kind === "catalogue") offer();
    if (kind === "configuration") hint();
  });
  return { show, close: () => { opened = ""; } };
}
