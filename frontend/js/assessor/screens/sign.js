// Signing: what is signed stands above; by hand, or by keyboard with a typed name, recorded as such.
import { action, h, icon } from "../dom.js";
import { w } from "../words.js";
import * as model from "../model.js";
import { sync } from "../sync.js";
import { placePicker } from "./place.js";
import { sumCard } from "./sums.js";
import { when } from "./conflicts.js";

export function drawSign(sheet, go) {
  const questions = model.questionsOf(sheet);
  const { done, of } = model.progressOf(sheet, questions);
  const conflicts = model.conflictsOf(sheet).length;
  const blocked = conflicts ? w("sign_conflict", { count: conflicts }) : done < of ? w("sign_open", { count: of - done }) : "";
  return h("div", { class: "a-page" },
    h("a", { class: "a-back", href: `#/s/${sheet.id}` }, icon("back", 18), sheet.person.name),
    h("h1", { tabindex: -1 }, w("sign")),
    sumCard(sheet),
    already(sheet),
    blocked ? h("div", { class: "a-notice a-warning" }, icon("warn", 20), h("div", {}, h("p", {}, blocked), action(conflicts ? w("settle_now") : w("go_on"), { href: conflicts ? `#/s/${sheet.id}/conflicts` : firstOpen(sheet, questions), look: "btn" }))) : form(sheet, go));
}

function firstOpen(sheet, questions) {
  const open = questions.find((one) => !one.optional && !model.answered(model.valueOf(sheet, one.name)));
  return `#/s/${sheet.id}/q/${open.name}`;
}

function already(sheet) {
  const waiting = model.actsOf(sheet, "signature").map((act) => ({ name: act.signer === "informant" ? act.name : model.state.name, signer: act.signer, at: act.at, valid: true, waiting: true }));
  const rows = [...(sheet.signatures ?? []), ...waiting];
  if (!rows.length) return null;
  return h("section", { class: "a-card", "aria-labelledby": "signed" }, h("h2", { id: "signed" }, w("signed_list")),
    h("ul", { class: "a-steps" }, rows.map((one) => h("li", {}, h("span", { class: one.valid ? "a-done" : "a-late" },
      icon(one.valid ? "check" : "warn", 18), " ", w(`signer_${one.signer}`), " ", one.name, " · ", when(one.at), one.valid ? (one.waiting ? ` · ${w("waits")}` : "") : ` · ${w("signature_void")}`)))));
}

function form(sheet, go) {
  const place = placePicker("sign");
  const pad = drawingPad();
  const error = h("p", { class: "a-error", role: "alert" });
  const typed = h("input", { class: "input a-input", type: "text", id: "typed", maxlength: 40, autocomplete: "off" });
  const sure = h("input", { type: "checkbox", id: "sure" });
  const informant = h("input", { class: "input a-input", type: "text", id: "informant", maxlength: 40, autocomplete: "off", value: String(model.valueOf(sheet, "a3_informant") ?? "") });
  const radio = (name, value, text, checked, onchange) => h("label", { class: "a-option" }, h("input", { type: "radio", name, value, checked, onchange }), h("span", { class: "a-says" }, text));
  const byHand = h("div", {}, pad.element);
  const byKeys = h("div", { class: "a-stack", hidden: true }, h("label", { for: "typed" }, w("typed_name")), typed, h("label", { class: "a-option" }, sure, h("span", { class: "a-says" }, w("typed_sure"))));
  const named = h("div", { hidden: true }, h("label", { for: "informant" }, w("informant_name")), informant);
  const way = () => element.querySelector("input[name=way]:checked").value;
  const who = () => element.querySelector("input[name=who]:checked").value;
  const show = () => {
    byHand.hidden = way() !== "drawn";
    byKeys.hidden = way() !== "typed";
    named.hidden = who() !== "informant";
  };
  const sign = async () => {
    const wrong = way() === "drawn" ? (pad.empty() ? w("sign_empty") : "") : !typed.value.trim() ? w("typed_empty") : !sure.checked ? w("typed_unsure") : "";
    const name = who() === "informant" ? informant.value.trim() : "";
    error.textContent = wrong || (who() === "informant" && !name ? w("informant_empty") : "") || (place.value() ? "" : w("place_needed"));
    if (error.textContent) return;
    const picture = way() === "drawn" ? pad.picture() : typedPicture(typed.value.trim());
    const seen = Object.fromEntries(model.questionsOf(sheet).map((one) => [one.name, model.valueOf(sheet, one.name) ?? null]));
    await model.addAct(sheet, "signature", { signer: who(), name, way: way(), picture, place: place.value(), seen });
    sync();
    go(`#/s/${sheet.id}`);
  };
  const group = (id, label, ...children) => h("div", { class: "a-options", role: "radiogroup", "aria-labelledby": id }, h("h2", { id }, label), children);
  const element = h("div", { class: "a-stack" },
    h("div", { class: "a-card" }, group("who", w("who_signs"), radio("who", "assessor", w("signs_me", { name: model.state.name }), true, () => show()), radio("who", "informant", w("signs_informant"), false, () => show())), named),
    h("div", { class: "a-card" }, group("way", w("way_signs"), radio("way", "drawn", w("by_hand"), true, () => show()), radio("way", "typed", w("by_keys"), false, () => show())), byHand, byKeys),
    h("div", { class: "a-card" }, place.element),
    h("p", { class: "a-note" }, w("sign_note")), error,
    action(w("sign_now"), { look: "btn btn-primary a-big a-whole", sign: "pen", onclick: sign }));
  return element;
}

function drawingPad() {
  const canvas = h("canvas", { class: "a-pad", width: 640, height: 240, role: "img", "aria-label": w("pad") });
  const pen = canvas.getContext("2d");
  let drawn = 0;
  let last = null;
  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    drawn = 0;
  };
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = point(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = point(event);
    Object.assign(pen, { lineWidth: 4, lineCap: "round", strokeStyle: "#111" });
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...next);
    pen.stroke();
    drawn += Math.hypot(next[0] - last[0], next[1] - last[1]);
    last = next;
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (last = null));
  clear();
  return {
    empty: () => drawn < 40,
    picture: () => canvas.toDataURL("image/png").split(",")[1],
    element: h("div", { class: "a-stack" }, h("p", { class: "a-note" }, w("pad_note")), canvas, action(w("pad_clear"), { look: "btn btn-sm", onclick: clear })),
  };
}

/** A typed name as a picture that says that it was typed. */
function typedPicture(name) {
  const canvas = h("canvas", { width: 640, height: 240 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, 640, 240);
  pen.fillStyle = "#111";
  pen.font = "64px sans-serif";
  pen.fillText(name, 40, 120, 560);
  pen.font = "24px sans-serif";
  pen.fillText(w("typed_mark"), 40, 190, 560);
  return canvas.toDataURL("image/png").split(",")[1];
}
