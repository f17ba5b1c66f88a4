// Small elements by hand: no framework on a phone that loads this over a village line.
import back from "lucide-static/icons/arrow-left.svg";
import camera from "lucide-static/icons/camera.svg";
import check from "lucide-static/icons/circle-check.svg";
import cloudOff from "lucide-static/icons/cloud-off.svg";
import cloudUp from "lucide-static/icons/cloud-upload.svg";
import list from "lucide-static/icons/list-checks.svg";
import lock from "lucide-static/icons/lock.svg";
import pen from "lucide-static/icons/pen-line.svg";
import pin from "lucide-static/icons/map-pin.svg";
import phone from "lucide-static/icons/phone.svg";
import search from "lucide-static/icons/search.svg";
import split from "lucide-static/icons/git-compare.svg";
import table from "lucide-static/icons/table-2.svg";
import warn from "lucide-static/icons/triangle-alert.svg";

const ICONS = {
  back, camera, check, cloudOff, cloudUp, list, lock, pen, pin, phone, search, split, table, warn,
};

/** An element: `h("p", {class: "x", onclick: f}, "text", child)`; null children are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A line icon in the colour of the text; told by the words beside it. */
export function icon(name, size = 20) {
  const parsed = new DOMParser().parseFromString(ICONS[name], "image/svg+xml");
  const svg = document.importNode(parsed.documentElement, true);
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "k-icon");
  return svg;
}

export function badge(text, tone, sign) {
  return h("span", { class: `k-status a-badge a-${tone}` }, sign ? icon(sign, 16) : null, text);
}

export function progress(done, total, label) {
  const bar = h("progress", { class: "a-progress", max: Math.max(total, 1), "aria-label": label });
  bar.value = done;
  return bar;
}

/** A link that looks like a button, or a button. */
export function action(text, { href, onclick, look = "btn", sign, disabled, type = "button", id, describedby } = {}) {
  const inside = [sign ? icon(sign, 20) : null, text];
  if (href) return h("a", { class: look, href, id }, inside);
  return h("button", { class: look, type, onclick, disabled, id, "aria-describedby": describedby }, inside);
}
