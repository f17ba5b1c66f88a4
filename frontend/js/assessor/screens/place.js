// Where it happens: asked of the device, or not given and why. Refusing is an answer.
import { action, h, icon } from "../dom.js";
import { w } from "../words.js";

const known = { place: null };

export function placePicker(prefix) {
  const told = h("p", { class: "a-note", role: "status", id: `${prefix}-place` });
  const reasons = [w("place_declined"), w("place_no_signal"), w("place_other")].map((text) =>
    h("input", {
      type: "radio", name: `${prefix}-reason`, value: text, checked: known.place?.refused === text,
      onchange: () => {
        known.place = { refused: text };
        show();
      },
    }));
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
          for (const reason of reasons) reason.checked = false;
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
    element: h("div", { class: "a-place" }, h("h2", {}, icon("pin", 18), " ", w("place")), h("div", { class: "a-actions" }, take),
      h("p", { id: `${prefix}-why` }, w("place_or_why")),
      h("div", { class: "a-options", role: "radiogroup", "aria-labelledby": `${prefix}-why` }, reasons.map((input) => h("label", { class: "a-option" }, input, h("span", { class: "a-says" }, input.value)))),
      told),
  };
}

/** Another visit, another place. */
export const forgetPlace = () => {
  known.place = null;
};
