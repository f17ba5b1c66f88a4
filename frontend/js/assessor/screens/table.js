// A part as a table: all its questions at once, for whoever fills in faster that way.
import { action, h, icon } from "../dom.js";
import { w } from "../words.js";
import * as model from "../model.js";
import { controls, says } from "../fields.js";
import { soon } from "../sync.js";
import { sumLine } from "./sums.js";

export function drawTable(sheet, code) {
  const parts = model.partsOf(sheet);
  const at = Math.max(0, parts.findIndex((one) => one.code === code));
  const part = parts[at];
  const scored = part.fields[0].kind === "points";
  const kept = h("p", { class: "a-kept", role: "status" });
  const sums = h("p", { class: "a-sumline", role: "status" }, scored ? sumLine(sheet, part.code) : "");
  const rows = part.fields.map((field) => row(sheet, field, async (value, told) => {
    kept.textContent = "";
    const stored = model.record(sheet, field.name, value);
    told();
    if (scored) sums.textContent = sumLine(sheet, part.code);
    await stored;
    kept.textContent = w("kept_named", { label: field.label });
    soon();
  }));
  const address = (index) => (parts[index] ? `#/s/${sheet.id}/t/${parts[index].code}` : `#/s/${sheet.id}`);
  const page = h("div", { class: "a-page a-wide" },
    h("a", { class: "a-back", href: `#/s/${sheet.id}` }, icon("back", 18), sheet.person.name),
    h("h1", { tabindex: -1 }, h("span", { class: "num a-clause" }, part.clause), " ", part.name),
    h("nav", { class: "a-tabs", "aria-label": w("parts") }, parts.map((one) => h("a", { href: `#/s/${sheet.id}/t/${one.code}`, class: "a-tab", "aria-current": one === part ? "page" : undefined }, one.clause, h("span", { class: "sr-only" }, ` ${one.name}`)))),
    h("div", { class: "a-card a-rows" }, rows),
    h("nav", { class: "a-nav a-still", "aria-label": w("parts") },
      action(parts[at - 1] ? w("to_part", parts[at - 1]) : w("to_overview"), { href: address(at - 1), look: "btn a-big" }),
      action(parts[at + 1] ? w("to_part", parts[at + 1]) : w("to_end"), { href: address(at + 1), look: "btn btn-primary a-big" })));
  // In the head, where it hides none of the rows.
  page.telling = [kept, sums];
  return page;
}

function row(sheet, field, onanswer) {
  const id = `l-${field.name}`;
  const chosen = h("p", { class: "a-chosen" });
  const told = () => {
    const value = model.valueOf(sheet, field.name);
    chosen.textContent = field.kind === "points" ? says(field, value) : "";
    chosen.classList.toggle("a-open", !model.answered(value));
  };
  told();
  const conflict = model.conflictsOf(sheet).some((one) => one.field === field.name);
  return h("div", { class: "a-rowq" },
    h("div", { class: "a-rowq-head" },
      h("h2", { id }, h("span", { class: "num a-clause" }, field.clause), " ", field.label, field.optional ? h("span", { class: "a-optional" }, w("optional")) : null),
      field.hint ? h("p", { class: "a-note" }, field.hint) : null,
      field.kind === "points" ? h("details", { class: "a-note" }, h("summary", { "aria-label": w("options_of", { label: field.label }) }, w("options")), h("ul", {}, field.options.map((one) => h("li", {}, w("points_says", { points: one.code, says: one.says }))))) : null,
      conflict ? h("p", {}, h("a", { class: "link a-late", href: `#/s/${sheet.id}/conflicts` }, w("conflict_short"))) : null),
    h("div", {}, controls(sheet, field, { small: true, labelledby: id, onanswer: (value) => onanswer(value, told) }), chosen));
}
