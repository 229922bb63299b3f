// Where to play from: #t=75 in the address, with &in=<file> for one of several recordings, or a link with data-seek="75" on the page.

function secondsIn(hash, player) {
  const told = new URLSearchParams(hash.slice(1));
  const file = told.get("in");
  if (file && player !== `player-${file}`) return undefined;
  return /^\d+(\.\d+)?$/.test(told.get("t") ?? "") ? Number(told.get("t")) : undefined;
}

function seek(media, seconds) {
  const go = () => (media.currentTime = Math.min(seconds, media.duration || seconds));
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) go();
  else media.addEventListener("loadedmetadata", go, { once: true });
}

export function followPosition(element, media) {
  const follow = () => {
    const seconds = secondsIn(location.hash, element.id);
    if (seconds !== undefined) seek(media, seconds);
  };
  follow();
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-seek]");
    if (!link || (link.dataset.in && link.dataset.in !== element.id)) return;
    if (!link.href && !getSelection().isCollapsed) return; // words were selected, not clicked
    event.preventDefault();
    seek(media, Number(link.dataset.seek));
    media.play().catch(() => {}); // refused without a gesture of the person; the position is set all the same
    element.scrollIntoView({ block: "nearest" });
  });
}
