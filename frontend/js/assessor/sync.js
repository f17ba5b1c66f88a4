// Sending and fetching. One tab at a time; what was not answered is sent again with the same ids,
// which the server takes once. Nothing is removed here before the server has said that it has it.
import * as model from "./model.js";
import * as store from "./store.js";
import { config } from "./config.js";

const { state } = model;
const BATCH = 200;
const LONGEST_WAIT = 60_000;
const FRESH = 120_000;
const TIMEOUT = 30_000;

/** idle · working · offline · signed_out · failed · leaving */
export const status = { kind: "idle", why: "", at: null };

let csrf = "";
let failures = 0;
let timer = null;
let running = null;
let fetchedAt = 0;
const others = "BroadcastChannel" in window ? new BroadcastChannel("yanglao-phone") : null;
others?.addEventListener("message", async () => {
  if (!running) await model.load(state.account);
});

class SignedOut extends Error {}
class NotOurs extends Error {}
/** The server understood, and says why it does not take it: no use in sending it again. */
class Refused extends Error {}

function say(kind, why = "") {
  status.kind = kind;
  status.why = why;
  model.changed({ status: true });
}

/** Ask the server. A way to the sign-in page means that the session is over. */
async function ask(url, options = {}) {
  const stop = new AbortController();
  const alarm = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    const answer = await fetch(url, { redirect: "manual", cache: "no-store", signal: stop.signal, ...options });
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
    return answer;
  } finally {
    clearTimeout(alarm);
  }
}

const fromUs = (answer) => answer.headers.has("X-Permitted-Cross-Domain-Policies");

