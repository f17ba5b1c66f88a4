// Forms: warning before unsaved changes are lost, drop zone, focus on the error summary.
import { all, onReady } from "./ready.js";

const changed = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => changed.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  const left = [...changed].some((form) => form.isConnected);
  if (left) event.preventDefault();
});

const sizeWords = (bytes) =>
  bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

function listFiles(zone) {
  const input = zone.querySelector("input[type=file]");
  const list = zone.querySelector("[data-drop-files]");
  list.replaceChildren(
    ...[...input.files].map((file) => {
      const line = document.createElement("span");
      line.textContent = `${file.name}（${sizeWords(file.size)}）`;
      return line;
    }),
  );
}

function wire(zone) {
  const input = zone.querySelector("input[type=file]");
  if (!input) return;
  input.addEventListener("change", () => listFiles(zone));
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("k-drop-over");
    });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("k-drop-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("k-drop-over");
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

onReady((root) => {
  for (const zone of all(root, "[data-drop]")) wire(zone);
  for (const box of all(root, "[data-focus]")) box.focus();
  // Shown only where no script runs: filters that apply themselves need no button.
  for (const button of all(root, "[data-js-hide]")) button.hidden = true;
});
