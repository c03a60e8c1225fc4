// What is asked of the emulator: everything at the start, then each event as it comes.

/** Posts JSON and returns what comes back; a refusal is an Error with its sentence. */
export async function post(path, content = {}, options = {}) {
  const response = await fetch(`/inspector/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(content),
    ...options,
  });
  return read(response);
}

export const getState = async () => read(await fetch("/inspector/state"));

async function read(response) {
  const content = await response.json().catch(() => ({}));
  if (response.ok) return content;
  throw new Error(content.problem ?? `the emulator answered ${response.status} ${response.statusText}`);
}

/**
 * Keeps the page told. `load` gets the whole state: at the start, and when another process has taken the emulator's place.
 * `change` gets each event, `connect` the state of the connection.
 */
export async function listen({ load, change, connect }) {
  let state;
  try {
    state = await getState();
  } catch (error) {
    connect("lost", error.message);
    setTimeout(() => listen({ load, change, connect }), 2000);
    return;
  }
  load(state);
  const source = new EventSource(`/inspector/stream?after=${state.last_event_id}`);
  source.onopen = () => connect("live");
  source.onerror = () => {
    connect("lost");
    // A browser gives up on an answer that is no stream.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen({ load, change, connect }), 2000);
  };
  for (const kind of ["delivery", "request", "configuration"]) {
    source.addEventListener(kind, (event) => change(kind, JSON.parse(event.data)));
  }
  source.addEventListener("reset", () => {
    source.close();
    listen({ load, change, connect });
  });
}
