// Filters that swap a list: keep sort and place of the address, leave out what is empty.
const named = (form) => new Set([...form.elements].map((field) => field.name).filter(Boolean));

document.addEventListener("htmx:configRequest", (event) => {
  const form = event.target.closest?.("[data-filters]");
  if (!form) return;
  const { parameters } = event.detail;
  const own = named(form);
  for (const [name, value] of new URLSearchParams(window.location.search)) {
    const hidden = form.querySelector(`input[type=hidden][name="${CSS.escape(name)}"]`);
    if (name !== "page" && (!own.has(name) || hidden)) parameters[name] = value;
  }
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
});

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-filters]");
  const reset = form?.querySelector("[data-filters-reset]");
  if (!reset) return;
  const set = [...form.elements].some((field) =>
    field.type === "checkbox" ? field.checked : field.type !== "hidden" && field.name && field.value,
  );
  reset.hidden = !set;
});
