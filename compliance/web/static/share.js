// Shares a PDF through the sheet of the device, where it has one. Elsewhere the button stays hidden: open and download remain.
const kept = new Map();
const fetched = async ({ shares, name }) => {
  const answer = await fetch(shares);
  if (answer.status !== 200) return null; // it is still being set
  return new File([await answer.blob()], name, { type: "application/pdf" });
};
const share = async (button, say) => {
  say("");
  try {
    if (!kept.get(button)) kept.set(button, await fetched(button.dataset));
  } catch {
    return say(button.dataset.offline);
  }
  const file = kept.get(button);
  if (!file) return say(button.dataset.waits);
  try {
    await navigator.share({ files: [file], title: button.dataset.title });
  } catch (failure) {
    if (failure.name === "NotAllowedError") say(button.dataset.again); // the network took longer than a tap counts
    else if (failure.name !== "AbortError") say(button.dataset.failed);
  }
};
const sample = new File([""], "a.pdf", { type: "application/pdf" });
for (const button of navigator.canShare?.({ files: [sample] }) ? document.querySelectorAll("[data-shares]") : []) {
  const line = document.getElementById(button.getAttribute("aria-describedby"));
  button.hidden = false;
  button.addEventListener("click", () => share(button, (words) => (line.textContent = words)));
}
