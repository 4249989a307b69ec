"use strict";
(() => {
  const form = document.querySelector(".bar form");
  const quotes = Array.from(document.querySelectorAll("main > ol > li"));
  const told = form.querySelector("output");
  const none = document.querySelector(".none");
  const shown = () => quotes.filter((quote) => !quote.hidden);
  const show = () => {
    const speaker = form.elements.speaker.value;
    const template = form.elements.template.value;
    const warned = form.elements.warned.checked;
    let cards = 0;
    for (const quote of quotes) {
      let left = 0;
      for (const card of quote.querySelectorAll("figure")) {
        card.hidden = template !== "" && card.dataset.template !== template;
        left += card.hidden ? 0 : 1;
      }
      quote.hidden =
        left === 0 || (speaker !== "" && quote.dataset.speaker !== speaker) || (warned && !("warned" in quote.dataset));
      cards += quote.hidden ? 0 : left;
    }
    told.textContent = cards === 1 ? "1 card" : `${cards.toLocaleString("en")} cards`;
    none.hidden = cards > 0;
  };
  const go = (step) => {
    const list = shown();
    if (list.length === 0) return;
    const here = list.indexOf(document.activeElement.closest("main > ol > li"));
    const top = () => list.findIndex((quote) => quote.getBoundingClientRect().bottom > 120);
    const next = here >= 0 ? here + step : Math.max(top(), 0);
    const quote = list[Math.min(Math.max(next, 0), list.length - 1)];
    quote.focus({ preventScroll: true });
    quote.scrollIntoView({ block: "start" });
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, input")) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "f") form.elements.speaker.focus();
    else if (event.key === "o") {
      const link = document.activeElement.closest("main > ol > li")?.querySelector("figure:not([hidden]) a");
      if (link) link.click();
    } else return;
    event.preventDefault();
  });
  form.hidden = false;
  form.reset();
  show();
})();
