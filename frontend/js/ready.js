// Runs a function on the page and again on every part that htmx brings in.
const runners = [];

export function onReady(run) {
  runners.push(run);
}

function runAll(root) {
  for (const run of runners) run(root);
}

/** Elements inside root that match, root itself included. */
export function all(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) found.unshift(root);
  return found;
}

export function start() {
  document.documentElement.classList.add("js");
  runAll(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) runAll(event.target);
  });
}

/** Safe storage: a reader may have forbidden it. */
export const memory = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Nothing is lost but the memory of a choice.
    }
  },
};
