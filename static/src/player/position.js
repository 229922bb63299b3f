// Where to play from: #t=75 in the address, or a link with data-seek="75" on the page.

function secondsIn(hash) {
  const found = /(?:^#|&)t=(\d+(?:\.\d+)?)/.exec(hash);
  return found ? Number(found[1]) : undefined;
}

function seek(media, seconds) {
  const go = () => (media.currentTime = Math.min(seconds, media.duration || seconds));
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) go();
  else media.addEventListener("loadedmetadata", go, { once: true });
}

export function followPosition(element, media) {
  const follow = () => {
    const seconds = secondsIn(location.hash);
    if (seconds !== undefined) seek(media, seconds);
  };
  follow();
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-seek]");
    if (!link || (link.dataset.player && link.dataset.player !== element.id)) return;
    event.preventDefault();
    seek(media, Number(link.dataset.seek));
    media.play().catch(() => {}); // refused without a gesture of the person; the position is set all the same
    element.scrollIntoView({ block: "nearest" });
  });
}
