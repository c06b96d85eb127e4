// What is typed into [data-draft="name"] is kept on the phone until it has arrived, with the id of its
// form: so a card that is sent again after a lost answer is the same card.
const AGAIN = 3000;
const PATIENCE = 8000;

export function keepDrafts() {
  for (const place of document.querySelectorAll("[data-draft]")) keep(place);
}

function keep(place) {
  const shelf = `hooray-draft ${place.dataset.draft}`;
  const form = place.closest("form");
  const text = place.querySelector("textarea");
  const id = form.querySelector("input[name=submission]");
  const news = document.querySelector("[data-draft-news]");
  const kept = read(shelf);
  if (kept && !text.value) {
    text.value = kept.text;
    id.value = kept.id;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  text.addEventListener("input", () => (text.value ? write(shelf, { text: text.value, id: id.value }) : drop(shelf)));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });

  let isSending = false;
  async function send() {
    if (isSending) return;
    isSending = true;
    const answer = await post(form);
    isSending = false;
    if (answer === "arrived") {
      drop(shelf);
      location.replace(location.pathname);
    } else if (answer === "refused") {
      form.submit(); // the page that comes says why; the same id makes it the same card
    } else {
      say(news, "No network. Your card is kept on this phone and sent as soon as there is one.");
      setTimeout(send, AGAIN);
    }
  }
  addEventListener("online", () => news && !news.hidden && send());
}

async function post(form) {
  const giveUp = new AbortController();
  const clock = setTimeout(() => giveUp.abort(), PATIENCE);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      credentials: "same-origin",
      redirect: "manual",
      signal: giveUp.signal,
    });
    if (answer.type === "opaqueredirect") return "arrived";
    return answer.status >= 500 || answer.status === 429 ? "later" : "refused";
  } catch {
    return "later";
  } finally {
    clearTimeout(clock);
  }
}

function say(place, words) {
  if (!place) return;
  place.textContent = words;
  place.hidden = false;
}

function read(shelf) {
  try {
    return JSON.parse(localStorage.getItem(shelf));
  } catch {
    return null;
  }
}

function write(shelf, draft) {
  try {
    localStorage.setItem(shelf, JSON.stringify(draft));
  } catch {
    // A private window may refuse; the box still holds it.
  }
}

function drop(shelf) {
  try {
    localStorage.removeItem(shelf);
  } catch {
    // Nothing was kept.
  }
}
