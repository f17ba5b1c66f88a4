// GB/T 42195 on the phone: the same sums, levels, reasons and hints as engines/scoring/ability.py,
// from the same table, which the server sends. No number of the standard stands here.
// Pure: tests/flows/test_phone_scoring.py runs it in Node beside the Python engine.
const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/**
 * Score a sheet, whole or half filled in.
 * @param scale table as sent by the server
 * @param answers {b1_1: 4, ..., coma: 0, ..., risk_events: 1}; what is not answered is left out
 * @param words patterns of the sentences (assessor_phone/words.py)
 */
export function score(scale, answers, words) {
  const sums = {};
  const parts = [];
  for (const dimension of scale.dimensions) {
    const known = dimension.items.filter((item) => possible(item, answers[item.code]));
    const got = known.reduce((total, item) => total + answers[item.code], 0);
    const whole = known.length === dimension.items.length;
    sums[dimension.code] = whole ? got : null;
    parts.push({ code: dimension.code, name: dimension.name, full: dimension.full, got, done: known.length, of: dimension.items.length });
  }
  const values = Object.values(sums);
  const total = values.includes(null) ? null : values.reduce((a, b) => a + b, 0);
  const missing = [
    ...scale.dimensions.flatMap((one) => one.items).filter((item) => !possible(item, answers[item.code])),
    ...scale.adjustments.filter((rule) => !counted(rule, answers[rule.code])),
  ].map((one) => one.code);
  const result = { sums, parts, total, missing, preliminary: null, final: null, reasons: [], hints: [] };
  if (missing.length || total === null) {
    if (total !== null) result.preliminary = band(scale, total).rank;
    return result;
  }
  return { ...result, ...conclude(scale, total, answers, words), hints: hints(scale, answers, words) };
}

const possible = (item, value) => item.options.some((option) => option.points === value);
const counted = (rule, value) =>
  Number.isInteger(value) && value >= 0 && (rule.kind !== "yes_no" || value <= 1);

function band(scale, total) {
  return scale.levels.bands.find((one) => one.low <= total && total <= one.high);
}

const levelName = (scale, level) => scale.levels.bands.find((one) => one.rank === level).name;

function conclude(scale, total, answers, words) {
  const found = band(scale, total);
  const worst = Math.max(...scale.levels.bands.map((one) => one.rank));
  const met = scale.adjustments.filter((rule) => answers[rule.code] >= rule.at_least);
  const range = found.low === found.high ? fill(words.range_one, found) : fill(words.range, found);
  const reasons = [
    fill(words.reason_total, { total, range, level: found.rank, name: found.name, number: scale.number, clause: scale.levels.clause }),
  ];
  let level = found.rank;
  for (const rule of met.filter((one) => one.sets !== null)) {
    level = Math.max(level, rule.sets);
    reasons.push(fill(words.reason_sets, { told: told(rule, answers, words), level: rule.sets, clause: scale.adjust_clause }));
  }
  let left = scale.most_steps;
  for (const rule of met.filter((one) => one.sets === null)) {
    const steps = Math.min(rule.steps, left, worst - level);
    reasons.push(`${told(rule, answers, words)}，${stepWords(scale, level, worst, steps, words)}`);
    level += steps;
    left -= steps;
  }
  if (!met.length) reasons.push(fill(words.reason_none, { clause: scale.adjust_clause }));
  reasons.push(fill(words.reason_final, { level, name: levelName(scale, level), clause: scale.final_clause }));
  return { preliminary: found.rank, final: level, reasons };
}

function told(rule, answers, words) {
  const count = rule.kind === "count" ? fill(words.reason_count, { count: answers[rule.code] }) : "";
  return fill(words.reason_told, { says: rule.says, evidence: rule.evidence, count });
}

function stepWords(scale, level, worst, steps, words) {
  if (steps) return fill(words.steps_worse, { steps, clause: scale.adjust_clause });
  if (level >= worst) return fill(words.steps_end, { clause: scale.adjust_clause });
  const doubt = scale.steps_verified ? "" : words.steps_doubt;
  return fill(words.steps_most, { most: scale.most_steps, clause: scale.adjust_clause, doubt });
}

function hints(scale, answers, words) {
  const items = scale.dimensions.flatMap((one) => one.items);
  return scale.adjustments
    .filter((rule) => rule.expects && answers[rule.code] >= rule.at_least)
    .filter((rule) => answers[rule.expects.item] !== rule.expects.points)
    .map((rule) => {
      const item = items.find((one) => one.code === rule.expects.item);
      return fill(words.hint_expects, { says: rule.says, rule: rule.code, item: item.name, code: item.code, points: answers[item.code] });
    });
}

/** The circumstances of C.4 from Appendix A; what was not filled in is not known, and left out. */
export function circumstances(form, valueOf) {
  const found = {};
  for (const [name, rule] of Object.entries(form.circumstances)) {
    if (rule.sum) {
      const counts = rule.sum.map((field) => countOf(form, field, valueOf(field)));
      if (!counts.includes(null)) found[name] = counts.reduce((a, b) => a + b, 0);
    } else {
      const value = valueOf(rule.field);
      if (value === undefined || value === null || value.length === 0) continue;
      found[name] = [].concat(value).includes(rule.has) ? 1 : 0;
    }
  }
  return found;
}

function countOf(form, name, value) {
  const field = form.parts.flatMap((part) => part.fields).find((one) => one.name === name);
  const option = field?.options.find((one) => one.code === value);
  return option ? option.counts : null;
}
