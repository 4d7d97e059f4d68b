"use strict";

const EVERY_MS = 1500;
const main = document.getElementById("main");
let shown = null;

async function refresh() {
  const answer = await fetch("/content");
  const html = await answer.text();
  if (shown !== null && html !== shown && !busy()) {
    main.innerHTML = html;
    shown = html;
  } else if (shown === null) {
    shown = html;
  }
}

function busy() {
  const active = document.activeElement;
  return active && (active.tagName === "SELECT" || (active.tagName === "INPUT" && active.value));
}

async function send(path, body) {
  const headers = { "Content-Type": "application/json", "X-Jobmon-Demo": "1" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) window.alert(await answer.text());
  document.activeElement?.blur();
  await refresh();
}

function click(element, option) {
  const message = element.closest(".message");
  const { ts, channel } = message.dataset;
  return send("/click", { channel, ts, action_id: element.dataset.action, option });
}

main.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  if (!button) return;
  const { confirm: question, url } = button.dataset;
  if (question && !window.confirm(question)) return;
  if (url) window.open(url, "_blank", "noopener");
  click(button, "");
});

main.addEventListener("change", (event) => {
  const select = event.target.closest("select[data-action]");
  if (select && select.value) click(select, select.value);
});

main.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const channel = form.closest("section").dataset.channel;
  const text = form.elements.text.value.replace(/^\/jobmon\s*/, "");
  form.reset();
  send("/command", { channel, text });
});

setInterval(() => refresh().catch(() => {}), EVERY_MS);
