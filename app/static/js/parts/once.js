// <form data-once>: a second press while the first is on its way does nothing. The server is safe
// against it anyway (the hidden submission id); this only spares people the doubt.
const LONGEST_WAIT = 15000;

export function sendOnce(root = document) {
  for (const form of root.querySelectorAll("form[data-once]")) form.addEventListener("submit", guard);
  // A page that comes back from the browser's memory may send again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) root.querySelectorAll("form[data-sending]").forEach(release);
  });
}

function guard(event) {
  const form = event.target;
  if (form.hasAttribute("data-sending")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-sending", "");
  buttonsOf(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  setTimeout(() => release(form), LONGEST_WAIT); // a download does not leave the page
}

function release(form) {
  form.removeAttribute("data-sending");
  buttonsOf(form).forEach((button) => button.removeAttribute("aria-disabled"));
}

const buttonsOf = (form) => form.querySelectorAll('button:not([type="button"])');
