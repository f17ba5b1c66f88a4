// A row of tabs that is wider than the window begins at the one that is open.
import { all, onReady } from "./ready.js";

onReady((root) => {
  for (const tab of all(root, ".k-tabs a[aria-current]"))
    tab.scrollIntoView({ block: "nearest", inline: "center" });
});
