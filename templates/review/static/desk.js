"use strict";
/* The desk works without this file; with it there are keys, and places are kept. */
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);

  for (const select of all("select[data-submit]")) select.addEventListener("change", () => select.form.requestSubmit());
  for (const here of all("nav [aria-current]")) { // where it is out of sight, the row is moved, never the page
    const row = [here.closest("nav"), here.closest("ul")].find((one) => one && one.scrollWidth > one.clientWidth);
    if (row) row.scrollLeft = here.offsetLeft - row.offsetLeft - 24;
  }
  for (const filters of all("details[data-filters]")) if (matchMedia("(max-width: 620px)").matches) filters.open = false; // the stories come first

  /* --- the story that is looked at */
  all("main > ul.cards > li.card").forEach((card, number) => {
    card.id ||= `card-${number}`;
    card.tabIndex = -1;
    card.dataset.row = "";
  });
  const stories = () => all("[data-story], [data-row]");
  const here = () => one(".here:is([data-story], [data-row])");
  const kept = "desk:" + location.pathname + location.search;

  function look(story, { scroll = true, focus = true } = {}) {
    for (const other of stories()) other.classList.toggle("here", other === story);
    if (!story) return;
    if (focus) story.focus({ preventScroll: true });
    if (scroll) story.scrollIntoView({ block: "nearest" });
    remember();
  }

  function remember() {
    const story = here();
    if (!story) return; // left before it was shown: nothing was looked at
    const state = { order: stories().map((each) => each.id), at: story.id, top: story.getBoundingClientRect().top };
    try { sessionStorage.setItem(kept, JSON.stringify(state)); } catch { /* no place to keep it */ }
  }

  function recall() {
    if (!stories().length) return;
    let state = null;
    try { state = JSON.parse(sessionStorage.getItem(kept)); } catch { /* nothing kept */ }
    const named = location.hash.startsWith("#s-") ? document.getElementById(location.hash.slice(1)) : null;
    if (named) return look(named);
    if (!state) return look(stories()[0], { scroll: false });
    const after = state.order.slice(Math.max(0, state.order.indexOf(state.at)));
    const found = after.map((id) => document.getElementById(id)).find(Boolean) || stories().at(-1);
    look(found, { scroll: false });
    window.scrollBy(0, found.getBoundingClientRect().top - state.top);
  }

  function step(by) {
    const list = stories();
    const at = list.indexOf(here());
    const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
    if (by > 0 && at === list.length - 1) one("[data-more]")?.click();
    look(next);
  }

  function onward(from) {
    const list = stories();
    const rest = list.slice(list.indexOf(from) + 1);
    const next = rest.find((story) => !story.matches(".done, .sent"));
    if (next) return look(next);
    one("[data-more]")?.click();
    look(from);
  }

  document.addEventListener("click", (event) => {
    const story = event.target.closest("[data-story]");
    if (story && story !== here()) { // a button that loses the focus would send its form without its word
      look(story, { scroll: false, focus: !event.target.closest("a, button, input, summary, label, select") });
    }
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  let clicked = "";
  document.addEventListener("click", (event) => { // the second half of a double click, also where the card was drawn anew between them
    if (!event.target.closest(".actions button, .bulk button, .toast button")) return;
    const place = event.target.closest("[data-story], [data-bulk], [data-item], .toast")?.id || "page";
    if (event.detail > 1 && place === clicked) { event.preventDefault(); event.stopImmediatePropagation(); }
    clicked = place;
  }, true);
  window.addEventListener("pagehide", remember);
  window.addEventListener("pageshow", recall);

  /* --- picking several */
  const bulk = one("[data-bulk]");
  const boxes = () => all("input[name=pick][form=bulk]");

  function count() {
    if (!bulk) return;
    const picked = boxes().filter((box) => box.checked).map((box) => box.closest("[data-story]"));
    for (const box of boxes()) box.closest("[data-story]").classList.toggle("picked", box.checked);
    const sum = (name) => picked.reduce((total, story) => total + Number(story.dataset[name]), 0);
    const told = one("[data-count]", bulk);
    told.textContent = told.dataset.count.replace("%s", picked.length).replace("%i", sum("all"));
    one("[data-accepts]", bulk).textContent = sum("serves");
    one("[data-merge]", bulk).disabled = picked.length < 2;
    one("[data-sure]", bulk).value = "1";
    bulk.classList.toggle("active", picked.length > 0);
  }
  document.addEventListener("change", (event) => { if (event.target.name === "pick") count(); });
  const picking = () => bulk && bulk.classList.contains("active");

  /* --- what the server draws anew */
  document.addEventListener("htmx:configRequest", (event) => {
    const { parameters, triggeringEvent } = event.detail;
    const button = triggeringEvent?.submitter;
    if (button?.name && !parameters[button.name]) parameters[button.name] = button.value;
    parameters.shown = stories().map((story) => story.id).join(" ");
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const story = event.target.closest("[data-story]");
    if (story?.matches(".sent") && !event.target.closest("[data-copies]")) return event.preventDefault(); // its word is on the way
    for (const menu of all("details.menu[open]")) menu.open = false;
    if (story && !event.target.closest("[data-copies]") && event.detail.requestConfig.path.endsWith("/say")) {
      story.classList.add("sent"); // the next one need not wait for the answer
      onward(story);
    } else if (event.target.matches("[data-bulk]")) {
      for (const box of boxes()) if (box.checked) box.closest("[data-story]").classList.add("sent");
    }
    if (event.target.matches("[data-more]")) event.target.dataset.last = here() === stories().at(-1) ? "1" : "";
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const path = event.detail.requestConfig.path;
    if (event.detail.elt.id === "files") return; // a page that looks again by itself: no story is concerned
    const status = event.detail.xhr.status;
    const story = event.target.closest("[data-story]");
    if (!event.detail.successful || status >= 400) {
      for (const other of story ? [story] : all(".sent")) other.classList.remove("sent");
      if (story) look(story);
      if (status === 0) failed();
      return;
    }
    const ask = one("#ask[data-asks]");
    if (ask) { // nothing was done yet
      for (const other of story ? [story] : all(".sent")) other.classList.remove("sent");
      if (story) look(story);
      ask.removeAttribute("data-asks");
      ask.showModal();
      one("[data-close]", ask).focus();
      return;
    }
    if (path.endsWith("/undo")) {
      const back = one("#undone[data-anchor]");
      if (back) look(document.getElementById(back.dataset.anchor));
      back?.removeAttribute("data-anchor");
    } else if (event.target.matches("[data-bulk]")) {
      for (const box of boxes()) box.checked = false;
      const at = here() || stories()[0];
      if (at.matches(".done")) onward(at);
      else look(at, { scroll: false });
    } else if (event.target.dataset.last) {
      step(1);
    }
    if (!here()) recall();
    count();
    remember();
  });
  function failed() {
    const line = one("#told");
    if (!line) return;
    line.innerHTML = '<p></p><button type="button" class="quiet close" data-close>×</button>';
    one("p", line).textContent = document.body.dataset.failed;
  }
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    if (!close) return;
    event.preventDefault();
    if (close.closest("dialog")) { close.closest("dialog").close(); look(here(), { scroll: false }); }
    else close.closest("#told").replaceChildren();
  });
  document.addEventListener("submit", (event) => event.target.closest("#ask")?.close(), true);
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const old = event.target; // a card that is drawn anew keeps its place: looked at, or not
    if (old.matches("[data-story]")) event.detail.fragment.firstElementChild?.classList.toggle("here", old.matches(".here"));
  });

  /* --- keys */
  const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  const scope = () => (picking() ? bulk : here() || one("[data-item]"));
  let going = false;

  function press(key) {
    const within = scope();
    const open = one("details.menu[open]");
    if (open && /^[1-9]$/.test(key)) return one(`[data-choice="${key}"]`, open);
    if (within) {
      const menu = one(`details[data-menu="${key}"]`, within);
      if (menu) {
        menu.open = !menu.open;
        if (menu.open) one("button", menu).focus();
        return true;
      }
      const button = one(`[data-key="${key}"]:is(button)`, within);
      if (button) return button;
    }
    const page = all(`main button[data-key="${key}"]`).find((button) => !button.closest("[data-story], [data-bulk]"));
    if (page) return page;
    const field = one(`[data-edit] [data-key="${key}"]`);
    if (field) {
      field.focus();
      field.select?.();
      return true;
    }
    const tick = one(`[data-edit] [data-tick="${key}"]`);
    if (tick) return tick;
    return null;
  }

  const COMMANDS = {
    j: () => step(1),
    k: () => step(-1),
    z: () => (one("[data-undo]") ? one("[data-undo]").click() : one("[data-undo-last]")?.click()),
    x: () => one("input[name=pick]", here() || document)?.click(),
    o: () => (one("[data-open]", here() || document) || (here() && one("a", here())))?.click(),
    c: () => { const copies = here() && one("[data-copies]", here()); if (copies) copies.open = !copies.open; },
    e: () => {
      const edit = one("[data-edit]");
      if (edit) { edit.closest("section").scrollIntoView(); one("input:not([type=hidden])", edit).focus(); }
      else if (here() && one("[data-open]", here())) location.href = one("[data-open]", here()).href + "#edit";
    },
    b: () => one("[data-back]")?.click(),
    "/": () => { const filters = one("[data-filters]"); if (filters) { filters.open = true; one("[data-search]").focus(); } },
    "?": () => { root.classList.add("keys-shown"); one("#keys")?.showModal(); },
    g: () => { going = true; setTimeout(() => { going = false; }, 1500); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Shift") root.classList.add("keys-shown");
    if (event.key === "Escape") {
      for (const menu of all("details.menu[open]")) { menu.open = false; look(here(), { scroll: false }); }
      if (typing(event.target)) event.target.blur();
      return;
    }
    if (event.ctrlKey && event.key === "Enter" && event.target.form) return event.target.form.requestSubmit();
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target) || one("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (going) {
      going = false;
      const link = one(`nav [data-go="${key}"]`);
      if (link) { event.preventDefault(); return link.click(); }
    }
    if (key === "Enter" && event.target.matches("[data-story], [data-row]")) { event.preventDefault(); return COMMANDS.o(); }
    const found = press(key);
    if (found) {
      event.preventDefault();
      if (event.repeat) return; // a key held down is one word
      if (found !== true) found.matches("[data-edit] input, [data-choice]:is(input)") && !found.matches("[type=checkbox]") ? found.focus() : found.click();
      return;
    }
    if (COMMANDS[key]) {
      event.preventDefault();
      if (event.repeat && key === "z") return;
      COMMANDS[key]();
    }
  });
  document.addEventListener("keyup", (event) => { if (event.key === "Shift") root.classList.remove("keys-shown"); });
  for (const button of all("[data-keys]")) button.addEventListener("click", () => COMMANDS["?"]());
  one("#keys")?.addEventListener("close", () => root.classList.remove("keys-shown"));
  count();
  if (location.hash === "#edit") one("[data-edit] input:not([type=hidden])")?.closest("section").scrollIntoView();
})();
