// Two answers side by side: a person says which one stands; the other stays in the history.
import { action, h, icon } from "../dom.js";
import { w } from "../words.js";
import * as model from "../model.js";
import { says } from "../fields.js";
import { sync } from "../sync.js";

export function drawConflicts(sheet) {
  const questions = model.questionsOf(sheet);
  const open = model.conflictsOf(sheet);
  return h("div", { class: "a-page a-wide" },
    h("a", { class: "a-back", href: `#/s/${sheet.id}` }, icon("back", 18), sheet.person.name),
    h("h1", { tabindex: -1 }, w("conflicts")),
    h("p", { class: "a-note" }, open.length ? w("conflicts_note", { count: open.length }) : w("conflicts_none")),
    open.map((one) => card(sheet, one, questions.find((field) => field.name === one.field))),
    open.length ? null : action(w("to_overview"), { href: `#/s/${sheet.id}`, look: "btn btn-primary a-big" }));
}

function card(sheet, conflict, field) {
  const id = `c-${conflict.field}`;
  const label = field ? `${field.clause} ${field.label}` : conflict.field;
  return h("section", { class: "a-card", "aria-labelledby": id },
    h("h2", { id }, label),
    h("div", { class: "a-sides" }, conflict.choices.map((choice) => {
      const value = field ? says(field, choice.value) : String(choice.value);
      return h("div", { class: "a-side" },
        h("p", { class: "a-side-value" }, value),
        h("p", { class: "a-note" }, w("said_by", { by: choice.by, at: when(choice.at) }), choice.mine ? ` · ${w("this_phone")}` : ""),
        h("button", {
          class: "btn a-big", type: "button", "aria-label": w("keep_this_named", { label, value }),
          onclick: async () => {
            await model.addAct(sheet, "settle", { field: conflict.field, keep: choice.edit_id });
            sync();
          },
        }, w("keep_this")));
    })));
}

export const when = (at) => `${Number(at.slice(5, 7))} 月 ${Number(at.slice(8, 10))} 日 ${at.slice(11, 16)}`;
