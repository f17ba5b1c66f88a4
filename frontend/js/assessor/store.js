// What lies on the phone: one IndexedDB, every row sealed (AES-GCM). The key of an account is made
// from a secret that only the server has, cannot be read out, and is thrown away on sign-out, when
// somebody else signs in, and when the phone was away too long. Then the rows are noise until the
// same account signs in again: nothing is readable, and nothing unsent is lost.
const NAME = "yanglao-phone";
const AWAY_DAYS = 7;
const DAY = 24 * 3600 * 1000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class StorageFull extends Error {}

let database = null;
let account = null;
let key = null;

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Open the database; the browser is asked not to clear it by itself. */
export async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("meta");
    request.result.createObjectStore("rows");
  };
  database = await asked(request);
  database.onversionchange = () => database.close();
  navigator.storage?.persist?.();
}

const read = (store, id) => asked(database.transaction(store).objectStore(store).get(id));

function write(changes) {
  return new Promise((resolve, reject) => {
    const failed = (error) =>
      reject(error?.name === "QuotaExceededError" ? new StorageFull() : error);
    let transaction;
    try {
      transaction = database.transaction(["meta", "rows"], "readwrite", { durability: "strict" });
    } catch (error) {
      failed(error);
      return;
    }
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => failed(transaction.error);
    transaction.onerror = () => failed(transaction.error);
    try {
      for (const [store, id, value] of changes) {
        if (value === undefined) transaction.objectStore(store).delete(id);
        else transaction.objectStore(store).put(value, id);
      }
    } catch (error) {
      transaction.abort();
      failed(error);
    }
  });
}

/** The name of this device for the account, made once; says nothing about anybody. */
export async function device() {
  let name = await read("meta", `device|${account}`);
  if (!name) {
    name = crypto.randomUUID();
    await write([["meta", `device|${account}`, name]]);
  }
  return name;
}

/** Unlock for who was signed in last, without network. Returns his token, or null when locked. */
export async function unlockOffline(now) {
  const current = await read("meta", "current");
  if (!current) return null;
  if (now - current.seen > AWAY_DAYS * DAY || now + DAY < current.seen) {
    await lock();
    return null;
  }
  key = current.key;
  account = current.account;
  return account;
}

/** Unlock with what the server gave: an account's token and its secret (base64). */
export async function unlock(token, secret, now) {
  if (account === token && key) {
    await write([["meta", "current", { account, key, seen: now }]]);
    return false;
  }
  const bytes = Uint8Array.from(atob(secret), (sign) => sign.charCodeAt(0));
  const base = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
  key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: encoder.encode(NAME), info: encoder.encode(token) },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
  account = token;
  // The key of whoever was here before goes with this write.
  await write([["meta", "current", { account, key, seen: now }]]);
  return true;
}

/** Throw the key away: everything here is noise until the account signs in again. */
export async function lock() {
  key = null;
  account = null;
  await write([["meta", "current", undefined]]);
}

export const markLeaving = (leaving) => write([["meta", "leaving", leaving || undefined]]);
export const isLeaving = () => read("meta", "leaving");

async function sealed(id, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = encoder.encode(JSON.stringify(value));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(id) }, key, plain);
  return { iv, box };
}

const idOf = (kind, id) => `${account}|${kind}|${id}`;

/**
 * Change rows, all or none. `value` undefined removes the row.
 * @param rows [[kind, id, value], ...]
 * @throws StorageFull when the phone has no room; nothing was changed then
 */
export async function change(rows) {
  if (!key) throw new Error("locked");
  const changes = [];
  for (const [kind, id, value] of rows) {
    const name = idOf(kind, id);
    changes.push(["rows", name, value === undefined ? undefined : await sealed(name, value)]);
  }
  await write(changes);
}

/** Every row of the account: `{kind: Map(id -> value)}`. A row that no key opens is counted. */
export async function all() {
  const found = { broken: 0 };
  if (!key) return found;
  const range = IDBKeyRange.bound(`${account}|`, `${account}|\uffff`);
  const store = database.transaction("rows").objectStore("rows");
  const [names, values] = await Promise.all([asked(store.getAllKeys(range)), asked(store.getAll(range))]);
  for (const [index, name] of names.entries()) {
    const [, kind, id] = name.split("|");
    try {
      const { iv, box } = values[index];
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(name) }, key, box);
      (found[kind] ??= new Map()).set(id, JSON.parse(decoder.decode(plain)));
    } catch {
      found.broken += 1;
    }
  }
  return found;
}
