// Shows what is typed as a password, and hides it again before it is sent.
for (const box of document.querySelectorAll("[data-reveals]")) {
  const turn = (shown) => {
    for (const id of box.dataset.reveals.split(" ")) document.getElementById(id).type = shown ? "text" : "password";
  };
  box.parentElement.hidden = false;
  box.addEventListener("change", () => turn(box.checked));
  box.form.addEventListener("submit", () => turn(false));
}
