// A sheet: who it is, how far each part is, what it adds up to, and the steps to its end.
import { action, badge, h, icon, progress } from "../dom.js";
import { config } from "../config.js";
import { w } from "../words.js";
import * as model from "../model.js";
import { openContact, sync } from "../sync.js";
import { mySignature, personLine, standing } from "./list.js";
import { says } from "../fields.js";
import { sumCard } from "./sums.js";

export function drawSheet(sheet) {
  const questions = model.questionsOf(sheet);
  const open = questions.filter((one) => !one.optional && !model.answered(model.valueOf(sheet, one.name)));
  const next = open[0] ?? questions[0];
  const [text, tone, sign] = standing(sheet);
  const begun = open.length < questions.filter((one) => !one.optional).length;
  return h("div", { class: "a-page", "data-title": w("sheet_title") },
    h("a", { class: "a-back", href: "#/" }, icon("back", 18), w("today")),
    h("div", { class: "a-row" }, h("h1", { tabindex: -1 }, sheet.person.name), badge(text, tone, sign)),
    h("p", { class: "a-note" }, personLine(sheet.person)),
    refusals(sheet, questions),
    conflictNotice(sheet),
    h("div", { class: "a-actions" },
      action(begun ? (open.length ? w("go_on") : w("look_again")) : w("begin"), { href: `#/s/${sheet.id}/q/${next.name}`, look: "btn btn-primary a-big", sign: "list" }),
      action(w("as_table"), { href: `#/s/${sheet.id}/t/${next.part.code}`, look: "btn a-big", sign: "table" })),
    parts(sheet),
    sumCard(sheet),
    ending(sheet, open.length),
    visit(sheet));
}

function refusals(sheet, questions) {
  return model.refusedOf(sheet).map((one) => {
    const field = questions.find((other) => other.name === one.field);
    const what = one.kind === "edit" ? w("refused_edit", { label: field?.label ?? one.field, value: field ? says(field, one.value) : String(one.value) }) : w(`refused_${one.kind}`);
    return h("div", { class: "a-notice a-error-box", role: "alert" }, icon("warn", 20),
      h("div", {}, h("p", {}, h("b", {}, what)), h("p", {}, one.why), action(w("understood"), { look: "btn btn-sm", onclick: () => model.readRefusal(one) })));
  });
}

function conflictNotice(sheet) {
  const count = model.conflictsOf(sheet).length;
  return count
    ? h("div", { class: "a-notice a-warning" }, icon("split", 20), h("div", {}, h("p", {}, w("conflict_note", { count })), action(w("settle_now"), { href: `#/s/${sheet.id}/conflicts`, look: "btn" })))
    : null;
}

function parts(sheet) {
  return h("section", { class: "a-card", "aria-labelledby": "parts" },
    h("h2", { id: "parts" }, w("parts")),
    h("ul", { class: "a-parts" }, model.partsOf(sheet).map((part) => {
      const { done, of } = model.progressOf(sheet, part.fields);
      const first = part.fields.find((field) => !model.answered(model.valueOf(sheet, field.name))) ?? part.fields[0];
      const count = of ? `${done}/${of}` : w("may_be_empty");
      return h("li", {},
        h("a", { class: "a-part", href: `#/s/${sheet.id}/q/${first.name}` },
          h("span", { class: "a-row" }, h("span", {}, h("span", { class: "a-clause num" }, part.clause), " ", part.name), h("span", { class: "num a-count" }, done === of && of ? icon("check", 18) : null, h("span", { class: "sr-only" }, of ? w("part_answered") : ""), " ", count)),
          of ? progress(done, of, part.name) : null),
        h("a", { class: "a-part-table", href: `#/s/${sheet.id}/t/${part.code}`, "aria-label": w("part_table", { name: part.name }) }, icon("table", 20)));
    })));
}

