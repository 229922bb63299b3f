// The player: controls around a plain <video> or <audio>, and what was really watched.
import "./player/nonce.js";
import "media-chrome/media-controller";
import "media-chrome/media-control-bar";
import "media-chrome/media-captions-button";
import "media-chrome/media-fullscreen-button";
import "media-chrome/media-loading-indicator";
import "media-chrome/media-mute-button";
import "media-chrome/media-pip-button";
import "media-chrome/media-play-button";
import "media-chrome/media-playback-rate-button";
import "media-chrome/media-preview-time-display";
import "media-chrome/media-seek-backward-button";
import "media-chrome/media-seek-forward-button";
import "media-chrome/media-time-display";
import "media-chrome/media-time-range";
import "media-chrome/media-volume-range";
import { eachNow } from "./page.js";
import { addControls } from "./player/controls.js";
import { followPosition } from "./player/position.js";
import { showStrip } from "./player/strip.js";
import { followTranscript } from "./player/transcript.js";
import { watch } from "./player/watched.js";

function start(element) {
  const media = element.querySelector("video, audio");
  const controller = element.querySelector("media-controller");
  addControls(controller, media);
  showStrip(element, controller);
  followPosition(element, media);
  followTranscript(element, media);
  if (element.dataset.asset) watch(media, element.dataset.asset);
}

eachNow("[data-player]", start);
