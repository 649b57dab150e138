"use strict";
// Tables can be sorted by a press on a heading, long ones filtered by words; without this they are just tables.
const value = (row, column) => row.cells[column] ? row.cells[column].textContent.trim() : "";
const figure = text => parseFloat(text.replace(/[\s\u00a0]/g, "").replace("−", "-").replace(/^[<>×]+/, ""));
const compare = (one, other) => {
  const [a, b] = [figure(one), figure(other)];
  if (/^\d{4}-\d\d-/.test(one) || (isNaN(a) && isNaN(b))) return one.localeCompare(other, "en");
  return isNaN(a) ? 1 : isNaN(b) ? -1 : a - b;
};
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  if (body.rows.length < 3) continue;
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(each => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = Array.from(body.rows);
      rows.sort((x, y) => (down ? -1 : 1) * compare(value(x, column), value(y, column)));
      body.append(...rows);
    });
  });
  const box = table.closest(".long");
  if (!box) continue;
  const label = document.createElement("label");
  const words = document.createElement("input");
  words.type = "search";
  label.append("Only rows with ", words);
  words.setAttribute("aria-label", "Only rows with these words: " + table.caption.textContent);
  label.className = "filter";
  box.before(label);
  words.addEventListener("input", () => {
    const wanted = words.value.toLowerCase().split(" ");
    for (const row of body.rows) row.hidden = !wanted.every(word => row.textContent.toLowerCase().includes(word));
  });
}
