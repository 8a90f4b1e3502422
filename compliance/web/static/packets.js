// Packets: keeps their panel fresh while one is being made. The page is not loaded again: a form beside it may be half filled in.
const PAUSE = 2500;
const keepFresh = async () => {
  const panel = document.querySelector("[data-packets=waiting]");
  if (!panel) return;
  const answer = await fetch(location.href).catch(() => null); // no network: try again
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const fresh = page?.querySelector("[data-packets]");
  if (fresh) panel.replaceWith(fresh);
  setTimeout(keepFresh, PAUSE);
};
setTimeout(keepFresh, PAUSE);
