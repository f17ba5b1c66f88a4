// Fetches the chart and map code when the first picture appears.
import { all, onReady } from "./ready.js";

const address = (name) => document.querySelector(`meta[name="${name}"]`)?.content;

async function draw(kind, elements) {
  const module = await import(address(kind));
  for (const element of elements) {
    if (element.dataset.drawn) continue;
    element.dataset.drawn = "1";
    element.style.height = `${element.dataset.height}px`;
    const data = document.getElementById(element.dataset.chart ?? element.dataset.map);
    module.draw(element, JSON.parse(data.textContent));
  }
}

onReady((root) => {
  const charts = all(root, "[data-chart]");
  if (charts.length > 0) draw("kit-charts", charts);
  const maps = all(root, "[data-map]");
  if (maps.length > 0) draw("kit-maps", maps);
});
