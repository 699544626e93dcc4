// Keys that save a hand the way to the mouse: `/` goes to the search box, `j` and `k` walk the hits, Escape closes the
// account's menu. Everything they do can also be done without them.

const search = document.querySelector("[data-search]");
const hits = [...document.querySelectorAll("[data-hit]")];
const menu = document.querySelector("[data-menu]");

const isTyping = (element) =>
  element instanceof HTMLElement && (element.isContentEditable || element.matches("input, textarea, select"));

function walk(step) {
  const here = hits.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : hits.length - 1) : here + step;
  const hit = hits[next];
  if (!hit) return;
  hit.focus();
  hit.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "j") {
    walk(1);
  } else if (event.key === "k") {
    walk(-1);
  }
});

document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
