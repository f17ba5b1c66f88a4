// Short messages. Good news leaves after eight seconds; what went wrong stays until closed.
import { all, onReady } from "./ready.js";

function arm(line) {
  if (line.dataset.armed) return;
  line.dataset.armed = "1";
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "关闭";
  close.addEventListener("click", () => line.remove());
  line.append(close);
  if (line.dataset.tone === "error" || line.dataset.tone === "warning") return;
  let timer = setTimeout(() => line.remove(), 8000);
  line.addEventListener("mouseenter", () => clearTimeout(timer));
  line.addEventListener("mouseleave", () => {
    timer = setTimeout(() => line.remove(), 4000);
  });
}

export function toast(words, tone = "info") {
  const line = document.createElement("p");
  line.className = "k-toast";
  line.dataset.toast = "";
  line.dataset.tone = tone;
  line.textContent = words;
  document.getElementById("toasts")?.append(line);
  arm(line);
}

onReady((root) => {
  for (const line of all(root, "[data-toast]")) arm(line);
});

// A view may send messages to an htmx page with the header HX-Trigger: {"kit:toast": {...}}.
document.addEventListener("kit:toast", (event) => toast(event.detail.text, event.detail.tone));

const WORDS = {
  403: "您没有办这件事的权限。",
  404: "这条记录已经不在了，请刷新页面。",
  0: "网络断了，刚才的操作没有办成，请检查网络后再试。",
};

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  toast(WORDS[status] ?? `没有办成（${status}），请刷新页面再试。`, "error");
});
document.addEventListener("htmx:sendError", (event) => {
  // A poll repeats by itself; only what the reader did is worth a word.
  if (!event.detail.elt.matches("[hx-trigger^=every]")) toast(WORDS[0], "error");
});
