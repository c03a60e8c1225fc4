// A delivery as a curl command.

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Posts the same body to the same URL, with the Sign of that delivery: it holds as long as the server takes its RequestTime. */
export function curl(delivery) {
  const url = delivery.attempts.at(-1)?.url ?? delivery.to;
  return [
    "curl --include --globoff",
    `--url ${quote(url)}`,
    "--header 'Content-Type: application/json'",
    `--data-raw ${quote(delivery.body)}`,
  ].join(" \\\n  ");
}

/** Puts a text where Paste finds it; also where the browser keeps its clipboard from pages without TLS. */
export async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  focused?.focus();
  if (!isCopied) throw new Error("the browser does not let this page copy");
}
