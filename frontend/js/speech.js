// Reads a page aloud by the browser's own voice. Without one the button stays hidden.
import { all, onReady } from "./ready.js";
import { toast } from "./toasts.js";

const voice = "speechSynthesis" in window ? window.speechSynthesis : null;
let reading = null;

/** Short pieces: some browsers stop an utterance after fifteen seconds. */
function piecesOf(element) {
  const said = [];
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, {
    acceptNode: (node) =>
      node.parentElement.closest("script, style, dialog, [hidden], [data-read], [aria-hidden=true]")
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
  });
  const block = "p, li, h1, h2, h3, dt, dd, td, th, button, label, legend";
  let last = null;
  while (walk.nextNode()) {
    const words = walk.currentNode.textContent.replace(/\s+/g, " ").trim();
    if (!words) continue;
    const box = walk.currentNode.parentElement.closest(block);
    if (box !== null && box === last) said[said.length - 1] += words;
    else said.push(words);
    last = box;
  }
  return said.flatMap((line) => line.match(/[^。！？；]+[。！？；]?/g) ?? []);
}

function stop() {
  voice.cancel();
  if (!reading) return;
  reading.querySelector("[data-read-words]").textContent = reading.dataset.start;
  reading.setAttribute("aria-pressed", "false");
  reading = null;
}

function begin(button) {
  const pieces = piecesOf(document.getElementById(button.dataset.read) ?? document.body);
  reading = button;
  button.setAttribute("aria-pressed", "true");
  button.querySelector("[data-read-words]").textContent = button.dataset.stop;
  const chinese = voice.getVoices().find((one) => one.lang.toLowerCase().startsWith("zh"));
  pieces.forEach((piece, place) => {
    const words = new SpeechSynthesisUtterance(piece);
    words.lang = "zh-CN";
    words.rate = 0.9;
    if (chinese) words.voice = chinese;
    if (place === pieces.length - 1) words.onend = () => reading === button && stop();
    words.onerror = (event) => {
      if (reading !== button || event.error === "canceled" || event.error === "interrupted") return;
      stop();
      toast(button.dataset.failed, "error");
    };
    voice.speak(words);
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-read]");
  if (!button || !voice) return;
  button.dataset.start ??= button.querySelector("[data-read-words]").textContent;
  const same = reading === button;
  stop();
  if (!same) begin(button);
});

onReady((root) => {
  if (!voice) return;
  for (const button of all(root, "[data-read]")) button.hidden = false;
});
window.addEventListener("pagehide", () => voice?.cancel());
