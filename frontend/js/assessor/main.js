// The assessor's form: an app of one page that works without network.
import { action, h, icon } from "./dom.js";
import { config } from "./config.js";
import { w } from "./words.js";
import * as model from "./model.js";
import * as store from "./store.js";
import { leave, soon, status, sync, watch } from "./sync.js";
import { drawList } from "./screens/list.js";
import { drawSheet } from "./screens/sheet.js";
import { drawQuestion } from "./screens/question.js";
import { drawTable } from "./screens/table.js";
import { drawConflicts } from "./screens/conflicts.js";
import { drawPhoto } from "./screens/photo.js";
import { drawSign } from "./screens/sign.js";
import { forgetPlace } from "./screens/place.js";

const main = document.getElementById("main");
const bar = document.getElementById("sync");
let shown = null;
let lastSheet = "";

const go = (address) => {
  if (window.location.hash === address) draw();
  else window.location.hash = address;
};

function screen() {
  if (!model.state.account) return locked();
  const [, kind, id, what, which] = decodeURIComponent(window.location.hash).split("/");
  if (kind !== "s") return drawList();
  const sheet = model.sheetOf(id);
  if (!sheet) return drawList();
  if (id !== lastSheet) forgetPlace();
  lastSheet = id;
  if (what === "q") return drawQuestion(sheet, which, go);
  if (what === "t") return drawTable(sheet, which);
  if (what === "conflicts") return drawConflicts(sheet);
  if (what === "photo") return drawPhoto(sheet);
  if (what === "sign") return drawSign(sheet, go);
  return drawSheet(sheet);
}

function locked() {
  if (status.kind === "working" || status.kind === "idle")
    return h("div", { class: "a-page" }, h("h1", { tabindex: -1 }, w("opening")), h("p", { class: "a-note" }, w("opening_note")));
  const text = status.kind === "not_ours" ? w("not_ours_text") : w("locked_text");
  return h("div", { class: "a-page" }, h("h1", { tabindex: -1 }, icon("lock", 24), " ", w("locked")), h("p", {}, text),
    h("div", { class: "a-actions" }, h("a", { class: "btn btn-primary a-big", href: config.login }, w("sign_in")), action(w("try_again"), { look: "btn a-big", onclick: sync })));
}

/** Draw the screen of the address; the heading gets the focus, so that it is read out. */
function draw() {
  shown = screen();
  main.replaceChildren(shown);
  document.getElementById("telling").replaceChildren(...(shown.telling ?? []));
  const heading = main.querySelector("h1");
  // Never somebody's name: the browser keeps titles in its history.
  document.title = `${shown.dataset.title ?? heading?.textContent ?? ""} · ${w("title")}`;
  window.scrollTo(0, 0);
  heading?.focus({ preventScroll: true });
  document.body.dataset.screen = window.location.hash || "#/";
}

/** New data came: draw again only where nothing is being typed or chosen. */
function refresh() {
  const [, kind, , what] = window.location.hash.split("/");
  if (kind === "s" && ["q", "t", "sign", "photo"].includes(what) && model.state.account && shown?.dataset.account === undefined) return;
  const focused = document.activeElement;
  const mark = focused && main.contains(focused) ? { id: focused.id, text: focused.textContent, tag: focused.tagName } : null;
  const top = window.scrollY;
  if (focused?.matches?.("#seek")) return;
  shown = screen();
  main.replaceChildren(shown);
  document.getElementById("telling").replaceChildren(...(shown.telling ?? []));
  window.scrollTo(0, top);
  if (!mark) return;
  const again = (mark.id && document.getElementById(mark.id)) || [...main.querySelectorAll(mark.tag)].find((one) => one.textContent === mark.text) || main.querySelector("h1");
  again?.focus({ preventScroll: true });
}

const SAYS = {
  working: ["sync_working", "info", "cloudUp"],
  offline: ["sync_offline", "warning", "cloudOff"],
  signed_out: ["sync_signed_out", "accent", "lock"],
  not_ours: ["sync_not_ours", "accent", "lock"],
  failed: ["sync_failed", "warning", "cloudOff"],
  leaving: ["sync_leaving", "info", "lock"],
};

