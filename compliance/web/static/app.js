// Improves pages that already work without it.
document.getElementById("problems")?.focus();

// Filters fold away on a phone while none is in force.
if (matchMedia("(max-width: 767px)").matches) {
  for (const part of document.querySelectorAll("[data-folds]")) part.open = false;
}

// Copies a number that somebody will paste elsewhere.
for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", () => navigator.clipboard.writeText(button.dataset.copy).then(() => (button.textContent = button.dataset.copied)));
}

// How many workers are not registered, while somebody types.
for (const rest of document.querySelectorAll("[data-rest]")) {
  const fields = rest.dataset.rest.split(" ").map((id) => document.getElementById(id));
  const count = ({ value }) => (/^(\d+|\d{1,3}([., ]\d{3})+)$/.test(value.trim()) ? Number(value.replace(/[., ]/g, "")) : NaN);
  const show = () => {
    const left = count(fields[0]) - count(fields[1]);
    rest.parentElement.hidden = !(left >= 0);
    rest.value = left.toLocaleString(document.documentElement.lang);
  };
  fields.forEach((field) => field.addEventListener("input", show));
  show();
}

// A button to print, where there is a script to press it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Ticks all boxes of a page at once.
for (const all of document.querySelectorAll("[data-ticks]")) {
  const boxes = [...all.form.querySelectorAll(`[name="${all.dataset.ticks}"]`)];
  all.parentElement.hidden = false;
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  const show = () => {
    const ticked = boxes.filter(({ checked }) => checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.form.addEventListener("change", show);
  show();
}
