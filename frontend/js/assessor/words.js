// Words come translated with the page (assessor_phone/words.py); none are written in scripts.
const words = JSON.parse(document.getElementById("phone-words")?.textContent ?? "{}");

/** The words of a key, `{name}` filled in from `values`. An unknown key shows itself. */
export function w(key, values = {}) {
  return fill(words[key] ?? key, values);
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
