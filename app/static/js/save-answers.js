// A questionnaire: each answer is kept as soon as it is chosen. The button works as it does without this.
const PAUSE = 400;
const status = document.querySelector("[data-kept]");
const form = status?.closest("form");
let waiting;
let underWay; // one at a time, or an older choice could arrive after a newer one

async function keep() {
  clearTimeout(waiting);
  waiting = undefined;
  const chosen = new FormData(form);
  chosen.delete("press"); // the button's own: with it the button would count as pressed before
  underWay = new AbortController();
  try {
    const answer = await fetch(window.location.pathname, {
      method: "POST",
      body: chosen,
      redirect: "manual",
      keepalive: true,
      signal: underWay.signal,
    });
    status.textContent = answer.type === "opaqueredirect" ? "Kept." : "Not kept yet. The button below keeps it.";
  } catch (trouble) {
    if (trouble.name === "AbortError") return;
    status.textContent = "No connection. What you chose is kept with your next choice, or with the button below.";
  }
  underWay = undefined;
}

function keepSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => (underWay ? keepSoon() : keep()), PAUSE);
}

form?.addEventListener("change", keepSoon);
form?.addEventListener("submit", () => {
  clearTimeout(waiting);
  waiting = undefined;
  underWay?.abort();
});
window.addEventListener("pagehide", () => {
  if (waiting) keep();
});
