// Draws charts from {option, kind, unit, urls} with the colours and type of the theme.
import { BarChart, LineChart, PieChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import { word } from "./words.js";

echarts.use([
  AriaComponent,
  BarChart,
  GridComponent,
  LabelLayout,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  PieChart,
  SVGRenderer,
  TooltipComponent,
]);

/** Width in pixels of a picture on an upright A4 page. */
const PAPER = 620;

const figure = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 2 });
const say = (value, unit) => {
  if (value === null || value === undefined) return word("no_data");
  return unit === "%" ? `${figure.format(value)}%` : `${figure.format(value)} ${unit}`.trim();
};

const stripe = (turn) => ({
  color: "rgba(255, 255, 255, 0.32)",
  symbol: "rect",
  dashArrayX: [1, 0],
  dashArrayY: [1.5, 7],
  rotation: turn,
});
const DECALS = [
  { symbol: "none" },
  stripe(Math.PI / 4),
  stripe(-Math.PI / 4),
  { color: "rgba(255, 255, 255, 0.4)", symbol: "circle", dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [6, 0], symbolSize: 0.6 },
  stripe(0),
  stripe(Math.PI / 2),
];

function tokens() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  const size = parseFloat(style.fontSize);
  return {
    text: read("--color-base-content"),
    muted: read("--color-muted"),
    line: read("--color-line"),
    edge: read("--color-edge"),
    paper: read("--color-base-100"),
    accent: read("--color-accent"),
    font: getComputedStyle(document.body).fontFamily,
    size: Math.round(size * 0.875),
    palette: [
      read("--color-primary"),
      "#c0801f",
      read("--color-info"),
      "#8a5a83",
      "#7f8a86",
      "#5d9c8d",
    ],
    // Words inside a bar must be readable on its colour.
    onPalette: ["#ffffff", "#1f2a28", "#ffffff", "#ffffff", "#1f2a28", "#1f2a28"],
  };
}

/** Few names that do not fit beside one another are broken into lines; a name is never left out. */
function broken(names, look, width) {
  const each = Math.floor((width - 72) / names.length) - 6;
  const longest = Math.max(...names.map((name) => [...String(name)].length));
  if (names.length > 8 || each < 2.5 * look.size || longest * look.size <= each) return {};
  return { interval: 0, hideOverlap: false, width: each, overflow: "break", lineHeight: look.size * 1.3 };
}

/** Names beside lying bars leave the bars more than half of the width. */
function beside(names, look, width) {
  const most = Math.round(width * 0.4);
  const longest = Math.max(...names.map((name) => [...String(name)].length));
  return longest * look.size <= most ? {} : { width: most, overflow: "break", lineHeight: look.size * 1.3 };
}

function axis(given, look, unit, others, bare, width) {
  const text = { color: look.text, fontSize: look.size, fontFamily: look.font };
  if (given.type === "value") {
    return {
      ...given,
      axisLabel: {
        ...text,
        show: !bare,
        color: look.muted,
        formatter: (value) => figure.format(value),
        hideOverlap: true,
      },
      splitLine: { show: !bare, lineStyle: { color: look.line } },
      axisLine: { show: false },
      axisTick: { show: false },
      max: unit === "%" ? Math.max(100, others) : bare ? "dataMax" : undefined,
    };
  }
  return {
    ...given,
    axisLabel: {
      ...text,
      hideOverlap: !given.inverse,
      interval: given.inverse ? 0 : "auto",
      ...(given.inverse ? beside(given.data, look, width) : broken(given.data, look, width)),
    },
    axisLine: { lineStyle: { color: look.edge } },
    axisTick: { show: false },
  };
}

function row(given, look, payload, many, place) {
  const text = { color: look.text, fontSize: look.size, fontFamily: look.font };
  const drawn = { ...given, emphasis: { focus: many ? "series" : "none" } };
  if (given.type === "bar") {
    drawn.barMaxWidth = payload.kind === "bar" ? 22 : 40;
    drawn.itemStyle = { borderRadius: given.stack ? 0 : payload.kind === "bar" ? [0, 3, 3, 0] : [3, 3, 0, 0] };
    if (given.stack) {
      drawn.label = {
        ...text,
        show: true,
        color: look.onPalette[place % look.onPalette.length],
        formatter: ({ value }) => (value ? figure.format(value) : ""),
      };
      drawn.labelLayout = (part) => (part.rect.width < part.labelRect.width + 4 ? { fontSize: 0.01 } : {});
    } else if (!many) {
      drawn.label = {
        ...text,
        show: true,
        position: payload.kind === "bar" ? "right" : "top",
        formatter: ({ value }) => (payload.unit === "%" ? `${figure.format(value)}%` : figure.format(value)),
      };
      drawn.labelLayout = { hideOverlap: true };
    }
  }
  if (given.type === "line") {
    Object.assign(drawn, { symbolSize: 7, lineStyle: { width: 2.5 }, connectNulls: false });
  }
  if (given.type === "pie") {
    drawn.label = { ...text, overflow: "none", formatter: (part) => `${part.name}\n${Math.round(part.percent)}%` };
    drawn.labelLine = { lineStyle: { color: look.edge } };
    drawn.itemStyle = { borderColor: look.paper, borderWidth: 2 };
  }
  if (given.markLine) {
    drawn.markLine = {
      ...given.markLine,
      lineStyle: { color: look.accent, type: "dashed", width: 2 },
      label: {
        ...text,
        color: look.accent,
        position: payload.kind === "bar" ? "end" : "insideEndTop",
        formatter: ({ value }) => word("target", say(value, payload.unit)),
      },
    };
  }
  return drawn;
}

