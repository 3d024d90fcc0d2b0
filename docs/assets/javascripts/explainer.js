// Buttons that copy, and the light that a link of the network throws on drawing, formula and table at once.
// The page is whole without this file.

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

function button(label, title, text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "copy-button";
  made.textContent = label;
  made.title = title;
  made.setAttribute("aria-live", "polite");
  made.addEventListener("click", async () => {
    await copy(text());
    made.textContent = "Copied";
    setTimeout(() => { made.textContent = label; }, 1500);
  });
  return made;
}

function address(id) {
  const here = new URL(window.location.href);
  here.hash = id;
  return here.href;
}

for (const box of document.querySelectorAll(".equation[data-latex]")) {
  box.append(button("TeX", "Copy this formula as LaTeX", () => box.dataset.latex));
}

for (const part of document.querySelectorAll(".step[id], .caveat[id], .verdict[id]")) {
  const heading = part.querySelector("h2, h3, h4, .part-title") ?? part;
  heading.append(button("Copy link", "Copy the address of this part", () => address(part.id)));
}

for (const text of document.querySelectorAll("[data-copy]")) {
  const source = text.querySelector("pre") ?? text;
  text.prepend(button("Copy", "Copy this text", () => source.textContent));
}

function light(link, on) {
  for (const part of document.querySelectorAll(`[data-link~="${CSS.escape(link)}"]`)) {
    part.classList.toggle("lit", on);
  }
}

for (const [event, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(event, ({ target }) => {
    const part = target instanceof Element ? target.closest("[data-link]") : null;
    for (const link of part ? part.dataset.link.split(" ") : []) light(link, on);
  });
}
