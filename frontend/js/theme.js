// Changes the look at once and remembers it in a cookie; without script the form does it by POST.
const YEAR = 365 * 24 * 3600;

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form) return;
  event.preventDefault();
  const field = form.querySelector("[name=theme]");
  const chosen = field.value;
  const other = chosen === "elder" ? "song" : "elder";
  document.documentElement.dataset.theme = chosen;
  document.cookie = `kit_theme=${chosen};path=/;max-age=${YEAR};samesite=lax`;
  for (const each of document.querySelectorAll("[data-theme-form]")) {
    each.querySelector("[name=theme]").value = other;
    const button = each.querySelector("button");
    each.querySelector("[data-theme-words]").textContent = button.dataset[other];
  }
  window.dispatchEvent(new Event("resize"));
});
