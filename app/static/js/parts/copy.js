// <div data-copy> with data-copy-text, a hidden data-copy-button and data-copy-said (role="status").
export function letCopy(root = document) {
  if (!navigator.clipboard) return; // plain http on a network: the text can still be selected
  for (const box of root.querySelectorAll("[data-copy]")) {
    const button = box.querySelector("[data-copy-button]");
    const said = box.querySelector("[data-copy-said]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.textContent = "";
      try {
        await navigator.clipboard.writeText(box.querySelector("[data-copy-text]").textContent.trim());
        said.textContent = "Copied";
      } catch {
        said.textContent = "Not copied: select the text instead";
      }
    });
  }
}
