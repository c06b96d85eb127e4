// <div data-live="/address" data-live-seconds="5">: fetches its own content anew, as long as somebody
// looks. The server answers with the same fragment and an ETag, or with 304: then nothing is touched.
const SLOWEST = 30000;
const PATIENCE = 8000;

for (const part of document.querySelectorAll("[data-live]")) keepFresh(part);

function keepFresh(part) {
  const pace = Number(part.dataset.liveSeconds || 5) * 1000;
  let etag = "";
  let wait = pace;
  let timer;

  async function look() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await ask(part.dataset.live, etag);
      if (answer.status === 200) {
        etag = answer.headers.get("ETag") || "";
        merge(part, await answer.text());
      } else if (answer.status !== 304) throw new Error(String(answer.status));
      wait = pace;
      part.removeAttribute("data-stale");
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
      part.setAttribute("data-stale", "");
    }
    timer = setTimeout(look, wait * (0.9 + Math.random() * 0.2)); // 200 phones do not march in step
  }

  document.addEventListener("visibilitychange", look);
  timer = setTimeout(look, pace);
}

function ask(address, etag) {
  const giveUp = new AbortController();
  setTimeout(() => giveUp.abort(), PATIENCE);
  return fetch(address, {
    headers: { Accept: "text/html", ...(etag ? { "If-None-Match": etag } : {}) },
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error", // a sign-in page must not end up inside this one
    signal: giveUp.signal,
  });
}

// Children keep their place by id, so that only what is new moves, and only that is read out.
function merge(part, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const here = new Map([...part.children].map((child) => [child.id, child]));
  const wanted = [...template.content.children].map((child) => {
    const old = child.id && here.get(child.id);
    if (!old) {
      child.classList.add("is-new");
      return child;
    }
    here.delete(child.id);
    if (old.innerHTML !== child.innerHTML) old.innerHTML = child.innerHTML;
    takeAttributes(old, child);
    return old;
  });
  for (const gone of here.values()) gone.remove();
  [...part.children].filter((child) => !wanted.includes(child)).forEach((child) => child.remove());
  wanted.forEach((child, place) => {
    if (part.children[place] !== child) part.insertBefore(child, part.children[place] || null);
  });
}

function takeAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && name !== "class") old.removeAttribute(name);
}