function dressed(payload, width) {
  const look = tokens();
  const { option } = payload;
  const many = option.series.length > 1;
  const text = { color: look.text, fontSize: look.size, fontFamily: look.font };
  const largest = Math.max(0, ...option.series.flatMap((one) => one.data.map((value) => value?.value ?? value ?? 0)));
  const full = {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    color: look.palette,
    textStyle: { fontFamily: look.font },
    tooltip: {
      trigger: payload.kind === "pie" ? "item" : "axis",
      axisPointer: { type: payload.kind === "line" ? "line" : "shadow" },
      confine: true,
      borderColor: look.edge,
      textStyle: text,
      valueFormatter: (value) => say(value, payload.unit),
    },
    series: option.series.map((one, place) => row(one, look, payload, many, place)),
    // Colour is never the only sign: several series also differ in pattern.
    aria: { enabled: true, label: { enabled: false }, decal: { show: many || payload.kind === "pie", decals: DECALS } },
  };
  if (option.xAxis) {
    full.grid = { left: 8, right: payload.kind === "bar" && !many ? 56 : 20, top: many ? 14 + 26 * legendRows(option, look, width) : payload.kind === "bar" ? 4 : 28, bottom: 4, containLabel: true };
    // Where every bar carries its number, the scale says nothing more.
    const bare = !many && option.series[0].type === "bar" && !option.series[0].markLine;
    full.xAxis = axis(option.xAxis, look, payload.unit, largest, bare, width);
    full.yAxis = axis(option.yAxis, look, payload.unit, largest, bare, width);
  }
  if (payload.kind === "pie" && width < 420) pieOnPhone(full, option, text);
  if (option.legend) full.legend = { ...option.legend, top: 0, left: 0, itemGap: 18, textStyle: text };
  return full;
}

/** How many lines the names of the series take above a chart of this width. */
function legendRows(option, look, width) {
  const names = option.legend?.data ?? option.series.map((one) => one.name ?? "");
  let [rows, used] = [1, 0];
  for (const name of names) {
    const own = 48 + look.size * [...String(name?.name ?? name)].length;
    if (used && used + own > width) [rows, used] = [rows + 1, 0];
    used += own;
  }
  return rows;
}

/** No room for words around the ring: they go into a legend under it, with their share. */
function pieOnPhone(full, option, text) {
  const { data } = option.series[0];
  const total = data.reduce((sum, part) => sum + (part.value ?? 0), 0);
  const share = new Map(data.map((part) => [part.name, Math.round((part.value / total) * 100)]));
  full.legend = { bottom: 0, left: 0, itemGap: 8, textStyle: text, formatter: (name) => `${name} ${share.get(name)}%` };
  full.series[0].label = { show: false };
  full.series[0].center = ["50%", "36%"];
  full.series[0].radius = ["34%", "62%"];
}

/** Draw one chart and keep it in step with size, theme and print. */
export function draw(element, payload) {
  const chart = echarts.init(element, null, { renderer: "svg" });
  const paint = () => chart.setOption(dressed(payload, element.clientWidth), true);
  paint();
  if (payload.urls.length > 0) {
    chart.on("click", ({ dataIndex }) => {
      const url = payload.urls[dataIndex];
      if (url) window.location.assign(url);
    });
  }
  let narrow = element.clientWidth < 420;
  new ResizeObserver(() => {
    chart.resize();
    if (element.clientWidth < 420 !== narrow) {
      narrow = !narrow;
      paint();
    }
  }).observe(element);
  new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  // Paper is laid out at once: the picture must have the width of a page before that, unanimated.
  window.addEventListener("beforeprint", () => {
    chart.resize({ width: PAPER, animation: { duration: 0 } });
    chart.getZr().flush();
  });
  window.addEventListener("afterprint", () => chart.resize({ width: "auto" }));
}