function drawBar() {
  const conflicts = [...model.state.sheets.values()].reduce((sum, sheet) => sum + model.conflictsOf(sheet).length, 0);
  const refused = model.state.refused.length;
  const unsent = model.unsent();
  const at = model.state.synced ? model.state.synced.slice(11, 16) : "";
  let [key, tone, sign] = SAYS[status.kind] ?? (unsent ? ["sync_waiting", "info", "cloudUp"] : ["sync_done", "success", "check"]);
  // While a change cannot be kept nothing here says that it is.
  const texts = model.state.storage && key === "sync_waiting" ? [] : [w(key, { count: unsent, at })];
  if (unsent && key !== "sync_waiting" && !model.state.storage) texts.push(w("sync_kept", { count: unsent }));
  if (conflicts) texts.push(w("sync_conflicts", { count: conflicts }));
  if (refused) texts.push(w("sync_refused", { count: refused }));
  if ((conflicts || refused) && tone === "success") [tone, sign] = ["accent", "split"];
  if (model.state.storage) {
    [tone, sign] = ["error", "warn"];
    texts.unshift(model.state.storage);
  }
  if (model.state.broken) texts.push(w("sync_broken", { count: model.state.broken }));
  const text = texts.join(" · ");
  if (bar.dataset.text === text && bar.dataset.tone === tone) return;
  bar.dataset.text = text;
  bar.dataset.tone = tone;
  bar.className = `a-sync a-${tone}`;
  bar.replaceChildren(icon(sign, 18), h("span", {}, text));
  document.getElementById("again").replaceChildren(
    ["signed_out", "not_ours"].includes(status.kind) ? h("a", { class: "btn btn-sm", href: config.login }, w("sign_in"))
      : ["offline", "failed"].includes(status.kind) ? action(w("try_again"), { look: "btn btn-sm", onclick: sync }) : "");
}

function tools() {
  const theme = () => document.documentElement.dataset.theme;
  const large = action(w("large"), {
    look: "btn btn-sm", id: "large",
    onclick: () => {
      document.documentElement.dataset.theme = theme() === "elder" ? "song" : "elder";
      localStorage.setItem("assessor-look", theme());
      large.setAttribute("aria-pressed", String(theme() === "elder"));
    },
  });
  large.setAttribute("aria-pressed", String(theme() === "elder"));
  const out = action(w("leave"), {
    look: "btn btn-sm", id: "leave",
    onclick: () => {
      document.getElementById("leaving-text").textContent = model.unsent() ? w("leave_unsent", { count: model.unsent() }) : w("leave_sure");
      document.getElementById("leaving").showModal();
    },
  });
  document.getElementById("tools").append(large, out);
  document.getElementById("leaving-yes").addEventListener("click", () => {
    document.getElementById("leaving").close();
    leave();
  });
}

function watchBuild() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(config.worker, { scope: config.home }).catch(() => {});
}

async function start() {
  const look = localStorage.getItem("assessor-look");
  if (["song", "elder"].includes(look)) document.documentElement.dataset.theme = look;
  tools();
  await store.open();
  if (!(await store.isLeaving())) await model.load(await store.unlockOffline(Date.now()));
  model.onChange((what) => {
    if (what.merged || (what.sheet && !what.field)) refresh();
    drawBar();
  });
  window.addEventListener("hashchange", draw);
  document.addEventListener("keydown", (event) => {
    // Who types fast is ahead of the event that draws the next question: a key is for that one.
    if (shown && document.body.dataset.screen !== (window.location.hash || "#/")) draw();
    shown?.keys?.(event);
  });
  window.addEventListener("beforeunload", (event) => {
    if (model.isKeeping()) event.preventDefault();
  });
  watch();
  draw();
  drawBar();
  watchBuild();
  const wasLocked = !model.state.account;
  await sync();
  if (wasLocked) draw();
  else soon();
  document.body.dataset.ready = "yes";
}

if (!window.indexedDB || !window.crypto?.subtle || !Array.prototype.findLast) {
  main.querySelector("[data-wait]")?.remove();
} else {
  start().catch((error) => {
    main.replaceChildren(h("div", { class: "a-page" }, h("h1", {}, w("cannot_open")), h("p", {}, w("cannot_open_text")), h("p", { class: "a-note" }, String(error?.message ?? error))));
  });
}
