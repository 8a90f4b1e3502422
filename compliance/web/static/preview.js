// Shows the letter as it would be, a moment after something was typed. Without a script a button does it.
const shows = document.querySelector("[data-previews]"), form = shows?.form;
let waits = 0, shown = "";
const typed = () => [...form.elements].map(({ type, name, value, checked }) => (type === "checkbox" || type === "radio" ? `${name}${checked ? value : ""}` : value)).join("\n");
if (shows && getComputedStyle(shows).display !== "none") {
  shown = typed();
  form.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(() => {
      if (typed() === shown) return;
      shown = typed();
      form.requestSubmit(shows);
    }, 900);
  });
}
