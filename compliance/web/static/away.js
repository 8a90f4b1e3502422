// Nothing that was typed is lost while the network or the session is away. Improves pages that work without it.
const session = document.querySelector("meta[name='session-ends']");
const clockTime = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang === "en" ? "en-GB" : "id-ID", { hour: "2-digit", minute: "2-digit" });
const photos = document.querySelector("script[data-photos]"); // photos.js sends them; a page without any does not load it
const KEPT_MS = 7 * 24 * 3600 * 1000;
const copies = () => Object.keys(localStorage).filter((key) => key.startsWith("patuh:"));
const read = (key) => { try { return JSON.parse(localStorage[key] ?? "null"); } catch { return null; } };

// What this window sent last is the server's now, once the server said so; a copy of it is no longer needed.
function forgetWhatWasAnswered() {
  const sent = JSON.parse(sessionStorage["patuh:sent"] ?? "null"), answered = document.cookie.match(/(?:^|; )answered=([^;]*)/)?.[1];
  if (sent && answered && decodeURIComponent(answered) === sent.path) localStorage.removeItem(sent.key);
  sessionStorage.removeItem("patuh:sent");
  document.cookie = "answered=; path=/; max-age=0";
  for (const key of copies()) if (!(read(key)?.at > Date.now() - KEPT_MS)) localStorage.removeItem(key);
}

// A copy belongs to a person, to the form's address, and to the version of the record that it was typed on.
function keep(form, line, person) {
  const address = new URL(form.getAttribute("action") || location.href, location.href);
  address.searchParams.delete("held");
  const key = `patuh:${person}:${address.pathname}${address.search}`, version = form.elements.version?.value ?? "";
  const fields = [...form.elements].filter(({ type, name }) => name && !["hidden", "submit", "button", "password", "file"].includes(type));
  const chosen = ({ type }) => type === "checkbox" || type === "radio";
  const typed = () => fields.filter((field) => !chosen(field) || field.checked).map(({ name, value }) => [name, value]);
  const give = (values) => {
    for (const field of fields) {
      const own = values.filter(([name]) => name === field.name).map(([, value]) => value);
      const before = chosen(field) ? field.checked : field.value;
      if (chosen(field)) field.checked = own.includes(field.value);
      else field.value = own[0] ?? "";
      if (before !== (chosen(field) ? field.checked : field.value)) field.closest("details")?.setAttribute("open", "");
    }
    form.querySelector("[data-restored]").hidden = false;
    form.append(line);
    fields[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  };
  form.addEventListener("input", () => {
    localStorage[key] = JSON.stringify({ version, at: Date.now(), typed: typed() });
    line.textContent = `${line.dataset.kept} ${clockTime(Date.now())}`;
    line.hidden = false;
    form.append(line);
  });
  form.addEventListener("submit", () => (sessionStorage["patuh:sent"] = JSON.stringify({ key, path: decodeURI(address.pathname) })));
  const copy = read(key);
  if (copy && (copy.version !== version || form.querySelector("[data-given-back]"))) localStorage.removeItem(key);
  else if (copy && JSON.stringify(copy.typed) !== JSON.stringify(typed())) give(copy.typed);
  return key;
}

try {
  if (session) {
    forgetWhatWasAnswered();
    const keys = [...document.querySelectorAll("[data-kept]")].map((line) => keep(line.closest("form"), line, session.dataset.person));
    // A page that comes back from the browser's memory shows an old record, unless something typed on it still waits there.
    addEventListener("pageshow", ({ persisted }) => persisted && keys.length && !keys.some((key) => localStorage[key]) && location.reload());
  }
  if (photos && (localStorage["patuh-photos"] || document.querySelector("[data-sends-photos]"))) import(photos.dataset.photos);
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.getAttribute("action") ?? "", location.href).pathname === "/logout") leave(event);
  });
} catch { /* no storage here: the server's drafts and held forms are enough */ }

// Signing out leaves nothing on the device. Photos that still wait are lost by it, so it asks first.
function leave(event) {
  const { waiting } = read("patuh-photos") ?? {};
  if (waiting && !confirm(photos.dataset.lost.replace("{count}", waiting))) return event.preventDefault();
  copies().forEach((key) => localStorage.removeItem(key));
  if (!localStorage["patuh-photos"]) return;
  event.preventDefault();
  localStorage.removeItem("patuh-photos");
  const gone = indexedDB.deleteDatabase("patuh-photos"), go = () => event.target.submit();
  Object.assign(gone, { onsuccess: go, onerror: go, onblocked: go });
}

// Five minutes before the session ends: one button goes on. The text says when, so that nothing counts down.
function watch({ content, dataset }) {
  const line = window.BroadcastChannel ? new BroadcastChannel("patuh-session") : null;
  let ends = Date.now() + content * 1000, box = null, said = "";
  const say = (words, kind, role) => {
    if (said === words) return;
    said = words;
    box ??= document.querySelector("main").insertAdjacentElement("afterbegin", document.createElement("div"));
    box.className = `notice sticky-top d-flex flex-wrap gap-2 align-items-center ${kind}`;
    box.setAttribute("role", role);
    box.tabIndex = -1;
    box.textContent = words.replace("{time}", clockTime(ends));
  };
  const offer = (words) => {
    if (said === words) return;
    say(words, "caution", "alert");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-go";
    button.textContent = dataset.button;
    button.addEventListener("click", extend);
    box.append(button);
    document.documentElement.style.scrollPaddingTop = `${box.offsetHeight}px`; // what has the focus is never behind it
    if (document.activeElement === document.body) button.focus();
  };
  let last = "final" in dataset; // the limit in days: no key goes beyond it
  const extended = (seconds) => {
    ends = Date.now() + seconds * 1000;
    if (box) say(dataset.extended, "clear", "status");
  };
  async function extend() {
    try {
      const answer = await fetch(dataset.extend, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": document.querySelector("[name=csrf_token]").value } });
      const { seconds, more } = await answer.json();
      last = !more;
      extended(seconds);
      box.focus();
      line?.postMessage(seconds);
    } catch { offer(dataset.failed); }
  }
  const look = () => {
    const left = ends - Date.now();
    if (left <= 0) say(dataset.over, "caution", "alert");
    else if (left <= 300_000 && last) say(dataset.last, "caution", "alert");
    else if (left <= 300_000 && said !== dataset.failed) offer(dataset.warning);
  };
  line?.addEventListener("message", ({ data }) => extended(data));
  line?.postMessage(Number(content)); // a page that is opened goes on for all windows
  document.addEventListener("visibilitychange", look);
  setInterval(look, 5_000);
  look();
}
if (session) watch(session);

// The page that says that there is no network leads back to the form that could not be sent.
for (const again of document.querySelectorAll("[data-again]")) {
  const from = new URLSearchParams(location.search).get("from");
  if (from?.startsWith("/") && new URL(from, location.href).origin === location.origin) again.href = from;
}
addEventListener("load", () => navigator.serviceWorker?.register("/sw.js", { updateViaCache: "all" }).catch(() => {}));
