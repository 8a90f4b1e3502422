// The counter: Esc empties the box for the next applicant, Alt and a digit record what was decided on this one.
const box = document.getElementById("asked");
if (box?.value && box.value === box.defaultValue) box.select(); // a fast hand has typed before this runs
box?.form.addEventListener("submit", (event) => {
  const chosen = ["company", "none"].includes(event.submitter?.name);
  if (!chosen && !box.value.trim()) event.preventDefault(); // nothing is asked: the answer on the screen stays
});

const decision = document.querySelector("[data-decide]");
const listens = () => decision && document.body.dataset.shortcuts !== "off";
for (const key of listens() && matchMedia("(any-pointer: fine)").matches ? decision.querySelectorAll("[data-key]") : []) key.hidden = false;

addEventListener("keydown", (event) => {
  const { key, code, target, altKey, ctrlKey, metaKey, shiftKey, repeat } = event;
  if (key === "Escape" && box && (target === box || !target.closest("input, textarea, select"))) {
    box.value = "";
    box.focus();
  }
  if (!altKey || ctrlKey || metaKey || shiftKey || repeat || !listens()) return;
  const choice = decision.querySelectorAll("[type=radio]:not([data-without-key])")[/^Digit[1-9]$/.test(code) ? code.slice(5) - 1 : -1];
  if (!choice) return;
  event.preventDefault();
  choice.checked = true;
  if (["refused", "issued_despite_hold"].includes(choice.value) && !decision.elements.note.value.trim()) decision.elements.note.focus();
  else decision.requestSubmit();
});
