// Narrows a long list while one types. Rows that do not fit are only hidden: their ticks are sent all the same.

const field = document.querySelector("[data-narrow]");

function prepare(field) {
  const input = field.querySelector("input");
  const status = field.querySelector("[data-narrow-status]");
  const rows = [...document.getElementById(field.dataset.narrow).querySelectorAll("[data-narrow-row]")].map((row) => ({
    row,
    words: row.textContent.toLowerCase(),
  }));
  field.hidden = false;
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    for (const { row, words } of rows) {
      row.hidden = !words.includes(wanted);
      if (!row.hidden) shown += 1;
    }
    status.textContent = `${shown} of ${rows.length} shown`;
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

if (field) prepare(field);
