// What the screens show and change: sheets as the server had them, and over them what this phone
// changed and has not sent. A change lies in the store before a screen says that it is kept.
import * as store from "./store.js";
import { circumstances, score } from "./score.js";
import { w } from "./words.js";

export const state = {
  account: null,
  name: "",
  device: "",
  sheets: new Map(), // id -> as the server sent it
  edits: [], // unsent, in order
  acts: [], // unsent photos, signatures, settlements, finishings
  refused: [], // what the server did not take, with the reason, until somebody has read it
  scales: {},
  forms: {},
  asOf: "",
  contacts: new Map(), // telephone and address taken along for the day
  handed: 0, // handed in since the form was opened
  broken: 0,
  storage: "", // "" or why the last change could not be kept
};

const listeners = new Set();
export const onChange = (listener) => listeners.add(listener);
export const changed = (what = {}) => listeners.forEach((listener) => listener(what));

let counter = 0;
const nextId = () =>
  `${String(Date.now()).padStart(14, "0")}${String(counter++ % 10000).padStart(4, "0")}-${crypto.randomUUID()}`;

/** The moment by this phone's clock, with its zone. */
export function moment(date = new Date()) {
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const local = new Date(date.getTime() + offset * 60000).toISOString().slice(0, 23);
  return `${local}${sign}${two(offset / 60)}:${two(offset % 60)}`;
}

/** Read everything of the account that the store has open. */
export async function load(account) {
  const rows = await store.all();
  const basis = rows.basis?.get("basis") ?? {};
  Object.assign(state, {
    account,
    device: account ? await store.device() : "",
    sheets: rows.sheet ?? new Map(),
    edits: ordered(rows.edit),
    acts: ordered(rows.act),
    refused: ordered(rows.refused),
    scales: basis.scales ?? {},
    forms: basis.forms ?? {},
    asOf: basis.as_of ?? "",
    name: basis.name ?? "",
    digest: basis.digest ?? "",
    contacts: new Map(),
    synced: basis.synced ?? "",
    broken: rows.broken,
  });
  await sortContacts(rows.contact ?? new Map());
  changed();
}

/** Telephones of another day are removed. */
async function sortContacts(rows) {
  const today = moment().slice(0, 10);
  const old = [...rows].filter(([, one]) => one.day !== today);
  state.contacts = new Map([...rows].filter(([, one]) => one.day === today));
  if (old.length) await keep(old.map(([id]) => ["contact", id, undefined]));
}

export function keepContact(sheet, { phones, address }) {
  const found = { phones, address, day: moment().slice(0, 10) };
  state.contacts.set(sheet.id, found);
  return keep([["contact", sheet.id, found]]);
}

const ordered = (rows) =>
  [...(rows ?? new Map()).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ ...value, key }));

const stored = ({ key: _key, flying: _flying, ...rest }) => rest;
const waiting = [];
let draining = null;

/** Keep rows, one change after the other; a full phone is said and tried again with the next. */
export function keep(rows) {
  return new Promise((resolve, reject) => {
    waiting.push({ rows, resolve, reject });
    draining ??= drain();
  });
}

