// The bar below a recording. Without script the browser's own controls stay.

function element(name, attributes = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function addControls(controller, media) {
  const video = media instanceof HTMLVideoElement;
  const bar = element("media-control-bar");
  bar.append(
    element("media-play-button"),
    element("media-seek-backward-button", { seekoffset: "10" }),
    element("media-seek-forward-button", { seekoffset: "10" }),
    element("media-time-range"),
    element("media-time-display", { showduration: "" }),
    element("media-mute-button"),
    element("media-volume-range"),
  );
  if (media.querySelector("track")) bar.append(element("media-captions-button"));
  bar.append(element("media-playback-rate-button", { rates: "1 1.25 1.5 2 0.75" }));
  if (video) {
    bar.append(element("media-pip-button"), element("media-fullscreen-button"));
    controller.append(element("media-loading-indicator", { slot: "centered-chrome", noautohide: "" }));
    const large = element("media-play-button", { slot: "centered-chrome", class: "player-start", notooltip: "" });
    controller.append(large);
    media.addEventListener("play", () => large.remove(), { once: true });
  }
  controller.append(bar);
  tellOfFailure(controller, media);
  media.removeAttribute("controls");
}

// Addresses of media are signed for a while; one that ran out, like a file that is gone, fails at its last source.
function tellOfFailure(controller, media) {
  const tell = () => {
    if (controller.parentElement.querySelector(".player-error")) return;
    const words = element("p", { class: "player-error", role: "alert" });
    words.textContent = "This recording cannot be played now. Reload the page; if it stays, download the original.";
    controller.after(words);
  };
  media.addEventListener("error", tell);
  media.querySelector("source:last-of-type")?.addEventListener("error", tell);
  if (media.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) tell(); // it failed before this script ran
}
