// The keyboard of the whole application: single keys that do what a click does. The sheet is /help#shortcuts.
// Pages say what can be reached: [data-rows] holds rows, [data-key] is pressed by its key. Never inside a field.
const PLACES = { q: "/queue", l: "/field", c: "/cases", f: "/flags", p: "/companies", k: "/check", r: "/check/history", m: "/inbox", a: "/account", b: "/help" };
const FIELDS = "input, select, textarea, [contenteditable], [contenteditable] *";

// How many rows are ticked, said aloud: ticking by key moves no focus.
for (const said of document.querySelectorAll("[data-ticked]")) {
  const form = said.closest("form");
  form.addEventListener("change", () => {
    const ticked = form.querySelectorAll("[data-rows] input:checked").length;
    said.textContent = ticked ? said.dataset.ticked.replace("#", ticked) : "";
  });
}

const rows = () => [...document.querySelectorAll("[data-rows] > tr")].filter((row) => stop(row));
const stop = (row) => row.querySelector("a") ?? row.querySelector("input");
const current = () => document.activeElement.closest("[data-rows] > tr");

function move(by) {
  const all = rows(), at = all.indexOf(current());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  if (!next) return false;
  stop(next).focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function tick() {
  const box = current()?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function tickAll() {
  const all = document.querySelector("[data-ticks]");
  all?.click();
  return Boolean(all);
}

function open() {
  const link = (current() ?? rows()[0])?.querySelector("a");
  link?.click();
  return Boolean(link);
}

// An act on rows means the ticked ones, or else the one that has the focus. A choice shows what it needs next.
function press(key) {
  const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!found) return false;
  if (found.form?.querySelector("[data-rows]") && !found.form.querySelector("[type=checkbox]:checked")) tick();
  found.click();
  if (found.dataset.then) document.getElementById(found.dataset.then)?.focus();
  return true;
}

function go(key) {
  const link = PLACES[key] && document.querySelector(`header a[href="${PLACES[key]}"], footer a[href="${PLACES[key]}"]`);
  link?.click();
  return Boolean(link);
}

function type(where) {
  const box = document.querySelector(where);
  box?.select();
  return Boolean(box);
}

let sheet;
async function explain() {
  if (!sheet) {
    sheet = document.body.appendChild(document.createElement("dialog"));
    const page = new DOMParser().parseFromString(await (await fetch("/help")).text(), "text/html");
    const section = document.adoptNode(page.getElementById("shortcuts"));
    section.querySelector("form").hidden = false;
    sheet.className = "panel";
    sheet.setAttribute("aria-labelledby", section.getAttribute("aria-labelledby"));
    document.getElementById("shortcuts")?.remove();
    sheet.append(...section.childNodes);
  }
  sheet.showModal();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: tick,
  X: tickAll,
  o: open,
  Enter: () => document.activeElement === document.body && open(),
  s: () => type("main [type=search], main [type=text]"),
  "/": () => type("#anything"),
  "?": () => Boolean(explain()),
};

if (document.body.dataset.shortcuts === "on") {
  for (const each of document.querySelectorAll("[data-key]")) each.setAttribute("aria-keyshortcuts", each.dataset.key);
  let going = -Infinity;
  document.addEventListener("keydown", (event) => {
    const { key, target, timeStamp } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat && !"jk".includes(key) || event.isComposing) return;
    if (target.matches(FIELDS) || document.querySelector("dialog[open]")) return;
    const after = timeStamp - going < 2000;
    going = key === "g" ? timeStamp : -Infinity;
    if (key === "g" ? false : after ? go(key) : press(key) || KEYS[key]?.()) event.preventDefault();
  });

  // In a group of radio buttons, as in a select list, what is typed chooses by its first letters.
  for (const group of document.querySelectorAll("[data-typed]")) {
    let typed = "", last = 0;
    group.addEventListener("keydown", ({ key, target, timeStamp, ctrlKey, altKey, metaKey }) => {
      if (target.type !== "radio" || key.length > 1 || key === " " || ctrlKey || altKey || metaKey) return;
      typed = (timeStamp - last < 1000 ? typed : "") + key.toLowerCase();
      last = timeStamp;
      const found = [...group.querySelectorAll("[type=radio]")].find((each) => each.labels[0].textContent.trim().toLowerCase().startsWith(typed));
      found?.focus();
      found?.click();
    });
  }
}
