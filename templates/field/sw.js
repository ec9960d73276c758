// Keeps the tablet's page and what it needs, so that it opens without network. One cache per version:
// the new one is filled in the background and takes over when nobody uses the old one any more.
const CACHE = "terrain-{{ version }}";
const SHELL = "{% url "field:app" %}";
const FILES = [
  SHELL,
  {% for file in files %}"{{ file|escapejs }}",
  {% endfor %}
];

async function fill() {
  const cache = await caches.open(CACHE);
  // The page under its plain address may be in the browser's own cache: ask the server.
  const requests = FILES.map((url) => new Request(url, { cache: url === SHELL ? "reload" : "default" }));
  await cache.addAll(requests);
}

async function sweep() {
  const isOld = (name) => name.startsWith("terrain-") && name !== CACHE && name !== "terrain-reference";
  const names = await caches.keys();
  await Promise.all(names.filter(isOld).map((name) => caches.delete(name)));
}

async function kept(request, url) {
  const cache = await caches.open(CACHE);
  return (await cache.match(url)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(sweep()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  // Only what this version holds; everything else goes to the network as if there were no worker.
  if (FILES.includes(url.pathname)) event.respondWith(kept(request, url.pathname));
});
