// Charts drawn from the tables beside them, in the colours of the theme.
import { BarController, BarElement, CategoryScale, Chart, Filler, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip } from "chart.js";
import { eachNow } from "./page.js";

Chart.register(BarController, BarElement, CategoryScale, Filler, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip);

const series = ["--accent", "--kind-proof", "--kind-film", "--kind-paper", "--kind-defence"];
const longest = 18; // letters of a label on the axis
const drawn = new Map();

// light-dark() resolves only where a colour is used, so each token is read from a probe.
function colour(token, alpha = 100) {
  const probe = document.createElement("span");
  probe.style.color = `color-mix(in srgb, var(${token}) ${alpha}%, transparent)`;
  probe.hidden = true;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const columns = heads.map((cell, index) => ({ index, label: cell.textContent.trim(), numeric: cell.classList.contains("n") }));
  const value = (cell) => Number(cell.dataset.value ?? cell.textContent.replace(/[^\d.-]/g, ""));
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    sets: columns.filter((column) => column.numeric).map((column) => ({ label: column.label, data: rows.map((row) => value(row.cells[column.index])) })),
  };
}

// Along the axis long names would push the picture aside; the tooltip and the table have them whole.
function shortened(index) {
  const label = this.getLabelForValue(index);
  return label.length > longest ? `${label.slice(0, longest - 1)}…` : label;
}

// The legend stands clear of the topmost number of the axis.
const room = {
  id: "room",
  beforeInit({ legend }) {
    if (!legend) return;
    const fit = legend.fit;
    legend.fit = () => {
      fit.call(legend);
      legend.height += 14;
    };
  },
};

function options(sets, line) {
  const grid = { color: colour("--line"), drawTicks: false };
  const ticks = { color: colour("--ink-3"), padding: 8, maxRotation: 0, autoSkipPadding: 16, precision: 0 };
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: matchMedia("(prefers-reduced-motion: reduce), print").matches ? false : { duration: 250 },
    interaction: { mode: "index", intersect: false },
    scales: {
      x: { grid: { display: false }, border: { color: colour("--line-strong") }, ticks: { ...ticks, callback: shortened } },
      y: { beginAtZero: true, grid, border: { display: false }, ticks: { ...ticks, maxTicksLimit: 5 } },
    },
    plugins: {
      legend: { display: sets.length > 1, position: "top", align: "start", labels: { color: colour("--ink-2"), boxWidth: line ? 16 : 8, boxHeight: 8, usePointStyle: true, pointStyle: line ? "line" : "circle" } },
      tooltip: { backgroundColor: colour("--ink"), titleColor: colour("--canvas"), bodyColor: colour("--canvas"), padding: 10, cornerRadius: 8, boxPadding: 4 },
    },
  };
}

function draw(figure) {
  const table = document.getElementById(figure.dataset.chartTable);
  if (!table) return;
  const { labels, sets } = read(table);
  const line = figure.dataset.chart === "line";
  const datasets = sets.map((set, index) => {
    const token = series[index % series.length];
    const look = line
      ? { borderWidth: 2, pointRadius: 0, pointHoverRadius: 4, tension: 0.25, fill: sets.length === 1, backgroundColor: colour(token, 12) }
      : { borderRadius: 4, maxBarThickness: 28, backgroundColor: colour(token) };
    return { ...set, ...look, borderColor: colour(token) };
  });
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  drawn.get(figure)?.destroy();
  drawn.set(figure, new Chart(figure.querySelector("canvas"), { type: line ? "line" : "bar", data: { labels, datasets }, options: options(sets, line), plugins: [room] }));
}

eachNow("[data-chart]", draw);
function redraw() {
  for (const [figure, chart] of drawn) {
    if (figure.isConnected) draw(figure);
    else {
      chart.destroy();
      drawn.delete(figure);
    }
  }
}

matchMedia("print").addEventListener("change", redraw); // paper is light in a dark theme too
new MutationObserver(redraw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
