// "3 minutes ago" stays true while a page is open.
const units = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat("en", { numeric: "always" });

function ago(moment) {
  const seconds = (Date.now() - moment) / 1000;
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? [];
  return unit ? words.format(-Math.floor(seconds / size), unit) : "just now";
}

function refresh() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const text = ago(Date.parse(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}

setInterval(refresh, 60_000);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
