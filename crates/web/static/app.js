// Makes plain forms and links quicker; every page works without this file.

/** Waits until `ms` have passed without another call. */
function calm(ms, run) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), ms);
  };
}

/** The query of a form without empty fields. */
function asked(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value !== "") query.append(name, value);
  return query;
}

// --- parts of a page, replaced instead of loading the whole ---

let swapping;

/** Loads `url` and puts its part in the place of ours; loads the page where that fails. */
async function swap(url, part, push) {
  swapping?.abort();
  swapping = new AbortController();
  try {
    const answer = await fetch(url, { signal: swapping.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(part);
    const old = document.querySelector(part);
    if (!answer.ok || !fresh || !old) throw new Error("no such part");
    const focused = document.activeElement?.closest(part) ? document.activeElement.textContent : null;
    old.replaceWith(fresh);
    if (push) history.pushState({ part }, "", url);
    document.title = page.title;
    if (focused !== null) refocus(fresh, focused);
  } catch (why) {
    if (why.name !== "AbortError") location.assign(url);
  }
}

/** Focus stays on the same link, as far as it is still there. */
function refocus(part, text) {
  const plain = (t) => t.replace(/[↑↓\s]/g, "");
  const same = [...part.querySelectorAll("a")].find((a) => plain(a.textContent) === plain(text) && a.offsetParent);
  if (same) return same.focus();
  part.tabIndex = -1;
  part.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const top = link.rel === "next" || link.rel === "prev";
  swap(link.href, link.dataset.swap, true).then(() => top && scrollTo({ top: 0 }));
  keepSort(new URL(link.href));
});

/** A sort chosen by a link stays when the form is sent. */
function keepSort(url) {
  for (const form of document.querySelectorAll("form[data-swap]")) {
    for (const name of ["sort", "dir"]) {
      const value = url.searchParams.get(name);
      if (form.elements[name] && value) form.elements[name].value = value;
    }
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.swap) return;
  event.preventDefault();
  swap(`${form.action}?${asked(form)}`, form.dataset.swap, true);
});

addEventListener("popstate", () => location.reload());

// --- a count while a condition is typed ---

async function count(form) {
  const out = form.querySelector("[data-found]");
  form.counting?.abort();
  form.counting = new AbortController();
  const query = asked(form);
  if (!query.has("where") && form.method === "post") return out.replaceChildren();
  try {
    const answer = await fetch(`${form.dataset.count}?${query}`, { signal: form.counting.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok) out.replaceChildren(...page.body.childNodes);
  } catch (why) {
    if (why.name !== "AbortError") out.replaceChildren();
  }
}

for (const form of document.querySelectorAll("form[data-count]")) {
  const soon = calm(250, () => count(form));
  form.addEventListener("input", soon);
  if (asked(form).has("where")) soon();
  form.addEventListener("change", (event) => {
    if (event.target.type === "checkbox" && form.dataset.swap) form.requestSubmit();
  });
}

// --- files dropped on the page, and their way up ---

for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const list = zone.querySelector("[data-files]");
  const show = () => {
    const rows = [...input.files].map((file) => {
      const row = document.createElement("li");
      row.textContent = `${file.name} (${size(file.size)})`;
      return row;
    });
    list.replaceChildren(...rows);
  };
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
}

/** 1.2 MB */
function size(bytes) {
  const steps = ["B", "kB", "MB", "GB"];
  let n = bytes;
  let i = 0;
  for (; n >= 1000 && i < steps.length - 1; i += 1) n /= 1000;
  return `${n < 10 && i > 0 ? n.toFixed(1) : Math.round(n)} ${steps[i]}`;
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const box = form.querySelector("[data-progress]");
    const bar = box.querySelector("progress");
    const words = box.querySelector("[data-words]");
    const button = form.querySelector("button[type=submit]");
    const began = performance.now();
    const request = new XMLHttpRequest(); // fetch cannot tell how much has gone up
    request.upload.addEventListener("progress", (now) => {
      if (!now.lengthComputable) return;
      const rate = now.loaded / Math.max(0.2, (performance.now() - began) / 1000);
      bar.value = now.loaded / now.total;
      words.textContent = `${words.dataset.sending} ${size(now.loaded)} / ${size(now.total)} (${size(rate)}/s)`;
    });
    request.addEventListener("load", () => {
      if (request.status < 400 && request.responseURL) return location.assign(request.responseURL);
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      words.textContent = page.querySelector(".lead")?.textContent ?? request.statusText;
      bar.hidden = true;
      button.disabled = false;
    });
    request.addEventListener("error", () => form.submit());
    request.open("POST", form.action);
    request.send(new FormData(form));
    box.hidden = false;
    bar.hidden = false;
    button.disabled = true;
  });
}

// --- how far a piece of work has come ---

for (const box of document.querySelectorAll("[data-job]")) {
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-words]");
  const look = async () => {
    try {
      const answer = await fetch(box.dataset.job);
      if (!answer.ok) return location.reload();
      const now = await answer.json();
      if (now.step !== box.dataset.step) return location.reload();
      if (now.share === null) bar.removeAttribute("value");
      else bar.value = now.share;
      words.textContent = now.words;
    } catch {
      // The server is away for a moment: look again.
    }
    setTimeout(look, 700);
  };
  setTimeout(look, 400);
}