async function drain() {
  while (waiting.length) {
    try {
      await store.change(waiting[0].rows);
      state.storage = "";
      waiting.shift().resolve();
    } catch (error) {
      state.storage = error instanceof store.StorageFull ? w("storage_full") : w("storage_failed");
      changed({ status: true });
      if (!state.account) {
        waiting.splice(0).forEach((one) => one.reject(error));
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
  }
  draining = null;
  changed({ status: true });
}

/** Whether a change is on its way into the store. */
export const isKeeping = () => waiting.length > 0;

export const sheetOf = (id) => state.sheets.get(id);
export const scaleOf = (sheet) => state.scales[sheet.scale];
export const formOf = (sheet) => state.forms[sheet.form];

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The answer as this phone knows it: its own unsent change, else what the server had. */
export function valueOf(sheet, field) {
  for (let index = state.edits.length - 1; index >= 0; index -= 1) {
    const edit = state.edits[index];
    if (edit.sheet_id === sheet.id && edit.field === field) return edit.value;
  }
  return sheet.fields[field]?.value;
}

/** Change an answer. The promise is fulfilled when it lies in the store. */
export function record(sheet, field, value) {
  if (same(valueOf(sheet, field) ?? null, value)) return Promise.resolve();
  const last = state.edits.findLast((one) => one.sheet_id === sheet.id && one.field === field);
  const edit = {
    key: nextId(),
    edit_id: crypto.randomUUID(),
    sheet_id: sheet.id,
    field,
    value,
    at: moment(),
    base: last ? last.base : (sheet.fields[field]?.revision ?? 0),
    device: state.device,
  };
  const rows = [["edit", edit.key, stored(edit)]];
  if (last && !last.flying) {
    // Not sent yet: the newer takes its place.
    state.edits.splice(state.edits.indexOf(last), 1);
    rows.push(["edit", last.key, undefined]);
  }
  state.edits.push(edit);
  changed({ sheet: sheet.id, field });
  return keep(rows);
}

/** Queue something that is no answer: photo, signature, settlement, handing in. */
export function addAct(sheet, kind, body) {
  const act = { key: nextId(), act_id: crypto.randomUUID(), sheet_id: sheet.id, kind, at: moment(), device: state.device, ...body };
  state.acts.push(act);
  changed({ sheet: sheet.id });
  return keep([["act", act.key, stored(act)]]);
}

export function dropAct(act) {
  state.acts = state.acts.filter((one) => one !== act);
  changed({ sheet: act.sheet_id });
  return keep([["act", act.key, undefined]]);
}

export const actsOf = (sheet, kind) => state.acts.filter((one) => one.sheet_id === sheet.id && (!kind || one.kind === kind));
export const refusedOf = (sheet) => state.refused.filter((one) => one.sheet_id === sheet.id);

/** Somebody has read why it was not taken. */
export function readRefusal(one) {
  state.refused = state.refused.filter((other) => other !== one);
  changed({ sheet: one.sheet_id });
  return keep([["refused", one.key, undefined]]);
}

/** The questions of a sheet in order: annex A by part, then annex B by dimension. */
export function partsOf(sheet) {
  const form = formOf(sheet);
  const scale = scaleOf(sheet);
  const a = form.parts.map((part) => ({ code: part.code, clause: part.clause, name: part.name, fields: part.fields }));
  const b = scale.dimensions.map((one) => ({
    code: one.code,
    clause: one.clause,
    name: one.name,
    fields: one.items.map((item) => ({
      name: item.code,
      clause: item.clause,
      label: item.name,
      hint: item.hint,
      kind: "points",
      options: item.options.map((option) => ({ code: option.points, says: option.says })),
    })),
  }));
  return [...a, ...b];
}

export const questionsOf = (sheet) => partsOf(sheet).flatMap((part) => part.fields.map((field) => ({ ...field, part })));

export function answered(value) {
  return !(value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0));
}

/** How far a part, or the whole sheet, is: what has to be answered, and what is. */
export function progressOf(sheet, fields) {
  const needed = fields.filter((field) => !field.optional);
  return { done: needed.filter((field) => answered(valueOf(sheet, field.name))).length, of: needed.length };
}

/** Sums, levels and reasons of a sheet as this phone knows it. */
export function scoreOf(sheet) {
  const scale = scaleOf(sheet);
  const answers = circumstances(formOf(sheet), (field) => valueOf(sheet, field));
  for (const dimension of scale.dimensions)
    for (const item of dimension.items) {
      const value = valueOf(sheet, item.code);
      if (value !== undefined && value !== null) answers[item.code] = value;
    }
  const words = Object.fromEntries(REASONS.map((key) => [key, w(key)]));
  return score(scale, answers, words);
}

const REASONS = [
  "range", "range_one", "reason_total", "reason_sets", "reason_none", "reason_final", "reason_count",
  "reason_told", "steps_worse", "steps_end", "steps_most", "steps_doubt", "hint_expects",
];

/** Open conflicts of a sheet that this phone has not settled. */
export function conflictsOf(sheet) {
  const settled = actsOf(sheet, "settle").map((act) => act.field);
  return (sheet.conflicts ?? []).filter((one) => !settled.includes(one.field));
}

/** What the server said about sheets, and which of our rows it has now. */
export async function merge({ sheets = {}, gone = [], basis, drop = [], refused = [] }) {
  const rows = [];
  for (const [id, sheet] of Object.entries(sheets)) {
    const whole = { ...(state.sheets.get(id) ?? {}), ...sheet };
    state.sheets.set(id, whole);
    rows.push(["sheet", id, whole]);
  }
  for (const id of gone) {
    state.sheets.delete(id);
    state.contacts.delete(id);
    rows.push(["sheet", id, undefined], ["contact", id, undefined]);
  }
  for (const [kind, one] of drop) rows.push([kind, one.key, undefined]);
  const dropped = new Set(drop.map(([, one]) => one.key));
  state.edits = state.edits.filter((one) => !dropped.has(one.key));
  state.acts = state.acts.filter((one) => !dropped.has(one.key));
  for (const one of refused) {
    state.refused.push(one);
    rows.push(["refused", one.key, stored(one)]);
  }
  if (basis) rows.push(["basis", "basis", basis]);
  if (rows.length) await keep(rows);
  changed({ merged: true });
}

/** How many changes wait to be sent. */
export const unsent = () => state.edits.length + state.acts.length;
