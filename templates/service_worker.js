// Shows the pages of today's shift, and what they are made of, when the network does not answer. What is stored: static/shift.js.
const SLOW = 4000;
const OF_THE_SHIFT = /^\/(static\/|kwaliteitscheck\/(vandaag|werkorder)\/|werkorders\/overzicht\/\d+\/staat\/|.*\.css)/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const slow = () => new Promise((_resolve, reject) => setTimeout(() => reject(new Error("slow")), SLOW));

async function answer(request) {
  const pages = await caches.open("shift");
  const kept = await pages.match(request, { ignoreSearch: request.mode === "navigate", ignoreVary: true });
  if (!kept) return fetch(request);
  try {
    const fresh = await Promise.race([fetch(request), slow()]);
    if (fresh.ok && !fresh.redirected) await pages.put(request, fresh.clone());
    return fresh.status >= 500 ? kept : fresh;
  } catch {
    return kept;
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "GET" && url.origin === self.location.origin && OF_THE_SHIFT.test(url.pathname)) event.respondWith(answer(event.request));
});
