// Keeps the shell of the pages and the page that says that there is no network. Never a page of somebody's, never a form.
const NAME = {{ name | tojson }}, SHELL = {{ shell | tojson }};

addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  await cache.addAll([...SHELL, "/offline"].map((address) => new Request(address, { credentials: "omit" })));
  await skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { request } = event, { pathname, search } = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => away(request)));
  else if (request.method === "GET" && SHELL.includes(pathname + search)) event.respondWith(kept(request));
});

async function kept(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

// A form that found no network is not sent again by itself: its page is one press away.
async function away(request) {
  if (request.method === "POST") {
    const { pathname, search } = new URL(request.referrer || request.url, location.origin);
    return Response.redirect(`/offline?from=${encodeURIComponent(pathname + search)}`, 303);
  }
  const page = await caches.match("/offline", { ignoreVary: true });
  return page ? new Response(page.body, { status: 503, headers: page.headers }) : Response.error();
}