async function post(url, body) {
  const send = () =>
    ask(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(body),
    });
  let answer = await send();
  if (answer.status === 403) {
    // The word against forged forms changes with the session: fetch it anew, once.
    await fetchWork();
    answer = await send();
  }
  if ([400, 404].includes(answer.status) && fromUs(answer)) {
    const why = await answer.json().then((told) => told.why, () => "");
    if (why) throw new Refused(why);
  }
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** Fetch today's work; find out who is signed in. */
async function fetchWork() {
  const answer = await ask(state.account ? `${config.work}?seen=${state.digest}` : config.work);
  if (answer.status === 403 && fromUs(answer)) {
    await forget();
    throw new NotOurs();
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const work = await answer.json();
  csrf = work.csrf;
  const other = await store.unlock(work.account, work.seal, Date.now());
  if (other || state.account !== work.account) {
    await model.load(work.account);
    // Somebody else's digest was asked about: his own work comes with the next question.
    if (work.unchanged) return fetchWork();
  }
  if (work.unchanged) await model.merge({ basis: { ...basisOf(work), scales: state.scales, forms: state.forms } });
  else await takeWork(work);
  fetchedAt = Date.now();
}

function basisOf(work) {
  const synced = model.moment();
  Object.assign(state, { asOf: work.as_of, name: work.name, digest: work.digest, synced });
  return { as_of: work.as_of, name: work.name, digest: work.digest, synced };
}

async function takeWork(work) {
  const basis = { ...basisOf(work), scales: { ...state.scales, ...work.scales }, forms: { ...state.forms, ...work.forms } };
  Object.assign(state, { scales: basis.scales, forms: basis.forms });
  const sheets = Object.fromEntries(work.sheets.map((sheet) => [sheet.id, { ...sheet, gone: false }]));
  const left = [...state.sheets.values()].filter((sheet) => !(sheet.id in sheets));
  const kept = left.filter(hasUnsent);
  for (const sheet of kept) sheets[sheet.id] = { gone: true };
  await model.merge({ sheets, gone: left.filter((sheet) => !hasUnsent(sheet)).map((sheet) => sheet.id), basis });
}

const hasUnsent = (sheet) =>
  [state.edits, state.acts, state.refused].some((rows) => rows.some((one) => one.sheet_id === sheet.id));

async function sendEdits() {
  while (state.edits.length) {
    const batch = state.edits.slice(0, BATCH);
    batch.forEach((edit) => (edit.flying = true));
    try {
      const answer = await post(config.edits, {
        device: state.device,
        edits: batch.map(({ key: _k, flying: _f, ...edit }) => edit),
      });
      await takeAnswer(answer, batch);
    } finally {
      batch.forEach((edit) => (edit.flying = false));
    }
  }
}

async function takeAnswer(answer, batch) {
  const accepted = new Set(answer.accepted);
  const why = new Map(answer.refused.map((one) => [one.edit_id, one.why]));
  const drop = batch.filter((edit) => accepted.has(edit.edit_id) || why.has(edit.edit_id));
  if (!drop.length) throw new Error("nothing taken");
  const refused = batch
    .filter((edit) => why.has(edit.edit_id))
    .map((edit) => ({ key: edit.key, sheet_id: edit.sheet_id, kind: "edit", field: edit.field, value: edit.value, at: edit.at, why: why.get(edit.edit_id) }));
  await model.merge({ sheets: answer.sheets, drop: drop.map((edit) => ["edit", edit]), refused });
}

async function sendActs() {
  let handed = false;
  for (const act of [...state.acts]) {
    const { key: _k, flying: _f, ...body } = act;
    const answer = await post(config.acts, body).catch((error) => {
      if (error instanceof Refused) return { done: false, why: error.message, sheets: {} };
      throw error;
    });
    const refused = answer.done
      ? []
      : [{ key: act.key, sheet_id: act.sheet_id, kind: act.kind, field: act.field ?? "", at: act.at, why: answer.why }];
    await model.merge({ sheets: answer.sheets, drop: [["act", act]], refused });
    if (answer.done && act.kind === "finish") {
      handed = true;
      state.handed += 1;
    }
  }
  // A sheet that was handed in leaves the phone at once.
  if (handed) await fetchWork();
}

async function once() {
  if (await store.isLeaving()) {
    await leaveForGood();
    return;
  }
  say("working");
  if (!csrf || Date.now() - fetchedAt > FRESH || !model.unsent()) await fetchWork();
  await sendEdits();
  await sendActs();
  others?.postMessage("changed");
  status.at = new Date();
}

/** Send and fetch now; concurrent calls share one round, and one tab goes at a time. */
export function sync() {
  clearTimeout(timer);
  running ??= (navigator.locks ? navigator.locks.request("yanglao-phone-sync", round) : round()).finally(() => {
    running = null;
  });
  return running;
}

async function round() {
  try {
    await once();
    failures = 0;
    if (status.kind !== "leaving") say("idle");
    if (model.unsent()) soon();
    else again(FRESH);
  } catch (error) {
    failures += 1;
    if (error instanceof SignedOut) {
      csrf = "";
      say("signed_out");
    } else if (error instanceof NotOurs) say("not_ours");
    else {
      say(error instanceof TypeError || error.name === "AbortError" ? "offline" : "failed", error.message);
      again(Math.min(LONGEST_WAIT, 2000 * 2 ** failures) * (0.75 + Math.random() / 2));
    }
  }
}

function again(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(sync, milliseconds);
}

/** A change was made: send it when the hand has rested. */
export function soon() {
  if (["signed_out", "not_ours"].includes(status.kind)) return;
  if (failures === 0) again(1200);
}

export function watch() {
  window.addEventListener("online", () => {
    failures = 0;
    sync();
  });
  window.addEventListener("offline", () => say("offline"));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - fetchedAt > 10_000) sync();
  });
}

/** Make what lies here unreadable; unsent rows stay as noise until the account comes back. */
async function forget() {
  const rows = [...state.sheets.keys()].filter((id) => !hasUnsent({ id })).map((id) => ["sheet", id, undefined]);
  if (state.account && rows.length) await store.change(rows).catch(() => {});
  await store.lock();
  await model.load(null);
}

/** Leave: send what can be sent, end the session, lock the phone. */
export async function leave() {
  await sync();
  await store.markLeaving(true);
  await forget();
  await leaveForGood();
}

async function leaveForGood() {
  say("leaving");
  try {
    const work = await ask(config.work);
    if (work.ok) {
      const word = (await work.json()).csrf;
      await ask(config.logout, { method: "POST", headers: { "X-CSRFToken": word } });
    }
  } catch (error) {
    if (!(error instanceof SignedOut)) return; // no network: the session is ended at the next start
  }
  await store.markLeaving(false);
  window.location.assign(config.login);
}

/** Ask for telephone and address; what the server refuses comes back as `why`. */
export async function openContact(sheet, purpose) {
  try {
    return await post(config.contact, { sheet_id: sheet.id, purpose });
  } catch (error) {
    if (error instanceof Refused) return { why: error.message };
    throw error;
  }
}
