// Cards and themes: a card is dragged by its grip with a mouse or a finger; on a keyboard the numbers 1 to 9
// put what is chosen into that theme. Every way ends in the same form, which works without this script.
const form = document.querySelector("[data-board]")?.closest("form");
if (form) {
  for (const grip of form.querySelectorAll("[data-grip]")) {
    grip.hidden = false;
    grip.addEventListener("pointerdown", pick);
  }
  document.addEventListener("keydown", press);
}

function pick(event) {
  if (event.button) return;
  event.preventDefault();
  const card = event.target.closest("[data-card]");
  const ghost = card.cloneNode(true);
  ghost.classList.add("is-dragged");
  document.body.append(ghost);
  event.target.setPointerCapture(event.pointerId);
  let over;

  function move(at) {
    ghost.style.translate = `${at.clientX - 30}px ${at.clientY - 20}px`;
    ghost.style.left = ghost.style.top = "0";
    const found = document.elementFromPoint(at.clientX, at.clientY)?.closest("[data-theme]");
    if (found !== over) {
      over?.classList.remove("is-over");
      found?.classList.add("is-over");
      over = found;
    }
    if (at.clientY < 60) scrollBy(0, -15);
    if (at.clientY > innerHeight - 60) scrollBy(0, 15);
  }

  function drop(at) {
    event.target.removeEventListener("pointermove", move);
    event.target.removeEventListener("pointerup", drop);
    event.target.removeEventListener("pointercancel", drop);
    ghost.remove();
    over?.classList.remove("is-over");
    if (at.type === "pointerup" && over && !over.contains(card)) put(card, over.dataset.theme);
  }

  move(event);
  event.target.addEventListener("pointermove", move);
  event.target.addEventListener("pointerup", drop);
  event.target.addEventListener("pointercancel", drop);
}

function put(card, theme) {
  card.querySelector("input").checked = true;
  if (theme === "new") {
    form.querySelector("input[name=name]").focus();
    return;
  }
  const moved = Object.assign(document.createElement("input"), { type: "hidden", name: "moved", value: "1" });
  form.append(moved);
  send(theme);
}

function press(event) {
  const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (isTyping || event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
  const themes = form.querySelectorAll("[data-theme]:not([data-theme=out]):not([data-theme=new])");
  const theme = themes[Number(event.key) - 1];
  if (theme && form.querySelector("input[name=card]:checked")) send(theme.dataset.theme);
}

function send(theme) {
  form.requestSubmit(form.querySelector(`button[name=to][value="${CSS.escape(theme)}"]`));
}
