// Today's sheets: who is next, how far each is.
import { badge, h, icon, progress } from "../dom.js";
import { w } from "../words.js";
import * as model from "../model.js";

let sought = "";

/** Where a sheet stands, for this phone: words, tone, sign. */
export function standing(sheet) {
  if (sheet.gone) return [w("state_gone"), "warning", "warn"];
  if (model.conflictsOf(sheet).length) return [w("state_conflict", { count: model.conflictsOf(sheet).length }), "accent", "split"];
  if (model.refusedOf(sheet).length) return [w("state_refused"), "error", "warn"];
  if (model.actsOf(sheet, "finish").length) return [w("state_handing"), "info", "cloudUp"];
  const { done, of } = model.progressOf(sheet, model.questionsOf(sheet));
  const signed = mySignature(sheet);
  if (done === of && signed) return [w("state_signed"), "success", "check"];
  if (done === of) return [w("state_sign"), "info", "pen"];
  return done ? [w("state_begun"), "info", "list"] : [w("state_new"), "neutral", null];
}

export const mySignature = (sheet) =>
  model.actsOf(sheet, "signature").some((act) => act.signer === "assessor") ||
  (sheet.signatures ?? []).some((one) => one.mine && one.valid);

export function personLine(person) {
  return [person.sex, person.age === null || person.age === undefined ? null : w("age", { age: person.age }), person.village].filter(Boolean).join(" · ");
}

export function drawList() {
  const sheets = [...model.state.sheets.values()].sort((a, b) => (`${a.planned_on}${a.person.village}${a.id}` < `${b.planned_on}${b.person.village}${b.id}` ? -1 : 1));
  const rows = h("ul", { class: "a-sheets" });
  const none = h("p", { class: "a-note", role: "status" });
  const show = () => {
    const found = sheets.filter((sheet) => `${sheet.person.name}${sheet.person.village}`.includes(sought.trim()));
    rows.replaceChildren(...found.map(row));
    none.textContent = sheets.length && !found.length ? w("nothing_found", { sought }) : "";
  };
  const search = h("input", {
    class: "input a-input", type: "search", id: "seek", value: sought, autocomplete: "off", placeholder: w("seek_hint"),
    oninput: (event) => {
      sought = event.target.value;
      show();
    },
  });
  show();
  const whole = sheets.filter((sheet) => {
    const { done, of } = model.progressOf(sheet, model.questionsOf(sheet));
    return done === of;
  }).length;
  return h("div", { class: "a-page" },
    h("h1", { tabindex: -1 }, w("today")),
    h("p", { class: "a-note" }, w("today_note", { count: sheets.length, whole, day: model.state.asOf })),
    model.state.handed ? h("p", { class: "a-done", role: "status" }, icon("check", 18), " ", w("handed", { count: model.state.handed })) : null,
    sheets.length > 4 ? h("div", { class: "a-seek" }, h("label", { for: "seek" }, icon("search", 18), w("seek")), search) : null,
    none,
    sheets.length ? rows : empty());
}

const empty = () => h("div", { class: "a-card a-empty" }, h("h2", {}, w("empty_title")), h("p", {}, w("empty_text")));

function row(sheet) {
  const { done, of } = model.progressOf(sheet, model.questionsOf(sheet));
  const [text, tone, sign] = standing(sheet);
  return h("li", {},
    h("a", { class: "a-card a-sheet", href: `#/s/${sheet.id}` },
      h("span", { class: "a-row" }, h("b", { class: "a-name" }, sheet.person.name), badge(text, tone, sign)),
      h("span", { class: "a-note" }, personLine(sheet.person)),
      h("span", { class: "a-note" }, [sheet.kind, w("planned", { day: sheet.planned_on })].filter(Boolean).join(" · ")),
      h("span", { class: "a-row" }, progress(done, of, w("progress_of", { name: sheet.person.name })), h("span", { class: "num a-count" }, `${done}/${of}`))));
}
