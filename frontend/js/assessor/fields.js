// One question drawn, whole or small, and its answer read back. Native controls: arrows, space and
// screen readers work as everywhere.
import { h } from "./dom.js";
import { w } from "./words.js";
import * as model from "./model.js";

let serial = 0;

/** What an answer says, in words. */
export function says(field, value) {
  if (!model.answered(value)) return w("unanswered");
  if (field.kind === "points") {
    const option = field.options.find((one) => one.code === value);
    return option ? w("points_says", { points: value, says: option.says }) : String(value);
  }
  if (field.options)
    return [].concat(value).map((code) => field.options.find((one) => one.code === code)?.says ?? code).join("、");
  if (Array.isArray(value)) return value.join("；");
  return field.unit ? `${value} ${field.unit}` : String(value);
}

/** The controls of a question. `small` for the table. `onanswer(value)` at every change. */
export function controls(sheet, field, { small = false, onanswer, labelledby }) {
  const value = model.valueOf(sheet, field.name);
  const name = `f${(serial += 1)}`;
  if (field.kind === "points" || field.kind === "one") return choices(field, value, name, { small, onanswer, labelledby });
  if (field.kind === "many") return ticks(field, value ?? [], name, { onanswer, labelledby });
  return written(field, value, { onanswer, labelledby });
}

function choices(field, value, name, { small, onanswer, labelledby }) {
  const squares = small && field.kind === "points";
  const box = h("div", {
    class: squares ? "a-squares" : "a-options", role: "radiogroup", "aria-labelledby": labelledby,
  });
  field.options.forEach((option, index) => {
    const sign = field.kind === "points" ? option.code : index + 1;
    const input = h("input", {
      type: "radio", name, value: String(option.code), checked: option.code === value,
      "data-key": String(sign),
      "aria-label": squares ? w("points_says", { points: option.code, says: option.says }) : undefined,
      onchange: () => onanswer(option.code),
    });
    const text = field.kind === "points" ? w("points", { points: option.code }) : null;
    box.append(
      h("label", { class: squares ? "a-square" : "a-option" }, input,
        squares ? h("span", { "aria-hidden": "true" }, String(option.code))
          : [text ? h("span", { class: "a-points num" }, text) : null, h("span", { class: "a-says" }, option.says)]),
    );
  });
  return box;
}

function ticks(field, value, name, { onanswer, labelledby }) {
  const box = h("div", { class: "a-options", role: "group", "aria-labelledby": labelledby });
  field.options.forEach((option, index) => {
    const input = h("input", {
      type: "checkbox", name, value: option.code, checked: value.includes(option.code), "data-key": String(index + 1),
      onchange: () => {
        // "None" stands alone: choosing it clears the others, choosing another clears it.
        for (const other of box.querySelectorAll("input"))
          if (other !== input && input.checked && (option.alone || field.options.find((one) => one.code === other.value).alone))
            other.checked = false;
        onanswer([...box.querySelectorAll("input:checked")].map((one) => one.value));
      },
    });
    box.append(h("label", { class: "a-option" }, input, h("span", { class: "a-says" }, option.says)));
  });
  return box;
}

function written(field, value, { onanswer, labelledby }) {
  const many = field.kind === "lines" || field.long;
  const text = Array.isArray(value) ? value.join("\n") : (value ?? "");
  const error = h("p", { class: "a-error", id: `e${(serial += 1)}`, role: "alert" });
  const read = () => {
    const typed = input.value.trim();
    error.textContent = "";
    if (field.kind === "lines") return typed ? typed.split("\n").map((line) => line.trim()).filter(Boolean) : [];
    if (field.kind !== "number") return typed;
    if (!typed) return null;
    const number = Number(typed.replace("。", ".").replace("，", "."));
    if (!Number.isFinite(number) || number < field.low || number > field.high) {
      error.textContent = w("number_wrong", { low: field.low, high: field.high, unit: field.unit });
      return undefined;
    }
    return number;
  };
  let pause = null;
  const answer = () => {
    clearTimeout(pause);
    const got = read();
    if (got !== undefined) onanswer(got);
  };
  const input = h(many ? "textarea" : "input", {
    class: many ? "textarea a-input" : "input a-input", type: many ? undefined : "text", rows: many ? 4 : undefined,
    inputmode: field.kind === "number" ? "decimal" : field.inputmode, maxlength: field.longest ?? (many ? 1000 : 60),
    "aria-labelledby": labelledby, "aria-describedby": error.id, autocomplete: "off", spellcheck: "false",
    oninput: () => {
      clearTimeout(pause);
      pause = setTimeout(answer, 500);
    },
    onchange: answer,
    onblur: answer,
  });
  input.value = String(text);
  return h("div", { class: "a-written" }, h("div", { class: "a-with-unit" }, input, field.unit ? h("span", {}, field.unit) : null), error);
}
