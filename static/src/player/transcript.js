// The words that are being said are marked in the transcript, which follows as long as nobody scrolls it.

const patience = 6000; // ms after somebody scrolled

export function followTranscript(element, media) {
  const transcript = document.querySelector(`[data-transcript="${CSS.escape(element.id)}"]`);
  const box = transcript?.querySelector(".transcript-text");
  if (!box) return;
  const pieces = [...box.querySelectorAll("[data-at]")];
  const starts = pieces.map((piece) => Number(piece.dataset.at));
  let marked;
  let scrolled = 0;
  for (const kind of ["wheel", "touchmove", "keydown"]) box.addEventListener(kind, () => (scrolled = Date.now()), { passive: true });
  media.addEventListener("timeupdate", () => {
    const index = starts.findLastIndex((start) => start <= media.currentTime + 0.05);
    if (pieces[index] === marked) return;
    marked?.classList.remove("is-now");
    marked = pieces[index];
    marked?.classList.add("is-now");
    if (marked && !media.paused && Date.now() - scrolled > patience) {
      box.scrollTo({ top: marked.offsetTop - box.clientHeight / 3, behavior: "smooth" });
    }
  });
}
