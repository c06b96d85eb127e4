// <form data-upload="greatest number of bytes">: shows how far a file is on its way. The form works
// without this; a file that is too large is told at once instead of after the upload.
const form = document.querySelector("form[data-upload]");
if (form) letUpload(form);

function letUpload(form) {
  form.addEventListener("submit", (event) => {
    const file = form.querySelector("input[type=file]").files[0];
    if (!file) return;
    event.preventDefault();
    if (form.hasAttribute("data-sending")) return;
    const most = Number(form.dataset.upload);
    if (file.size > most) {
      say(form, `This file has ${inMegabytes(file.size)} MB; ${inMegabytes(most)} MB is the most. Save the poster with smaller pictures, then choose it again.`);
      return;
    }
    send(form);
  });
}

function send(form) {
  const request = new XMLHttpRequest();
  form.setAttribute("data-sending", "");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) show(form, event.loaded / event.total);
  });
  request.addEventListener("load", () => arrive(form, request));
  request.addEventListener("error", () => {
    form.removeAttribute("data-sending");
    say(form, "The connection was lost. Nothing was changed: press Upload again.");
  });
  request.open("POST", location.href);
  request.send(new FormData(form));
  show(form, 0);
}

function arrive(form, request) {
  form.removeAttribute("data-sending");
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  // The server could not keep it now: the file stays chosen, to be sent again.
  if (request.status === 503) {
    say(form, `${answer.querySelector(".lead").textContent} Your file is still chosen here: press Upload again in a while.`);
    return;
  }
  // The answer is the next page, or this one with its message. It takes the place of what is here:
  // asked for once more, it would come without the word that the file has arrived.
  if (request.status < 400) history.replaceState(null, "", request.responseURL);
  document.title = answer.title;
  document.querySelector(".page").replaceWith(document.adoptNode(answer.querySelector(".page")));
  scrollTo(0, 0);
  const next = document.querySelector("form[data-upload]");
  if (next) letUpload(next);
  const summary = document.querySelector(".nhsuk-error-summary, h1");
  summary.tabIndex = -1;
  summary.focus();
}

function show(form, share) {
  const percent = Math.round(share * 100);
  form.querySelector("progress").value = percent;
  say(form, percent < 100 ? `${percent}% sent` : "Sent. Your poster is being checked …");
}

function say(form, words) {
  form.querySelector("[data-upload-progress]").hidden = false;
  form.querySelector("[data-upload-said]").textContent = words;
}

const inMegabytes = (bytes) => Math.ceil(bytes / 1024 / 1024);
