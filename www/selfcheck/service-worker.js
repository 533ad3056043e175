/**
 * Keeps the page's own files, so that it opens without a network. The build puts `VERSION` and `FILES` in front.
 *
 * A version's files are kept together and served together: a new version is fetched beside the old one and takes over
 * when the last window of the old one is closed. What is not in the list goes to the network, as without us.
 */
const PREFIX = "icp-precheck.self-check.";
const NAME = PREFIX + VERSION;
const ADDRESSES = new Set(FILES.map((name) => new URL(name, self.location.href).href));
const HOME = new URL("index.html", self.location.href).href;

/** One of our own files, or `null`. The folder stands for the page. */
function own(address) {
  const url = new URL(address);
  url.hash = "";
  url.search = "";
  if (url.href === new URL("./", HOME).href) return HOME;
  return ADDRESSES.has(url.href) ? url.href : null;
}

self.addEventListener("install", (event) => {
  // The engine comes in two builds, of which a browser needs one: the page says which.
  const first = [...ADDRESSES].filter((address) => !address.endsWith(".wasm"));
  const fresh = first.map((address) => new Request(address, { cache: "no-cache" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  const forget = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
  };
  event.waitUntil(forget());
});

/** The page names what it has loaded. */
self.addEventListener("message", (event) => {
  const loaded = Array.isArray(event.data?.loaded) ? event.data.loaded : [];
  const keep = async () => {
    const cache = await caches.open(NAME);
    for (const address of new Set(loaded.map(own))) {
      if (address !== null && !(await cache.match(address))) await cache.add(address);
    }
  };
  event.waitUntil(keep());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = request.method === "GET" ? own(request.url) : null;
  if (address === null) return;
  const answer = async () => {
    const cache = await caches.open(NAME);
    const kept = await cache.match(address);
    if (kept) return kept;
    const response = await fetch(request);
    if (response.ok) await cache.put(address, response.clone());
    return response;
  };
  event.respondWith(answer());
});
