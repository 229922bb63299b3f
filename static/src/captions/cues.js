// A list of cues {start, end, text} and what is done to it. Each act gives a new list; the old one stays for undo.
import { readTime, vttTime } from "./times.js";

const entities = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const arrow = /^(\S+) --> (\S+)/;
const fastest = 25; // characters a second; more cannot be read along

/** What the server wrote, which is always well-formed. */
export function fromVtt(text) {
  return text
    .split(/\n[ \t]*\n/)
    .map((block) => block.replace(/^\n+/, "").split("\n"))
    .filter(([times]) => arrow.test(times))
    .map(([times, ...lines]) => {
      const [, start, end] = arrow.exec(times);
      return { start: readTime(start) ?? 0, end: readTime(end) ?? 0, text: lines.join("\n").replace(/&(?:lt|gt|amp);/g, (found) => entities[found]).trim() };
    });
}

export function toVtt(cues) {
  const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const clean = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
  const blocks = cues.map((cue) => `${vttTime(cue.start)} --> ${vttTime(cue.end)}\n${escape(clean(cue.text))}\n`);
  return ["WEBVTT\n", ...blocks].join("\n");
}

/** What is wrong with a cue, which must be mended, or odd about it, which may stay. */
export function judge(cues, index, duration) {
  const cue = cues[index];
  const next = cues[index + 1];
  if (Number.isNaN(cue.start) || Number.isNaN(cue.end)) return { wrong: "Write a time like 1:02.500." };
  if (cue.end <= cue.start) return { wrong: "It ends before it begins." };
  if (!cue.text.trim()) return { wrong: "It has no words." };
  if (duration && cue.start >= duration) return { odd: "It lies after the end of the recording." };
  if (next && cue.end > next.start) return { odd: "It overlaps the next line." };
  const pace = (cue.text.length * 1000) / (cue.end - cue.start);
  return pace > fastest ? { odd: `Fast: ${Math.round(pace)} characters a second.` } : {};
}

export function change(cues, index, values) {
  return cues.with(index, { ...cues[index], ...values });
}

export function insertAfter(cues, index, at) {
  const before = cues[index];
  const next = cues[index + 1];
  const start = before ? Math.max(before.end, at ?? 0) : (at ?? 0);
  const room = next ? next.start - start : 3000;
  return cues.toSpliced(index + 1, 0, { start, end: start + Math.min(3000, room >= 500 ? room : 3000), text: "" });
}

/** In two at `place` in the text; time is shared by length, unless the player stands inside. */
export function split(cues, index, place, at) {
  const cue = cues[index];
  const cut = place > 0 && place < cue.text.length ? place : middle(cue.text);
  const inside = at > cue.start + 100 && at < cue.end - 100;
  const moment = inside ? at : Math.round(cue.start + ((cue.end - cue.start) * cut) / Math.max(1, cue.text.length));
  const first = { ...cue, end: moment, text: cue.text.slice(0, cut).trim() };
  const second = { ...cue, start: moment, text: cue.text.slice(cut).trim() };
  return cues.toSpliced(index, 1, first, second);
}

export function merge(cues, index) {
  const [one, other] = [cues[index], cues[index + 1]];
  if (!other) return cues;
  const text = [one.text.trim(), other.text.trim()].filter(Boolean).join("\n");
  return cues.toSpliced(index, 2, { start: Math.min(one.start, other.start), end: Math.max(one.end, other.end), text });
}

export function remove(cues, index) {
  return cues.toSpliced(index, 1);
}

/** All from `index` on, by so many milliseconds; nothing begins before the recording does. */
export function shift(cues, by, index = 0) {
  return cues.map((cue, place) => {
    if (place < index) return cue;
    const start = Math.max(0, cue.start + by);
    return { ...cue, start, end: Math.max(start + 1, cue.end + by) };
  });
}

export function sorted(cues) {
  return cues.toSorted((one, other) => one.start - other.start || one.end - other.end);
}

function middle(text) {
  const half = Math.floor(text.length / 2);
  const space = text.indexOf(" ", half);
  return space < 0 ? half : space;
}
