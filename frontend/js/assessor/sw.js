// The service worker of the assessor's form: keeps the empty page and its files, no data.
// The server writes `const SHELL = {version, home, files}` in front of it; another build is another
// text, so that the browser installs it anew.
/* global SHELL */
const NAME = `assessor-${SHELL.version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(NAME);
      for (const file of [SHELL.home, ...SHELL.files]) {
        const answer = await fetch(file, { cache: "reload", credentials: "same-origin" });
        // A way to the sign-in page is no page of ours.
        if (!answer.ok || answer.redirected) throw new Error(`${file}: ${answer.status}`);
        await cache.put(file, answer);
      }
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith("assessor-") && name !== NAME);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  const page = request.mode === "navigate" && url.pathname === SHELL.home;
  if (!page && !SHELL.files.includes(url.pathname + url.search)) return;
  event.respondWith(kept(page ? SHELL.home : url.pathname + url.search, request));
});

async function kept(name, request) {
  const cache = await caches.open(NAME);
  return (await cache.match(name)) ?? fetch(request);
}
