// <div data-write-up="/preview" data-write-up-draft="/draft" data-write-up-form="id">: shows how a text
// will look a moment after somebody stops typing, and saves it. Where another text was saved meanwhile it
// saves no more and says so: what stands in the field stays there.
const PAUSE = 800;
const SAVE_AFTER = 3000;

for (const part of document.querySelectorAll("[data-write-up]")) attend(part);

function attend(part) {
  const form = document.getElementById(part.dataset.writeUpForm);
  const said = document.getElementById("write-up-said");
  let look;
  let save;
  let saving = Promise.resolve();
  let isStopped = false;
  let isChanged = false;

  form.addEventListener("input", () => {
    isChanged = true;
    clearTimeout(look);
    clearTimeout(save);
    look = setTimeout(show, PAUSE);
    if (!isStopped) save = setTimeout(keep, SAVE_AFTER);
  });
  form.addEventListener("submit", () => {
    isChanged = false;
    clearTimeout(save);
  });
  addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && isChanged && !isStopped) keep();
  });

  for (const button of document.querySelectorAll("[data-put-in]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = form.elements.text;
      text.value = `${text.value.trimEnd()}\n\n${button.dataset.putIn}\n`.trimStart();
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }

  async function show() {
    const answer = await send(part.dataset.writeUp).catch(() => null);
    if (answer?.ok) part.innerHTML = await answer.text();
  }

  function keep() {
    clearTimeout(save);
    saving = saving.then(keepNow);
  }

  async function keepNow() {
    if (isStopped || !isChanged) return;
    isChanged = false;
    const answer = await send(part.dataset.writeUpDraft).catch(() => null);
    const words = answer ? await answer.json().catch(() => ({})) : {};
    if (answer?.ok) {
      form.elements.edit.value = words.edit;
      said.textContent = words.said;
      return;
    }
    isChanged = true;
    isStopped = answer?.status === 409;
    said.textContent = words.error || "Not saved: the server cannot be reached. Your text is still here.";
  }

  function send(address) {
    const typed = new FormData(form);
    typed.delete("press"); // the button's own press is another one
    return fetch(address, {
      method: "POST",
      body: new URLSearchParams(typed),
      headers: { Accept: "text/html, application/json", "X-CSRFToken": form.elements.csrf_token.value },
      credentials: "same-origin",
      redirect: "error",
    });
  }
}
