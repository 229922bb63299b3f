// Moments of a recording, in milliseconds, as people write them.

const pattern = /^(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,2})(?:[.,](\d{1,3}))?$/;

/** 1:02.5 → 62500; undefined for what is no moment. */
export function readTime(text) {
  const found = pattern.exec(text.trim());
  if (!found) return undefined;
  const [, hours = 0, minutes = 0, seconds, fraction = "0"] = found;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, "0"));
}

/** 62500 → 1:02.500 */
export function showTime(moment) {
  const { hours, minutes, seconds, rest } = parts(moment);
  const head = hours ? `${hours}:${pad(minutes)}` : `${minutes}`;
  return `${head}:${pad(seconds)}.${pad(rest, 3)}`;
}

/** 62500 → 00:01:02.500, as WebVTT has it. */
export function vttTime(moment) {
  const { hours, minutes, seconds, rest } = parts(moment);
  return `${pad(hours)}:${pad(minutes)}:${pad(seconds)}.${pad(rest, 3)}`;
}

function parts(moment) {
  const seconds = Math.floor(moment / 1000);
  return { hours: Math.floor(seconds / 3600), minutes: Math.floor(seconds / 60) % 60, seconds: seconds % 60, rest: Math.round(moment % 1000) };
}

function pad(number, length = 2) {
  return String(number).padStart(length, "0");
}
