// "/" goes to the search box; arrows move over rows and menu items; Enter opens (native link).
const ROW = "tr[data-href], li[data-href]";
const typing = (element) =>
  element.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName);

const linkOf = (row) => row.querySelector("a[href]") ?? row;

function rowsAround(element) {
  const row = element.closest(ROW);
  if (row) return { rows: [...row.parentElement.querySelectorAll(`:scope > :is(${ROW})`)], row };
  const region = element.matches(".k-table-scroll, [data-search]") ? document : null;
  const scope = element.matches(".k-table-scroll") ? element : document.querySelector("main");
  return region && scope ? { rows: [...scope.querySelectorAll(ROW)], row: null } : null;
}

function moveRow(event, step) {
  const here = document.activeElement;
  if (typing(here) && !here.matches("[data-search]")) return;
  if (here.matches("[data-search]") && step < 0) return;
  const around = rowsAround(here);
  if (!around || around.rows.length === 0) return;
  const place = around.row ? around.rows.indexOf(around.row) + step : 0;
  const next = around.rows[Math.max(0, Math.min(around.rows.length - 1, place))];
  const link = linkOf(next);
  if (link === next) next.tabIndex = 0;
  link.focus();
  next.scrollIntoView({ block: "nearest" });
  event.preventDefault();
}

function moveMenu(event, step) {
  const menu = document.activeElement.closest("details[data-menu][open]");
  if (!menu) return false;
  const items = [...menu.querySelectorAll("a, button, input")].filter((item) => item.offsetParent);
  const place = items.indexOf(document.activeElement) + step;
  items[(place + items.length) % items.length]?.focus();
  event.preventDefault();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = document.activeElement;
  if (event.key === "/" && !typing(here)) {
    const box = document.querySelector("[data-search]");
    if (box) {
      box.focus();
      box.select();
      event.preventDefault();
    }
  } else if (event.key === "Escape" && here.matches("[data-search]")) {
    here.blur();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (!moveMenu(event, step)) moveRow(event, step);
  } else if (/^[1-9]$/.test(event.key) && !typing(here)) {
    // A page may give its answers numbers: <button data-key="1">.
    const answer = document.querySelector(`main [data-key="${event.key}"]`);
    if (answer && !document.querySelector("dialog[open]")) {
      answer.click();
      event.preventDefault();
    }
  } else if (event.key === "Enter" && here.matches(ROW)) {
    window.location.assign(here.dataset.href);
  }
});

// A click anywhere on a row opens it, except on its own controls or while text is being selected.
document.addEventListener("click", (event) => {
  const row = event.target.closest?.(ROW);
  if (!row || event.defaultPrevented || event.button !== 0) return;
  if (event.target.closest("a, button, input, select, label, summary, dialog, .k-choose")) return;
  if (String(window.getSelection()).length > 0) return;
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
  else window.location.assign(row.dataset.href);
});
