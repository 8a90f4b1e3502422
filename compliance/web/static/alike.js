// Shows which known companies may be the one somebody is typing. Asks when the hand rests, and moves no focus.
for (const here of document.querySelectorAll("[data-alike]")) {
  const fields = here.dataset.alikeFields.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  const cards = here.querySelector("[data-alike-cards]"), said = here.querySelector("[data-alike-said]");
  let rest, asked = "", asking;

  const enough = ({ name, value }) => (/^(nib|npwp|npp)$/.test(name) ? value.replace(/\W/g, "").length >= 8 : name !== "region_code" && value.trim().length >= 3);

  const show = (html) => {
    if (cards.contains(document.activeElement)) return; // somebody is about to choose
    cards.innerHTML = html;
    here.hidden = !cards.querySelector("li");
    const words = cards.querySelector("[data-said]")?.textContent.trim() ?? "";
    if (said.textContent !== words) said.textContent = words;
  };

  const ask = async () => {
    const query = fields.filter(({ value }) => value.trim()).map(({ name, value }) => `&${name}=${encodeURIComponent(value.trim())}`).join("");
    if (query === asked) return;
    asked = query;
    asking?.abort();
    asking = new AbortController();
    if (!fields.some(enough)) return show("");
    try {
      const answer = await fetch(here.dataset.alike + query, { signal: asking.signal });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch { /* no network, or already asked anew: the page works without */ }
  };

  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(rest);
      rest = setTimeout(ask, 350);
    });
  }
  if (fields.some(enough) && fields[0].name !== "q") ask();
}
