// Shows the print buttons of the page, which without script would do nothing.
import { all, onReady } from "./ready.js";

onReady((root) => {
  for (const button of all(root, "[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
});
