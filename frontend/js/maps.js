// Draws maps from our own shapes and points. No tiles, no glyph server: labels are HTML.
import {
  LngLatBounds,
  Map as Picture,
  Marker,
  NavigationControl,
  Popup,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import { word } from "./words.js";

const SHADES = ["#dcebe6", "#a9cfc4", "#6aab9b", "#2f7f70", "#0b4a40"];
const NO_DATA = "#d5d3cd";
const LAND = "#f2f4f1";
const TONES = {
  accent: "#b0500a",
  success: "#1e6b3a",
  warning: "#855600",
  error: "#a32a22",
  info: "#1f5f99",
  neutral: "#55605d",
  plain: "#0f5f52",
};

const LOCALE = {
  "Map.Title": word("map"),
  "NavigationControl.ZoomIn": word("zoom_in"),
  "NavigationControl.ZoomOut": word("zoom_out"),
  "NavigationControl.ResetBearing": word("north"),
  "ScaleControl.Meters": word("metres"),
  "ScaleControl.Kilometers": word("kilometres"),
  "Popup.Close": word("close"),
  "Marker.Title": word("map_marker"),
  "CooperativeGesturesHandler.WindowsHelpText": word("map_keys"),
  "CooperativeGesturesHandler.MacHelpText": word("map_keys_mac"),
  "CooperativeGesturesHandler.MobileHelpText": word("map_touch"),
};

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;

const shadeColour = ["match", ["get", "shade"], ...SHADES.flatMap((hue, place) => [place, hue]), NO_DATA];
const toneColour = [
  "match",
  ["get", "tone"],
  ...Object.entries(TONES).flatMap(([tone, hue]) => [tone, hue]),
  TONES.plain,
];

function* pointsOf(geometry) {
  const walk = function* (part) {
    if (typeof part[0] === "number") yield part;
    else for (const inner of part) yield* walk(inner);
  };
  yield* walk(geometry.coordinates);
}

function boundsOf(payload) {
  const bounds = new LngLatBounds();
  for (const set of [payload.shapes, payload.seats, payload.spots]) {
    for (const feature of set.features) {
      for (const point of pointsOf(feature.geometry)) bounds.extend(point);
    }
  }
  return bounds;
}

/** Middle of the largest ring, weighted by area. */
function middleOf(geometry) {
  if (geometry.type === "Point") return geometry.coordinates;
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  let best = { area: 0, point: polygons[0][0][0] };
  for (const [ring] of polygons) {
    let area = 0;
    let x = 0;
    let y = 0;
    for (let place = 0; place < ring.length - 1; place += 1) {
      const [ax, ay] = ring[place];
      const [bx, by] = ring[place + 1];
      const cross = ax * by - bx * ay;
      area += cross;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
    }
    if (Math.abs(area) > best.area) {
      best = { area: Math.abs(area), point: [x / (3 * area), y / (3 * area)] };
    }
  }
  return best.point;
}

function words(...lines) {
  const box = document.createElement("div");
  box.className = "k-map-popup";
  for (const line of lines) if (line) box.append(line);
  return box;
}

function line(text, tag = "p") {
  if (!text) return null;
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function linkTo(url) {
  if (!url) return null;
  const made = document.createElement("a");
  made.href = url;
  made.className = "link";
  made.textContent = word("open");
  return made;
}

function popup(map, at, tags) {
  const known = tags.words || (tags.shade === -1 ? word("no_data") : "");
  new Popup({ maxWidth: "18rem", locale: LOCALE })
    .setLngLat(at)
    .setDOMContent(words(line(tags.name, "b"), line(known), line(tags.note), linkTo(tags.url)))
    .addTo(map);
}

const radiusOf = (size) => 8 + 22 * Math.sqrt(size);

function label(map, feature) {
  const { name, words: number, shade, size } = feature.properties;
  const box = document.createElement("div");
  const seat = feature.geometry.type === "Point";
  box.className = "k-map-label";
  box.append(name, line(number || word("no_data"), "b"));
  const place = seat ? { anchor: "top", offset: [0, radiusOf(size) + 2] } : {};
  new Marker({ element: box, ...place }).setLngLat(middleOf(feature.geometry)).addTo(map);
  const dark = !seat && shade >= 3;
  return { box, size, dark, bounds: dark ? boundsOfOne(feature.geometry) : null };
}

function boundsOfOne(geometry) {
  const bounds = new LngLatBounds();
  for (const point of pointsOf(geometry)) bounds.extend(point);
  return bounds;
}

/** White words only where the dark shape reaches beyond them; else dark words with a white edge. */
function ink(map, { box, dark, bounds }) {
  if (!dark) return;
  const east = map.project(bounds.getNorthEast());
  const west = map.project(bounds.getSouthWest());
  const holds = east.x - west.x > box.offsetWidth * 1.3 && west.y - east.y > box.offsetHeight * 1.3;
  box.classList.toggle("k-map-label-light", holds);
}

function labels(map, features) {
  const markers = features
    .map((feature) => label(map, feature))
    .sort((one, other) => other.size - one.size);
  // The larger number keeps its label where two would overlap; the table has them all.
  const tidy = () => {
    const taken = [];
    for (const marker of markers) {
      marker.box.style.visibility = "";
      ink(map, marker);
    }
    for (const { box } of markers) {
      const here = box.getBoundingClientRect();
      const hit = taken.some(
        (other) =>
          here.left < other.right && here.right > other.left && here.top < other.bottom && here.bottom > other.top,
      );
      if (hit) box.style.visibility = "hidden";
      else taken.push(here);
    }
  };
  map.on("moveend", tidy);
  map.on("resize", tidy);
  requestAnimationFrame(tidy);
}

function addShapes(map, payload) {
  map.addSource("shapes", { type: "geojson", data: payload.shapes });
  map.addLayer({ id: "shapes", type: "fill", source: "shapes", paint: { "fill-color": shadeColour } });
  map.addLayer({
    id: "borders",
    type: "line",
    source: "shapes",
    paint: { "line-color": "#ffffff", "line-width": 1.5 },
  });
  opens(map, "shapes", (event) => event.lngLat);
}

function addSeats(map, payload) {
  map.addSource("seats", { type: "geojson", data: payload.seats });
  map.addLayer({
    id: "seats",
    type: "circle",
    source: "seats",
    paint: {
      "circle-radius": ["+", 8, ["*", 22, ["sqrt", ["get", "size"]]]],
      "circle-color": shadeColour,
      "circle-stroke-color": "#1f2a28",
      "circle-stroke-width": 1,
    },
  });
  opens(map, "seats", (event) => event.features[0].geometry.coordinates);
}

function addSpots(map, payload) {
  map.addSource("spots", {
    type: "geojson",
    data: payload.spots,
    cluster: true,
    clusterRadius: 44,
    clusterMaxZoom: 14,
  });
  map.addLayer({
    id: "spots",
    type: "circle",
    source: "spots",
    filter: ["!", ["has", "point_count"]],
    paint: {
      "circle-radius": 8,
      "circle-color": toneColour,
      "circle-stroke-color": "#ffffff",
      "circle-stroke-width": 2,
    },
  });
  opens(map, "spots", (event) => event.features[0].geometry.coordinates);
  clusters(map);
}

function clusters(map) {
  let shown = new Map();
  const refresh = () => {
    if (!map.isSourceLoaded("spots")) return;
    const next = new Map();
    for (const feature of map.querySourceFeatures("spots")) {
      const id = feature.properties.cluster_id;
      if (!id || next.has(id)) continue;
      const kept = shown.get(id);
      next.set(id, kept ?? circle(map, feature));
    }
    for (const [id, marker] of shown) if (!next.has(id)) marker.remove();
    shown = next;
  };
  map.on("render", refresh);
}

function circle(map, feature) {
  const count = feature.properties.point_count;
  const box = document.createElement("button");
  const size = Math.round(30 + 9 * Math.log10(count));
  box.type = "button";
  box.className = "k-map-cluster num";
  box.style.width = `${size}px`;
  box.style.height = `${size}px`;
  box.textContent = new Intl.NumberFormat("zh-CN").format(count);
  box.setAttribute("aria-label", word("map_cluster", count));
  const at = feature.geometry.coordinates;
  box.addEventListener("click", async () => {
    const zoom = await map.getSource("spots").getClusterExpansionZoom(feature.properties.cluster_id);
    map.easeTo({ center: at, zoom: zoom + 0.3 });
  });
  return new Marker({ element: box }).setLngLat(at).addTo(map);
}

function opens(map, layer, where) {
  map.on("click", layer, (event) => popup(map, where(event), event.features[0].properties));
  map.on("mouseenter", layer, () => {
    map.getCanvas().style.cursor = "pointer";
  });
  map.on("mouseleave", layer, () => {
    map.getCanvas().style.cursor = "";
  });
}

/** Room left around the shapes for labels and controls, less on a phone. */
function roomIn(element) {
  const sides = element.clientWidth < 420 ? 26 : 48;
  return { top: 36, bottom: 56, left: sides, right: sides };
}

function giveUp(element) {
  element.replaceChildren(Object.assign(line(word("map_failed")), { className: "k-map-failed" }));
  const behind = element.closest("figure")?.querySelector("details");
  if (behind) behind.open = true;
}

let styled = null;

/** The map's own style sheet, fetched once and awaited, so that controls never flash unstyled. */
function style() {
  styled ??= new Promise((resolve) => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = meta("kit-maps-style");
    sheet.onload = resolve;
    sheet.onerror = resolve;
    document.head.prepend(sheet);
  });
  return styled;
}

/** Draw one map. */
export async function draw(element, payload) {
  await style();
  setWorkerUrl(new URL(meta("kit-maps-worker"), window.location.href).href);
  let map;
  try {
    map = new Picture({
      container: element,
      style: {
        version: 8,
        sources: {},
        layers: [{ id: "land", type: "background", paint: { "background-color": LAND } }],
      },
      bounds: boundsOf(payload),
      fitBoundsOptions: { padding: roomIn(element), maxZoom: 12 },
      attributionControl: false,
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      locale: LOCALE,
      canvasContextAttributes: { preserveDrawingBuffer: true },
    });
  } catch {
    giveUp(element);
    return;
  }
  map.getCanvas().setAttribute("aria-label", word("map_of", element.dataset.label));
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  map.on("load", () => {
    if (payload.shapes.features.length > 0) addShapes(map, payload);
    if (payload.seats.features.length > 0) addSeats(map, payload);
    if (payload.spots.features.length > 0) addSpots(map, payload);
    labels(map, [...payload.shapes.features, ...payload.seats.features]);
    element.dataset.ready = "1";
  });
}