function ending(sheet, open) {
  const signed = mySignature(sheet);
  const photos = (sheet.photos ?? 0) + model.actsOf(sheet, "photo").length;
  const finishing = model.actsOf(sheet, "finish").length > 0;
  const steps = [
    [open === 0, open ? w("step_open", { count: open }) : w("step_whole"), null],
    [photos > 0, photos ? w("step_photos", { count: photos }) : w("step_photo"), action(w("take_photo"), { href: `#/s/${sheet.id}/photo`, sign: "camera" })],
    [signed, signed ? w("step_signed") : w("step_sign"), action(signed ? w("see_signature") : w("sign"), { href: `#/s/${sheet.id}/sign`, sign: "pen" })],
  ];
  const others = (sheet.assessors ?? []).filter((one) => !one.mine);
  const ready = open === 0 && signed && !model.conflictsOf(sheet).length;
  return h("section", { class: "a-card", "aria-labelledby": "ending" },
    h("h2", { id: "ending" }, w("ending")),
    h("ul", { class: "a-steps" },
      steps.map(([done, text, button]) => h("li", {}, h("span", { class: done ? "a-done" : "" }, icon(done ? "check" : "list", 18), " ", text), button)),
      others.map((one) => {
        const valid = (sheet.signatures ?? []).some((other) => other.name === one.name && other.valid);
        return h("li", {}, h("span", { class: valid ? "a-done" : "" }, icon(valid ? "check" : "pen", 18), " ", valid ? w("other_signed", { name: one.name }) : w("other_unsigned", { name: one.name })));
      })),
    finishing ? h("p", { class: "a-note" }, w("handing_note")) : null,
    h("div", { class: "a-actions" },
      action(w("hand_in"), {
        look: "btn btn-primary a-big", disabled: !ready || finishing, describedby: "hand-note",
        onclick: async () => {
          await model.addAct(sheet, "finish", {});
          sync();
        },
      })),
    h("p", { class: "a-note", id: "hand-note" }, ready ? w("hand_note") : w("hand_not_yet")));
}

function visit(sheet) {
  const person = sheet.person;
  return h("section", { class: "a-card", "aria-labelledby": "visit" },
    h("h2", { id: "visit" }, w("visit")),
    h("dl", { class: "a-facts" },
      fact(w("fact_kind"), sheet.kind), fact(w("fact_planned"), sheet.planned_on), fact(w("fact_village"), person.village),
      fact(w("fact_assessors"), (sheet.assessors ?? []).map((one) => (one.mine ? w("me", one) : one.name)).join("、"))),
    contact(sheet),
    config.table ? h("p", {}, h("a", { class: "link", href: config.table.replace("SHEET", sheet.id) }, w("desk_form"))) : null);
}

const fact = (label, value) => [h("dt", {}, label), h("dd", {}, value || w("unknown"))];

/** Telephone and address: asked for with a purpose, shown, and taken along for the day if wanted. */
function contact(sheet) {
  const told = h("div", { role: "status" });
  const show = (found) =>
    told.replaceChildren(h("dl", { class: "a-facts" },
      fact(w("fact_phone"), found.phones.length ? h("span", {}, found.phones.map((one) => h("a", { class: "link a-tel", href: `tel:${one.split(" ")[0]}` }, one))) : w("unknown")),
      fact(w("fact_address"), found.address)));
  const kept = model.state.contacts.get(sheet.id);
  if (kept) {
    show(kept);
    told.append(h("p", { class: "a-note" }, w("kept_today")));
    return h("div", { class: "a-contact" }, h("h3", {}, w("contact")), told);
  }
  const purpose = h("select", { class: "select a-input", id: "purpose" },
    [w("purpose_visit"), w("purpose_lost")].map((text) => h("option", {}, text)));
  const along = h("input", { type: "checkbox", id: "along" });
  const open = action(w("open_phone"), {
    sign: "phone",
    onclick: async () => {
      told.textContent = w("asking");
      try {
        const found = await openContact(sheet, purpose.value);
        if (found.why) {
          told.textContent = found.why;
          return;
        }
        if (along.checked) await model.keepContact(sheet, found);
        show(found);
        told.append(h("p", { class: "a-note" }, along.checked ? w("kept_today") : w("not_kept")));
      } catch {
        told.textContent = w("needs_network");
      }
    },
  });
  return h("div", { class: "a-contact" }, h("h3", {}, w("contact")), h("p", { class: "a-note" }, w("contact_note")),
    h("label", { for: "purpose" }, w("purpose")), purpose, h("label", { class: "a-tick" }, along, w("take_along")), open, told);
}
