// <div data-preview="/address" data-preview-form="id">: shows the paper that a form would make, drawn
// anew a moment after somebody stops typing. A refusal is said in words, the last good picture stays.
const PAUSE = 700;
for (const part of document.querySelectorAll("[data-preview]")) letPreview(part);

function letPreview(part) {
  const form = document.getElementById(part.dataset.previewForm);
  const frame = part.querySelector("[data-preview-frame]");
  const said = part.querySelector("[data-preview-said]");
  let timer;
  let shown = "";
  part.hidden = false;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  look();

  async function look() {
    const typed = new FormData(form);
    typed.delete("csrf_token");
    const asked = new URLSearchParams(typed).toString();
    if (asked === shown || [...typed.values()].some((value) => !value)) return;
    shown = asked;
    const address = `${part.dataset.preview}?${asked}`;
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      const words = await answer.json().catch(() => ({}));
      said.textContent = words.error || "The page cannot be drawn.";
      return;
    }
    said.textContent = "How the page will look:";
    frame.src = address;
    frame.hidden = false;
  }
}
