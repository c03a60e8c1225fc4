// Times, lengths and durations for people.

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** The time in the reader's zone, with the day unless it is today. */
export function time(milliseconds) {
  const date = new Date(milliseconds);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
}

export const isoTime = (milliseconds) => new Date(milliseconds).toISOString();

export function latency(microseconds) {
  if (microseconds < 1000) return `${microseconds} µs`;
  if (microseconds < 100_000) return `${(microseconds / 1000).toFixed(1)} ms`;
  if (microseconds < 1_000_000) return `${Math.round(microseconds / 1000)} ms`;
  return `${(microseconds / 1_000_000).toFixed(2)} s`;
}

export function size(text) {
  const bytes = new TextEncoder().encode(text).length;
  return bytes === 1 ? "1 byte" : `${bytes.toLocaleString("en")} bytes`;
}

export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

/** The room or call that an event is about, if one is found in its body. */
export const subject = (body) => /"(?:RoomId|CallId)"\s*:\s*"([^"\\]{1,64})"/.exec(body)?.[1];

/** `AfterMemberEnter` of `Room.CallbackAfterMemberEnter`. */
export const shortCommand = (word) => word.replace(/^[^.]*\.(?:Callback)?/, "") || word;
