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

const figure = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 2 });
const say = (value, unit) => {
  if (value === null || value === undefined) return "没有数据";
  return unit === "%" ? `${figure.format(value)}%` : `${figure.format(value)} ${unit}`.trim();
};

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
      "#c98a2b",
      read("--color-info"),
      "#8a5a83",
      read("--color-edge"),
      "#6aab9b",
    ],
  };
}

function axis(given, look, unit, others) {
  const text = { color: look.text, fontSize: look.size, fontFamily: look.font };
  if (given.type === "value") {
    return {
      ...given,
      axisLabel: { ...text, color: look.muted, formatter: (value) => figure.format(value), hideOverlap: true },
      splitLine: { lineStyle: { color: look.line } },
      axisLine: { show: false },
      axisTick: { show: false },
      max: unit === "%" ? Math.max(100, others) : undefined,
    };
  }
  return {
    ...given,
    axisLabel: { ...text, hideOverlap: !given.inverse, interval: given.inverse ? 0 : "auto" },
    axisLine: { lineStyle: { color: look.edge } },
    axisTick: { show: false },
  };
}

function row(given, look, payload, many) {
  const text = { color: look.text, fontSize: look.size, fontFamily: look.font };
  const drawn = { ...given, emphasis: { focus: many ? "series" : "none" } };
  if (given.type === "bar") {
    drawn.barMaxWidth = 20;
    drawn.itemStyle = { borderRadius: given.stack ? 0 : payload.kind === "bar" ? [0, 3, 3, 0] : [3, 3, 0, 0] };
    if (!given.stack && !many) {
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
    drawn.label = { ...text, formatter: (part) => `${part.name}\n${say(part.value, payload.unit)}（${part.percent}%）` };
    drawn.labelLine = { lineStyle: { color: look.edge } };
    drawn.itemStyle = { borderColor: look.paper, borderWidth: 2 };
  }
  if (given.markLine) {
    drawn.markLine = {
      ...given.markLine,
      lineStyle: { color: look.accent, type: "dashed", width: 2 },
      label: { ...text, color: look.accent, formatter: ({ value }) => `目标 ${say(value, payload.unit)}` },
    };
  }
  return drawn;
}

function dressed(payload) {
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
    series: option.series.map((one) => row(one, look, payload, many)),
    // Colour is never the only sign: several series also differ in pattern.
    aria: { enabled: true, label: { enabled: false }, decal: { show: many || payload.kind === "pie" } },
  };
  if (option.xAxis) {
    full.grid = { left: 8, right: payload.kind === "bar" ? 64 : 20, top: many ? 44 : 28, bottom: 8, containLabel: true };
    full.xAxis = axis(option.xAxis, look, payload.unit, largest);
    full.yAxis = axis(option.yAxis, look, payload.unit, largest);
  }
  if (option.legend) full.legend = { ...option.legend, top: 0, left: 0, itemGap: 18, textStyle: text };
  return full;
}

/** Draw one chart and keep it in step with size, theme and print. */
export function draw(element, payload) {
  const chart = echarts.init(element, null, { renderer: "svg" });
  const paint = () => chart.setOption(dressed(payload), true);
  paint();
  if (payload.urls.length > 0) {
    chart.on("click", ({ dataIndex }) => {
      const url = payload.urls[dataIndex];
      if (url) window.location.assign(url);
    });
  }
  new ResizeObserver(() => chart.resize()).observe(element);
  new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  window.addEventListener("beforeprint", () => chart.resize({ width: 640 }));
  window.addEventListener("afterprint", () => chart.resize({ width: "auto" }));
}
