// A picture taken at the visit: made small here, kept sealed, sent when there is network.
import { action, h, icon } from "../dom.js";
import { w } from "../words.js";
import * as model from "../model.js";
import { sync } from "../sync.js";
import { placePicker } from "./place.js";

const LONGEST = 1280;
const MOST = 6;

export function drawPhoto(sheet) {
  const told = h("p", { class: "a-kept", role: "status" });
  const error = h("p", { class: "a-error", role: "alert" });
  const waiting = h("ul", { class: "a-photos" });
  const place = placePicker("photo");
  const show = () => {
    const own = model.actsOf(sheet, "photo");
    waiting.replaceChildren(...own.map((act, index) =>
      h("li", {}, h("img", { src: `data:image/jpeg;base64,${act.picture}`, alt: w("photo_number", { number: index + 1 }) }),
        action(w("remove_photo"), { look: "btn btn-sm", onclick: async () => {
          await model.dropAct(act);
          show();
        } }))));
    count.textContent = w("photo_count", { sent: sheet.photos ?? 0, waiting: own.length });
    input.disabled = (sheet.photos ?? 0) + own.length >= MOST;
  };
  const count = h("p", { class: "a-note" });
  const input = h("input", {
    type: "file", accept: "image/*", capture: "environment", id: "camera", class: "a-file",
    onchange: async () => {
      error.textContent = "";
      const file = input.files[0];
      if (!file) return;
      try {
        const picture = await small(file);
        await model.addAct(sheet, "photo", { picture, place: place.value() });
        told.textContent = w("photo_kept");
        sync();
      } catch {
        error.textContent = w("photo_unreadable");
      }
      input.value = "";
      show();
    },
  });
  show();
  return h("div", { class: "a-page" },
    h("a", { class: "a-back", href: `#/s/${sheet.id}` }, icon("back", 18), sheet.person.name),
    h("h1", { tabindex: -1 }, w("photo")),
    h("p", { class: "a-note" }, w("photo_note")),
    h("div", { class: "a-card" }, place.element),
    h("label", { class: "a-camera", for: "camera" }, icon("camera", 24), w("take_photo")), input,
    error, told, count, waiting,
    action(w("to_overview"), { href: `#/s/${sheet.id}`, look: "btn a-big" }));
}

/** A JPEG of at most 1280 px as base64; what the camera writes beside the picture is left behind. */
async function small(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = h("canvas", { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
}
