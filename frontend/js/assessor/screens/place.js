// Where it happens: asked of the device, or not given and why. Refusing is an answer.
import { action, h, icon } from "../dom.js";
import { w } from "../words.js";

const known = { place: null };

export function placePicker(prefix) {
  const told = h("p", { class: "a-note", role: "status", id: `${prefix}-place` });
  const reason = h("select", { class: "select a-input", id: `${prefix}-reason`, onchange: () => {
    known.place = reason.value ? { refused: reason.value } : null;
    show();
  } }, h("option", { value: "" }, w("place_choose")), [w("place_declined"), w("place_no_signal"), w("place_other")].map((text) => h("option", { value: text }, text)));
  const show = () => {
    const { place } = known;
    if (!place) told.textContent = w("place_none");
    else if (place.refused) told.textContent = w("place_refused", { why: place.refused });
    else told.textContent = w("place_known", { accuracy: Math.round(place.accuracy) });
  };
  const take = action(w("place_take"), {
    sign: "pin",
    onclick: () => {
      told.textContent = w("asking");
      if (!navigator.geolocation) {
        told.textContent = w("place_unavailable");
        return;
      }
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          known.place = { lat: coords.latitude, lng: coords.longitude, accuracy: coords.accuracy };
          reason.value = "";
          show();
        },
        (error) => {
          told.textContent = error.code === 1 ? w("place_denied") : w("place_failed");
        },
        { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
      );
    },
  });
  show();
  return {
    value: () => known.place,
    element: h("div", { class: "a-place" }, h("h2", {}, icon("pin", 18), w("place")), h("div", { class: "a-actions" }, take),
      h("label", { for: `${prefix}-reason` }, w("place_or_why")), reason, told),
  };
}

/** Another visit, another place. */
export const forgetPlace = () => {
  known.place = null;
};
