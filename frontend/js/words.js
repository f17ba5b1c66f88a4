// Words of the interface come translated with the page (kit/words.py); none are written here.
const words = JSON.parse(document.getElementById("kit-words")?.textContent ?? "{}");

/** The words of a key, with {} filled in. */
export function word(key, value = "") {
  return (words[key] ?? key).replace("{}", value);
}
