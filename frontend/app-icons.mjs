// Draws the mark (static/kit/mark.svg) as PNG for home screens that take no SVG: iOS, old Android.
// The mark is a square with lines of round ends on it; only what it uses of SVG is read, and
// anything else is an error, so that a changed mark can never be drawn wrongly.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

const STEPS = 16; // straight pieces of a curve
const FINE = 3; // samples a side and pixel

/** Numbers of an attribute value. */
const numbers = (text) => (text.match(/-?\d*\.?\d+/g) ?? []).map(Number);

const colour = (text) => {
  const hex = text.length === 4 ? text.slice(1).replace(/./g, "$&$&") : text.slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
};

/** The points of a path of M, V, l, v and c. */
function points(path) {
  let [x, y] = [0, 0];
  const found = [];
  const to = (nx, ny) => {
    [x, y] = [nx, ny];
    found.push([x, y]);
  };
  for (const [, letter, rest] of path.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const given = numbers(rest);
    if (letter === "M") to(...given);
    else if (letter === "V") to(x, given[0]);
    else if (letter === "v") to(x, y + given[0]);
    else if (letter === "l") {
      for (let at = 0; at < given.length; at += 2) to(x + given[at], y + given[at + 1]);
    } else if (letter === "c") {
      const [sx, sy] = [x, y];
      const [ax, ay, bx, by, ex, ey] = given;
      for (let step = 1; step <= STEPS; step++) {
        const t = step / STEPS;
        const [p, q, r] = [3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
        to(sx + p * ax + q * bx + r * ex, sy + p * ay + q * by + r * ey);
      }
    } else throw new Error(`mark.svg: path command ${letter} is not known here`);
  }
  return found;
}

function attributes(tag) {
  return Object.fromEntries([...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map((one) => one.slice(1)));
}

function readMark(svg) {
  const [, , size] = numbers(attributes(svg.match(/<svg[^>]*>/)[0]).viewBox);
  const rect = attributes(svg.match(/<rect[^>]*>/)[0]);
  const lines = [...svg.matchAll(/<path[^>]*>/g)].map(([tag]) => {
    const path = attributes(tag);
    return {
      points: points(path.d),
      half: Number(path["stroke-width"]) / 2,
      colour: colour(path.stroke),
    };
  });
  if (svg.match(/<(?!\/|svg|rect|path)/)) throw new Error("mark.svg: a shape is not known here");
  return { size, ground: colour(rect.fill), lines };
}

/** Square of the distance from a point to a straight piece. */
function away(px, py, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const long = dx * dx + dy * dy;
  const t = long ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / long)) : 0;
  return (px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2;
}

/** The colour at a point, and how far the nearest edge is from it. */
function look(mark, x, y) {
  let [found, edge] = [mark.ground, Infinity];
  for (const { points: path, half, colour: own } of mark.lines) {
    let nearest = Infinity;
    for (let at = 1; at < path.length; at++) {
      nearest = Math.min(nearest, away(x, y, path[at - 1], path[at]));
    }
    const beyond = Math.sqrt(nearest) - half;
    if (beyond <= 0) found = own;
    edge = Math.min(edge, Math.abs(beyond));
  }
  return [found, edge];
}

/** The colour of a pixel: where an edge runs through it, the mean of a few points. */
function pixelColour(mark, column, row, scale) {
  const [middle, edge] = look(mark, (column + 0.5) * scale, (row + 0.5) * scale);
  if (edge > scale) return middle;
  const sum = [0, 0, 0];
  for (let sample = 0; sample < FINE * FINE; sample++) {
    const x = (column + ((sample % FINE) + 0.5) / FINE) * scale;
    const y = (row + (Math.floor(sample / FINE) + 0.5) / FINE) * scale;
    look(mark, x, y)[0].forEach((value, part) => (sum[part] += value));
  }
  return sum.map((value) => Math.round(value / (FINE * FINE)));
}

/** CRC-32 of PNG chunks (ISO 3309). */
function crc32(data) {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** The mark as a PNG of so many pixels, edge to edge: home screens round the corners themselves. */
function drawn(mark, pixels) {
  const raw = Buffer.alloc(pixels * (pixels * 3 + 1));
  const scale = mark.size / pixels;
  for (let row = 0; row < pixels; row++) {
    for (let column = 0; column < pixels; column++) {
      raw.set(pixelColour(mark, column, row, scale), row * (pixels * 3 + 1) + 1 + column * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(pixels, 0);
  head.writeUInt32BE(pixels, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(raw, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Writes icon-180.png (iOS), icon-192.png and icon-512.png. */
export function writeAppIcons(svgFile, folder) {
  const mark = readMark(readFileSync(svgFile, "utf8"));
  for (const pixels of [180, 192, 512]) {
    writeFileSync(join(folder, `icon-${pixels}.png`), drawn(mark, pixels));
  }
}
