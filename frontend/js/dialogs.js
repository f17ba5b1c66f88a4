// Native <dialog>: opening, closing, and a question before a bulk action.
import { word } from "./words.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog-open]");
  if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
  const closer = event.target.closest?.("[data-dialog-close]");
  if (closer) closer.closest("dialog")?.close();
  // A click on the darkened page around the dialog.
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

/** Ask a question in a dialog; resolves to true when the reader confirms. */
export function ask(question, yes, no, tone) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "k-dialog";
    const title = document.createElement("h2");
    title.textContent = question;
    const tools = document.createElement("div");
    tools.className = "k-dialog-tools";
    const refuse = button(no, "btn");
    const agree = button(yes, tone === "error" ? "btn btn-error" : "btn btn-primary");
    let answer = false;
    refuse.addEventListener("click", () => dialog.close());
    agree.addEventListener("click", () => {
      answer = true;
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    tools.append(refuse, agree);
    dialog.append(title, tools);
    dialog.setAttribute("aria-label", question);
    document.body.append(dialog);
    dialog.showModal();
    refuse.focus();
  });
}

function button(words, look) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = words;
  return made;
}

document.addEventListener("click", async (event) => {
  const pressed = event.target.closest?.("button[data-confirm]");
  if (!pressed || pressed.disabled || pressed.dataset.confirmed) return;
  event.preventDefault();
  const chosen = pressed.form?.querySelectorAll("[name=chosen]:checked").length ?? 0;
  const question = pressed.dataset.confirm.replace("%d", chosen);
  const tone = pressed.classList.contains("btn-error") ? "error" : "primary";
  const yes = pressed.textContent.trim();
  if (await ask(question, yes, word("not_now"), tone)) {
    pressed.dataset.confirmed = "1";
    pressed.form.requestSubmit(pressed);
    delete pressed.dataset.confirmed;
  } else {
    pressed.focus();
  }
});
