// Column choice remembered per table; choosing rows for a bulk action.
import { all, memory, onReady } from "./ready.js";

const keyOf = (box) => `kit.columns.${box.dataset.table}`;

function showColumn(box, name, shown) {
  for (const cell of box.querySelectorAll(`[data-col="${CSS.escape(name)}"]`)) {
    cell.toggleAttribute("data-hidden", !shown);
  }
}

function restoreColumns(box) {
  const kept = memory.get(keyOf(box)) ?? {};
  for (const choice of box.querySelectorAll("[data-column]")) {
    const name = choice.dataset.column;
    if (name in kept) choice.checked = Boolean(kept[name]);
    showColumn(box, name, choice.checked);
  }
}

function chooseColumn(event) {
  const choice = event.target.closest("[data-column]");
  const box = choice?.closest("[data-table]");
  if (!box) return;
  showColumn(box, choice.dataset.column, choice.checked);
  memory.set(keyOf(box), {
    ...memory.get(keyOf(box)),
    [choice.dataset.column]: choice.checked,
  });
}

function countChosen(form) {
  const boxes = [...form.querySelectorAll("[name=chosen]")];
  const chosen = boxes.filter((box) => box.checked).length;
  const every = form.querySelector("[data-choose-all]");
  if (every) {
    every.checked = chosen > 0 && chosen === boxes.length;
    every.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const words = form.querySelector("[data-bulk-words]");
  if (words) {
    words.dataset.idle ??= words.textContent;
    words.textContent =
      chosen > 0 ? words.dataset.words.replace("%d", chosen) : words.dataset.idle;
  }
  form.querySelector("[data-bulk-bar]")?.classList.toggle("k-bulk-on", chosen > 0);
  for (const button of form.querySelectorAll("[data-needs-choice]")) button.disabled = chosen === 0;
}

document.addEventListener("change", (event) => {
  chooseColumn(event);
  const form = event.target.closest("[data-bulk]");
  if (!form) return;
  if (event.target.matches("[data-choose-all]")) {
    for (const box of form.querySelectorAll("[name=chosen]")) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-choose-all], [name=chosen]")) countChosen(form);
});

onReady((root) => {
  for (const box of all(root, "[data-table]")) restoreColumns(box);
  for (const form of all(root, "[data-bulk]")) countChosen(form);
});
