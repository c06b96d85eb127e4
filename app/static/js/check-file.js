// Compares a PDF that somebody chooses or drops with the fingerprint of the one we issued.
// The file never leaves the device.
const part = document.querySelector("[data-check-file]");
if (part && part.dataset.checkFile && crypto.subtle) letCheck(part);

function letCheck(part) {
  const box = part.querySelector("input[type=file]");
  const drop = part.querySelector("[data-check-file-drop]");
  part.querySelector("[data-needs-script]").hidden = false;
  box.addEventListener("change", () => compare(part, box.files[0]));
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    compare(part, event.dataTransfer.files[0]);
  });
}

async function compare(part, file) {
  if (!file) return;
  const said = part.querySelector("[data-check-file-said]");
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const matches = hex === part.dataset.checkFile;
  said.dataset.matches = String(matches);
  said.textContent = matches
    ? `Matches: ${file.name} is exactly the file that was issued.`
    : `Altered: ${file.name} is not the file that was issued. Trust what this page says.`;
}
