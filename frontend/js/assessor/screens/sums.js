// What the answers add up to: a line that follows every answer, and the whole card.
import { h, icon } from "../dom.js";
import { w } from "../words.js";
import * as model from "../model.js";

/** One line: the dimension being answered, the whole, the level as soon as it is known. */
export function sumLine(sheet, dimension) {
  const result = model.scoreOf(sheet);
  const part = result.parts.find((one) => one.code === dimension);
  const told = [];
  if (part) told.push(w("sum_part", part));
  const scale = model.scaleOf(sheet);
  const level = (rank) => scale.levels.bands.find((one) => one.rank === rank).name;
  if (result.total === null) {
    const done = result.parts.reduce((sum, one) => sum + one.done, 0);
    const of = result.parts.reduce((sum, one) => sum + one.of, 0);
    told.push(w("sum_open", { done, of, got: result.parts.reduce((sum, one) => sum + one.got, 0) }));
  } else {
    told.push(w("sum_total", { total: result.total }));
    told.push(result.final === null ? w("level_preliminary", { level: result.preliminary, name: level(result.preliminary) }) : w("level_final", { level: result.final, name: level(result.final) }));
  }
  return told.join("；");
}

export function sumCard(sheet) {
  const result = model.scoreOf(sheet);
  const scale = model.scaleOf(sheet);
  const level = (rank) => scale.levels.bands.find((one) => one.rank === rank).name;
  return h("section", { class: "a-card", "aria-labelledby": "sums" },
    h("h2", { id: "sums" }, w("sums")),
    h("table", { class: "a-sums" },
      h("caption", { class: "sr-only" }, w("sums")),
      h("thead", {}, h("tr", {}, [w("col_part"), w("col_answered"), w("col_points")].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, result.parts.map((part) =>
        h("tr", {}, h("th", { scope: "row" }, part.name), h("td", { class: "num" }, `${part.done}/${part.of}`), h("td", { class: "num" }, part.done === part.of ? `${part.got}/${part.full}` : w("so_far", { got: part.got })))))),
    result.total === null ? h("p", { class: "a-note" }, w("no_level_yet"))
      : h("p", { class: "a-level" }, h("b", {}, w("sum_total", result)), " ", result.final === null ? w("level_preliminary", { level: result.preliminary, name: level(result.preliminary) }) : w("level_final", { level: result.final, name: level(result.final) })),
    result.total !== null && result.final === null ? h("p", { class: "a-note" }, w("circumstances_missing")) : null,
    result.reasons.length ? h("ol", { class: "a-reasons" }, result.reasons.map((text) => h("li", {}, text))) : null,
    result.hints.map((text) => h("p", { class: "a-notice a-warning" }, icon("warn", 18), text)),
    result.reasons.length && scale.unverified.length ? h("details", { class: "a-note" }, h("summary", {}, w("unverified")), h("ul", {}, scale.unverified.map((text) => h("li", {}, text)))) : null,
    h("p", { class: "a-note" }, w("server_decides")));
}
