// Short messages. Good news leaves after eight seconds; what went wrong stays until closed.
import { all, onReady } from "./ready.js";
import { word } from "./words.js";

function arm(line) {
  if (line.dataset.armed) return;
  line.dataset.armed = "1";
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = word("close");
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

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  const known = [403, 404].includes(status) ? word(`failed_${status}`) : word("failed", status);
  toast(known, "error");
});
document.addEventListener("htmx:sendError", (event) => {
  // A poll repeats by itself; only what the reader did is worth a word.
  if (!event.detail.elt.matches("[hx-trigger^=every]")) toast(word("failed_offline"), "error");
});
