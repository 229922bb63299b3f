// What was really watched, as stretches [start, end] of the recording. Seeking over something is not watching it.
// All reports of one page view carry the same sitting, so that the hub can put them together.
import { identifier, record } from "../page.js";

const least = 0.5; // seconds; shorter stretches are scrubbing
const often = 30; // seconds of watching between two reports

export function watch(media, asset) {
  const sitting = identifier();
  let from; // where the stretch under way began
  let last; // where it was at the latest tick
  let at; // when that came
  let speed = 1;
  let done = [];

  function close() {
    if (from !== undefined && last - from >= least) done.push([round(from), round(last)]);
    from = last = undefined;
  }

  function report() {
    close();
    if (done.length) record("played", asset, { segments: done, speed, sitting });
    done = [];
    if (!media.paused && !media.seeking && !media.ended) begin();
  }

  function begin() {
    speed = media.playbackRate;
    from = last = media.currentTime;
    at = performance.now();
  }

  media.addEventListener("playing", () => from === undefined && begin());
  media.addEventListener("timeupdate", () => {
    if (from === undefined || media.seeking) return;
    const due = (speed * (performance.now() - at)) / 1000; // more than usual when the page itself stood still meanwhile
    // A jump that no seeking event told of: another part, another stretch.
    if (media.currentTime < last || media.currentTime - last > due + 2 * Math.max(1, speed)) {
      close();
      begin();
    }
    last = media.currentTime;
    at = performance.now();
    if (last - from >= often) report();
  });
  media.addEventListener("seeking", close);
  media.addEventListener("seeked", () => !media.paused && begin());
  media.addEventListener("ratechange", () => speed !== media.playbackRate && report());
  media.addEventListener("pause", report);
  media.addEventListener("ended", report);
  document.addEventListener("hub:leave", report);
}

function round(seconds) {
  return Math.round(seconds * 10) / 10;
}
