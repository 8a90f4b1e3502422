// Days that are often meant, one tap each: fills the field a button names.
for (const button of document.querySelectorAll("[data-fills]")) {
  const field = document.getElementById(button.dataset.fills);
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    field.value = button.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
