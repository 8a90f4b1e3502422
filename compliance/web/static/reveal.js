// Shows what was typed as a password, and hides it again before it is sent.
for (const button of document.querySelectorAll("[data-reveals]")) {
  const fields = button.dataset.reveals.split(" ").map((id) => document.getElementById(id));
  const show = button.textContent;
  const turn = (shown) => {
    for (const field of fields) field.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : show;
  };
  button.hidden = false;
  button.addEventListener("click", () => turn(fields[0].type === "password"));
  button.form.addEventListener("submit", () => turn(false));
}
