// What has just happened (data-focus-me) takes the focus, unless the kit's error summary wants it.
export function focusWhatHappened(root = document) {
  const news = root.querySelector("[data-focus-me]");
  if (!news || root.querySelector(".nhsuk-error-summary")) return;
  news.setAttribute("tabindex", "-1");
  news.focus();
}
