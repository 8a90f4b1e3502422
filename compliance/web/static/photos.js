// Sends photos one by one. A photo is kept on this device until the server says that it has it. Improves a form that works without it.
const words = document.querySelector("script[data-photos]").dataset;
const person = document.querySelector("meta[name='session-ends']")?.dataset.person;
const form = document.querySelector("form[data-sends-photos]"), box = form?.querySelector("[data-photo-box]");
const KEPT_MS = 7 * 24 * 3600 * 1000, STALLED_MS = 60_000, LONGEST_PAUSE_MS = 60_000;
const SHRUNK_SIDE = 1600, SHRUNK_QUALITY = 0.8, WORTH_SHRINKING = 400_000, SLOW_MS = 60_000;
const fill = (sentence, values) => sentence.replace(/{(\w+)}/g, (_, name) => values[name]);
const named = (kind, content = "", facts = {}) => Object.assign(document.createElement(kind), { textContent: content, ...facts });

// The photos that wait: what is known of a photo, and apart from it its bytes, which are read one at a time.
const answered = (request) => new Promise((done, fail) => Object.assign(request, { onsuccess: () => done(request.result), onerror: () => fail(request.error) }));
async function store(mode, act) {
  const opening = indexedDB.open("patuh-photos", 1);
  opening.onupgradeneeded = () => ["photos", "bytes"].forEach((name) => opening.result.createObjectStore(name));
  const db = await answered(opening);
  db.onversionchange = () => db.close(); // signing out in another window deletes all of it
  try {
    const work = db.transaction(["photos", "bytes"], mode, { durability: "strict" });
    const whole = new Promise((done, fail) => Object.assign(work, { oncomplete: done, onabort: () => fail(work.error) }));
    const request = act(work.objectStore("photos"), work.objectStore("bytes"));
    await whole;
    return request?.result;
  } finally { db.close(); }
}
const all = async () => (await store("readonly", (photos) => photos.getAll())).sort((one, other) => one.at - other.at);
const mine = async () => (await all()).filter((photo) => photo.person === person);
const keep = (photo, content) => store("readwrite", (photos, bytes) => { photos.put(photo, photo.key); bytes.put(content, photo.key); });
const forget = (key) => store("readwrite", (photos, bytes) => { photos.delete(key); bytes.delete(key); });
const change = (key, facts) => store("readwrite", (photos) => {
  const known = photos.get(key);
  known.onsuccess = () => known.result && photos.put({ ...known.result, ...facts }, key);
});
async function forgetOld() {
  for (const { key, at } of await all()) if (!(at > Date.now() - KEPT_MS)) await forget(key);
}
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}8${hex.slice(17)}`; // a page without TLS has no randomUUID
}

// How many wait and how many were sent since the last time that none waited: the same on every page, and read by away.js.
const counted = () => JSON.parse(localStorage["patuh-photos"] ?? "{}");
const note = (waiting, sent = counted().sent ?? 0) => (localStorage["patuh-photos"] = JSON.stringify({ waiting, sent }));

// Sending, one at a time, by one window at a time.
let failures = 0, pause = null, moving = null, request = null, slow = /2g/.test(navigator.connection?.effectiveType), trouble = null, news = false;
function post(photo, content) {
  return new Promise((answer) => {
    const sent = new FormData(), sending = (request = new XMLHttpRequest()), begun = Date.now();
    for (const [name, value] of Object.entries({ ...photo.fields, key: photo.key, original: photo.original ? "yes" : "no" })) sent.append(name, value);
    sent.append("csrf_token", document.querySelector("[name=csrf_token]").value);
    sent.append("file", content, photo.name);
    let moved = begun;
    const watch = setInterval(() => Date.now() - moved > STALLED_MS && sending.abort(), 5_000);
    sending.upload.onprogress = ({ loaded, total }) => {
      moved = Date.now();
      moving = { key: photo.key, part: loaded / total };
      if (moved - begun > 5_000) slow ||= ((moved - begun) * total) / loaded > SLOW_MS;
      paint();
    };
    sending.onloadend = () => {
      clearInterval(watch);
      let body = null;
      try { body = JSON.parse(sending.responseText); } catch { /* a page: that of signing in, or of an error */ }
      answer({ status: sending.status, body });
    };
    sending.open("POST", words.send);
    sending.setRequestHeader("Accept", "application/json");
    moving = { key: photo.key, part: 0 };
    sending.send(sent);
  });
}
// Whether the next one may follow. Nothing is forgotten here before the server has said that it has it.
async function sendOne(photo) {
  let content = await store("readonly", (_photos, bytes) => bytes.get(photo.key));
  if (!content) return forget(photo.key).then(() => true);
  if (photo.shrink) [photo, content] = await shrink(photo, content);
  await show();
  const { status, body } = await post(photo, content);
  const arrived = status === 201 && body?.id;
  if (arrived || body?.kept) {
    [failures, trouble, slow] = [0, body.kept ? fill(box?.dataset.there ?? "", photo) : null, slow && photo.original];
    await forget(photo.key);
    note((await mine()).length, (counted().sent ?? 0) + 1);
    return (news = true);
  }
  if ([403, 404, 409, 413, 422].includes(status)) {
    await change(photo.key, { refused: body?.errors?.[0]?.message ?? body?.detail ?? words.closed });
    return true;
  }
  trouble = status === 200 ? words.ended : status === 400 ? words.stale : null;
  failures += 1;
  return false;
}
async function send() {
  clearTimeout(pause);
  if (moving || !person) return;
  moving = {};
  const inTurn = async (lock) => {
    if (!lock) return;
    for (let next; (next = (await mine()).find(({ refused }) => !refused)); ) if (!(await sendOne(next))) break;
  };
  try {
    await (navigator.locks ? navigator.locks.request("patuh-photos", { ifAvailable: true }, inTurn) : inTurn(true));
  } finally { [moving, request] = [null, null]; }
  if (await show()) pause = setTimeout(send, Math.min(1_000 * 2 ** failures, LONGEST_PAUSE_MS));
  else if (news) refresh(6);
}

// A copy of 1,600 pixels, when its sender chose that: less to send, and marked as no original.
async function shrink(photo, content) {
  const picture = await createImageBitmap(content, { imageOrientation: "from-image" }).catch(() => null);
  let small = null;
  if (picture) {
    const part = Math.min(1, SHRUNK_SIDE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * part), height: Math.round(picture.height * part) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    small = await new Promise((made) => canvas.toBlob(made, "image/jpeg", SHRUNK_QUALITY));
  }
  const smaller = small && small.size < content.size;
  const shrunk = { ...photo, shrink: false, asked: true, original: !smaller, size: (smaller ? small : content).size };
  await keep(shrunk, smaller ? small : content);
  return [shrunk, smaller ? small : content];
}
const canShrink = ({ original, asked, shrink, refused, type, size }) => original && !asked && !shrink && !refused && type !== "application/pdf" && size > WORTH_SHRINKING;
async function shrinkWaiting() {
  for (const photo of (await mine()).filter(canShrink)) await change(photo.key, { shrink: true });
  failures = 0;
  if (request) request.abort();
  again();
}
function again() {
  clearTimeout(pause);
  if (moving) pause = setTimeout(again, 200);
  else send();
}

// What is said: how many were sent, whether the others wait for a signal, and why one was not taken.
const line = box ? box.appendChild(named("p", "", { className: "state" })) : null;
const list = box?.appendChild(named("ul", "", { className: "sending" }));
const acts = box?.appendChild(named("div", "", { className: "acts", hidden: true }));
line?.setAttribute("role", "status");
let other = null;
function paint() {
  const shown = list?.querySelector(`[data-key="${moving?.key}"] progress`);
  if (shown) shown.value = moving.part;
}
async function show() {
  const photos = await mine(), waiting = photos.filter(({ refused }) => !refused), sent = counted().sent ?? 0;
  note(photos.length);
  const stuck = waiting.length > 0 && (failures > 0 || navigator.onLine === false);
  const said = [
    (sent || (waiting.length && !stuck)) && fill(words.sent, { sent, all: sent + photos.length }),
    stuck && fill(words.waits, { count: waiting.length }),
    photos.length > waiting.length && fill(words.refused, { count: photos.length - waiting.length }),
    trouble,
  ].filter(Boolean).join(". ");
  if (box) {
    if (line.textContent !== said) line.textContent = said;
    list.replaceChildren(...photos.map(item));
    offer(waiting, stuck);
  } else showElsewhere(said, photos);
  return waiting.length;
}
function item(photo) {
  const state = photo.refused ?? (photo.key === moving?.key ? box.dataset.moving : box.dataset.idle);
  const size = Math.max(photo.size / 1e6, 0.1).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  const row = named("li", fill(box.dataset.line, { name: photo.name, size, state }));
  row.dataset.key = photo.key;
  if (photo.key === moving?.key) row.append(named("progress", "", { max: 1, value: moving.part, ariaLabel: photo.name }));
  if (photo.refused) row.append(" ", button("as-link", box.dataset.drop, () => forget(photo.key).then(show)));
  return row;
}
function button(look, label, act) {
  const made = named("button", label, { type: "button", className: look });
  made.addEventListener("click", act);
  return made;
}
function offer(waiting, stuck) {
  const weak = (failures > 1 || slow) && waiting.some(canShrink);
  const wanted = `${Boolean(stuck)}${weak}`;
  if (acts.dataset.shown === wanted) return;
  acts.dataset.shown = wanted;
  acts.hidden = !stuck && !weak;
  acts.replaceChildren(
    ...(weak ? [named("p", box.dataset.offer, { className: "mb-0" }), button("btn btn-plain", box.dataset.shrink, shrinkWaiting)] : []),
    ...(stuck ? [button("btn btn-plain", box.dataset.again, again)] : []),
  );
}
function showElsewhere(said, photos) {
  if (!photos.length && !other) return;
  other ??= document.querySelector("main").insertAdjacentElement("afterbegin", named("p", "", { className: "notice caution" }));
  other.setAttribute("role", "status");
  if (other.dataset.said === said) return;
  other.dataset.said = said;
  other.replaceChildren(`${words.about} ${said}. `, ...(photos.length ? [named("a", words.look, { href: photos[0].page })] : []));
}

// The list on the page is fetched anew once all is sent, and again while copies are being made.
async function refresh(times) {
  news = false;
  const shown = document.querySelector("[data-evidence]"), answer = shown && (await fetch(location.href).catch(() => null));
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-evidence]");
  if (!fresh || shown.contains(document.activeElement)) return;
  shown.replaceWith(fresh);
  if (times && fresh.querySelector("[data-preparing]")) setTimeout(refresh, 10_000, times - 1);
}

function takePhotos() {
  const input = form.querySelector("[type=file]"), { tooLarge, full } = box.dataset, largest = Number(box.dataset.largest);
  input.multiple = true;
  box.hidden = form.hidden = false;
  form.addEventListener("submit", async (event) => {
    const files = [...input.files];
    if (!files.length) return; // the server says what is missing
    event.preventDefault();
    navigator.storage?.persist?.(); // or a full device may throw the photos away
    const fields = Object.fromEntries(["about", "note", "class"].map((name) => [name, new FormData(form).get(name) ?? ""]));
    const page = location.pathname + location.search, problems = [], begun = Date.now();
    if (!(await mine()).some(({ refused }) => !refused)) note(0, 0);
    for (const [place, file] of files.entries()) {
      const { name, size, type } = file;
      if (size > largest) { problems.push(fill(tooLarge, { name })); continue; }
      const photo = { key: newKey(), person, page, fields, name, size, type, at: begun + place / 1000, original: true };
      await keep(photo, file).catch(() => problems.push(fill(full, { name })));
    }
    input.value = "";
    if (problems.length < files.length) for (const words of form.querySelectorAll("[name=note]")) words.value = ""; // it is about these photos only
    trouble = problems.join(" ") || null;
    await show();
    again();
  });
}

if (person && form) takePhotos(); // before anything is waited for: the form must not be sent without this
await forgetOld();
if (person) {
  if (!(await mine()).length) localStorage.removeItem("patuh-photos");
  else await show();
  send();
  for (const sign of ["online", "pageshow"]) addEventListener(sign, again);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
}
