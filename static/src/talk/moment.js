// “Now” writes down where the recording of the page is: of the one that plays, else of the one that was begun.
const clock = (seconds) => {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

export function takeMoments(form) {
  const button = form.querySelector("[data-now]");
  if (!button) return;
  const files = form.elements.in;
  const players = () => [...document.querySelectorAll("[data-player] :is(video, audio)")];
  const fileOf = (media) => media.closest("[data-player]").id.replace("player-", "");
  button.hidden = players().length === 0;
  button.addEventListener("click", () => {
    const all = players();
    const media = all.find((one) => !one.paused) ?? all.find((one) => one.currentTime > 0) ?? all[0];
    if (!media) return;
    form.elements.at.value = clock(media.currentTime);
    files.value = fileOf(media);
    form.elements.text.focus();
  });
}
