"use strict";
/* The desk works without this file; with it, keys and places are kept. */
document.documentElement.classList.add("scripted");
for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
