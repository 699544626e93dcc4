// Buttons that copy the text of the element they name in `data-copy`. They stay hidden where the clipboard is out of
// reach (no script, or a page without TLS): the text itself can always be selected.

const status = document.querySelector("[data-copy-status]");

function textOf(id) {
  const words = document.getElementById(id)?.textContent.split(/\s+/) ?? [];
  return words.filter(Boolean).join(" ");
}

async function copy(button) {
  const label = button.querySelector("[data-copy-label]");
  await navigator.clipboard.writeText(textOf(button.dataset.copy));
  label.textContent = "Copied";
  if (status) status.textContent = "Copied";
  setTimeout(() => {
    label.textContent = "Copy";
    if (status) status.textContent = "";
  }, 2000);
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}
