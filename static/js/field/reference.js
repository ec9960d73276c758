// Trades, collective agreements and communes, in the device's cache: read offline, and renewed in the
// background when the server names another version.
const CACHE = "terrain-reference";

async function fetched(cache, url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`reference: ${answer.status}`);
  await cache.put(url, answer.clone());
  for (const { url: other } of await cache.keys()) {
    if (other !== new URL(url, location.href).href) await cache.delete(other);
  }
  return answer;
}

/** The file at `url`, else the older one this device has, else null: it will come with the network. */
export async function loadReference(url) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(url);
  if (known) return known.json();
  try {
    return await (await fetched(cache, url)).json();
  } catch {
    const [older] = await cache.keys();
    return older ? (await cache.match(older)).json() : null;
  }
}
