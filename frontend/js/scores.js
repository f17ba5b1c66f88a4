// The table form of an assessment: digits choose, Enter goes on, sums are seen while typing.
import { all, onReady } from "./ready.js";

const questions = (form) => [...form.querySelectorAll("fieldset.k-score")];

const focusOn = (question) => {
  const radios = [...question.querySelectorAll("input[type=radio]")];
  (radios.find((radio) => radio.checked) ?? radios[0])?.focus();
};

const pointsOf = (question) => {
  const chosen = question.querySelector("input[type=radio]:checked");
  return chosen ? Number(chosen.value) : null;
};

const sumOf = (parts) =>
  parts.some((points) => points === null) ? null : parts.reduce((all, one) => all + one, 0);

/** Shows the sum of each dimension, the total and the level that it gives; none while a gap is left. */
const count = (form) => {
  for (const output of form.querySelectorAll("[data-sum]")) {
    const own = questions(form).filter((one) => one.dataset.dimension === output.dataset.sum);
    output.textContent = sumOf(own.map(pointsOf)) ?? "—";
  }
  const total = sumOf(questions(form).map(pointsOf));
  form.querySelector("[data-total]").textContent = total ?? "—";
  const band = [...form.querySelectorAll("[data-band]")].find((one) => {
    const [low, high] = one.dataset.band.split("-").map(Number);
    return total !== null && low <= total && total <= high;
  });
  form.querySelector("[data-level]").textContent = band ? band.textContent : "";
};

const typed = (event) => {
  const question = event.target.closest?.("fieldset.k-score");
  if (!question || event.ctrlKey || event.metaKey || event.altKey) return;
  const asked = questions(question.form);
  const next = asked[asked.indexOf(question) + 1];
  if (/^[0-9]$/.test(event.key)) {
    const radio = question.querySelector(`input[type=radio][value="${event.key}"]`);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    if (next) focusOn(next);
    else radio.focus();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (next) focusOn(next);
  }
};

onReady((root) => {
  for (const form of all(root, "form[data-sheet]")) {
    form.addEventListener("change", () => count(form));
    form.addEventListener("keydown", typed);
    count(form);
  }
});
