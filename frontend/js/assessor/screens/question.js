// One question a screen: large answers, number keys, Enter goes on, Backspace goes back.
import { action, h, icon } from "../dom.js";
import { w } from "../words.js";
import * as model from "../model.js";
import { controls, says } from "../fields.js";
import { soon } from "../sync.js";
import { sumLine } from "./sums.js";

export function drawQuestion(sheet, name, go) {
  const questions = model.questionsOf(sheet);
  const at = Math.max(0, questions.findIndex((one) => one.name === name));
  const field = questions[at];
  const address = (index) => (index < 0 || index >= questions.length ? `#/s/${sheet.id}` : `#/s/${sheet.id}/q/${questions[index].name}`);
  const kept = h("p", { class: "a-kept", role: "status" });
  const sums = h("p", { class: "a-sumline", role: "status" });
  const telling = () => {
    sums.textContent = field.kind === "points" || sums.textContent ? sumLine(sheet, field.part.code) : "";
  };
  const onanswer = async (value) => {
    kept.textContent = "";
    const stored = model.record(sheet, field.name, value);
    telling();
    await stored;
    kept.textContent = w("kept_here");
    soon();
  };
  if (field.kind === "points") sums.textContent = sumLine(sheet, field.part.code);
  const conflict = model.conflictsOf(sheet).find((one) => one.field === field.name);
  const value = model.valueOf(sheet, field.name);
  const page = h("div", { class: "a-page a-question" },
    h("div", { class: "a-row" },
      h("a", { class: "a-back", href: `#/s/${sheet.id}` }, icon("back", 18), sheet.person.name),
      h("span", { class: "a-note num" }, w("question_of", { at: at + 1, of: questions.length }))),
    h("p", { class: "a-note" }, `${field.part.clause} ${field.part.name}`),
    h("h1", { tabindex: -1, id: "question" }, h("span", { class: "num a-clause" }, field.clause), " ", field.label, field.optional ? h("span", { class: "a-optional" }, w("optional")) : null),
    field.hint ? h("p", { class: "a-hint" }, field.hint) : null,
    conflict ? h("div", { class: "a-notice a-warning" }, icon("split", 20), h("div", {}, h("p", {}, w("conflict_here")), h("ul", {}, conflict.choices.map((one) => h("li", {}, w("choice_by", { by: one.by, value: says(field, one.value) })))), action(w("settle_now"), { href: `#/s/${sheet.id}/conflicts`, look: "btn" }))) : null,
    controls(sheet, field, { onanswer, labelledby: "question" }),
    h("nav", { class: "a-nav", "aria-label": w("questions") },
      h("div", { class: "a-telling" }, kept, sums),
      action(w("previous"), { href: address(at - 1), look: "btn a-big", id: "previous" }),
      action(at === questions.length - 1 ? w("to_end") : w("next"), { href: address(at + 1), look: "btn btn-primary a-big", id: "next" })),
    h("p", { class: "a-keys a-note" }, field.options ? w("keys_choice") : w("keys_text")),
    h("p", { class: "a-note" }, h("a", { class: "link", href: `#/s/${sheet.id}/t/${field.part.code}` }, w("part_as_table"))));
  page.keys = (event) => keys(event, page, go, address(at - 1), address(at + 1));
  if (model.answered(value)) kept.textContent = "";
  return page;
}

function keys(event, page, go, back, on) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target;
  const typing = target.matches("textarea, input[type=text]");
  const elsewhere = target.closest("a, button") && target.id !== "next" && target.id !== "previous";
  if (event.key === "Enter" && !elsewhere && !(target.matches("textarea") && !event.ctrlKey)) {
    event.preventDefault();
    target.blur?.();
    go(target.id === "previous" ? back : on);
  } else if (event.key === "Backspace" && !typing) {
    event.preventDefault();
    go(back);
  } else if (/^[0-9]$/.test(event.key) && !typing) {
    const input = page.querySelector(`input[data-key="${event.key}"]`);
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.click();
  }
}
