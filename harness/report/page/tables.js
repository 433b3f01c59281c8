// Tables that can be sorted.

// What a cell is sorted by: its own value, the first number of its text, or the text.
function sortValue(cell) {
  if (!cell) return "";
  if (cell.dataset.value !== undefined) return cell.dataset.value === "" ? null : Number(cell.dataset.value);
  const text = cell.textContent.trim();
  if (text === "–" || text === "") return null;
  const number = text.match(/^[+\-−]?\d+(\.\d+)?(e[+-]?\d+)?/);
  return number ? Number(number[0].replace("−", "-")) : text;
}

// Numbers before texts, and what is empty last in either direction.
function compareValues(a, b, down) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  const order = typeof a === "number" ? a - b : a.localeCompare(b);
  return down ? -order : order;
}

function makeSortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (head.tagName !== "TH") return;
    const button = element("button", {type: "button"}, ...head.childNodes);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const numbers = [...body.rows].some((row) => typeof sortValue(row.cells[column]) === "number");
      const was = head.getAttribute("aria-sort");
      const down = was ? was === "ascending" : numbers;  // the largest number first
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      // A row and what opens below it stay together.
      const groups = [];
      for (const row of body.rows) {
        if (row.dataset.below !== undefined && groups.length) groups[groups.length - 1].push(row);
        else groups.push([row]);
      }
      const keyed = groups.map((rows) => ({rows, value: sortValue(rows[0].cells[column])}));
      keyed.sort((a, b) => compareValues(a.value, b.value, down));
      body.append(...keyed.flatMap((each) => each.rows));
    });
  });
  const frame = table.parentElement;
  if (frame && frame.classList.contains("scroll") && !frame.hasAttribute("tabindex")) {
    frame.setAttribute("tabindex", "0");
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", "Table");
  }
}
