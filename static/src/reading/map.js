// Arrow keys go from number to number on the map; Home and End to the ends of a row. Tab goes as everywhere.
import { eachNow } from "../page.js";

const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function start(table) {
  const linkAt = (row, column) => table.rows[row]?.cells[column]?.querySelector("a");
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("th, td");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    let [row, column] = [cell.parentElement.rowIndex, cell.cellIndex];
    const width = cell.parentElement.cells.length;
    let step = steps[event.key];
    if (event.key === "Home") [column, step] = [-1, [0, 1]];
    if (event.key === "End") [column, step] = [width, [0, -1]];
    if (!step) return;
    event.preventDefault();
    do {
      row += step[0];
      column += step[1];
    } while (row >= 0 && row < table.rows.length && column >= 0 && column < width && !linkAt(row, column)); // gaps are stepped over
    linkAt(row, column)?.focus();
  });
}

eachNow("[data-map]", start);
