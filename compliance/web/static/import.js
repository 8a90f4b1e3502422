// Imports: says at once that a file is too large, says while it is read what is waited for, and keeps the progress of a page fresh without loading it again.
for (const input of document.querySelectorAll("[data-largest]")) {
  input.addEventListener("change", () => {
    const tooLarge = [...input.files].some(({ size }) => size > Number(input.dataset.largest));
    input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
    if (tooLarge) input.reportValidity();
  });
  input.form.addEventListener("submit", (event) => {
    const note = input.form.querySelector("[data-while-reading]");
    if (!input.reportValidity()) event.preventDefault();
    else if (note) note.textContent = note.dataset.whileReading;
  });
}

const EVERY = 1500;
const shown = document.querySelector("[data-progress]");
const refresh = async () => {
  const answer = await fetch(location.href).catch(() => null); // no network: try again
  if (answer) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-progress]");
    if (fresh?.dataset.progress !== shown.dataset.progress) return location.reload();
    shown.replaceChildren(...fresh.childNodes);
  }
  setTimeout(refresh, EVERY);
};
if (shown) setTimeout(refresh, EVERY);
