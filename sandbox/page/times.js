// Instants as one person reads them: in their own zone, beside the demonstration's clock.

const DAY = 86_400_000;

function formatted(ms, zone, options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(ms);
}

export function clockTime(ms, zone) {
  return formatted(ms, zone, { hour: "2-digit", minute: "2-digit" });
}

export function dayAndTime(ms, zone) {
  return formatted(ms, zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/** The local date as YYYY-MM-DD. */
export function dateOf(ms, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(ms);
}

/** The wall time that an input of type datetime-local takes. */
export function wallTime(ms, zone) {
  return `${dateOf(ms, zone)}T${clockTime(ms, zone)}`;
}

/** "Today", "Yesterday", "Tomorrow", or the date in full. */
export function dayName(ms, zone, now) {
  return relative(ms, zone, now) || formatted(ms, zone, { weekday: "long", day: "numeric", month: "long" });
}

function relative(ms, zone, now) {
  const day = dateOf(ms, zone);
  if (day === dateOf(now, zone)) return "Today";
  if (day === dateOf(now - DAY, zone)) return "Yesterday";
  if (day === dateOf(now + DAY, zone)) return "Tomorrow";
  return "";
}

const DATES = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
};
const TIMES = {
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** Fill a date token's format, as `{date_short_pretty} at {time}`. */
export function fillToken(format, ms, zone, now) {
  return format.replace(/\{(\w+)\}/g, (whole, name) => {
    if (TIMES[name]) return formatted(ms, zone, TIMES[name]);
    if (name === "ago") return ago(now - ms);
    const plain = name.replace(/_pretty$/, "");
    if (!DATES[plain]) return whole;
    const near = name === plain ? "" : relative(ms, zone, now);
    return near ? near.toLowerCase() : formatted(ms, zone, DATES[plain]);
  });
}

export function ago(ms) {
  const words = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;
  const past = Math.abs(ms);
  const [count, unit] =
    past < 90_000 ? [Math.round(past / 1000), "second"]
    : past < 5_400_000 ? [Math.round(past / 60_000), "minute"]
    : past < 1.5 * DAY ? [Math.round(past / 3_600_000), "hour"]
    : [Math.round(past / DAY), "day"];
  return ms < 0 ? `in ${words(count, unit)}` : `${words(count, unit)} ago`;
}
