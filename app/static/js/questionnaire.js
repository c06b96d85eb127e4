// The editor of a questionnaire: what is typed on the left stands on the phone at the right at once.
for (const typed of document.querySelectorAll("[data-mirror]")) {
  const shown = document.querySelector(`[data-mirrored="${CSS.escape(typed.dataset.mirror)}"]`);
  typed.addEventListener("input", () => {
    if (shown) shown.textContent = typed.value;
  });
  typed.addEventListener("focus", () => shown?.scrollIntoView({ block: "nearest" }));
}

const scale = document.querySelector("[data-mirror-scale]");
scale?.addEventListener("input", () => {
  const steps = scale.value.split("\n").map((step) => step.trim()).filter(Boolean);
  for (const list of document.querySelectorAll("[data-mirrored-scale]")) {
    list.replaceChildren(...steps.map((step) => Object.assign(document.createElement("li"), { textContent: step })));
  }
});
