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

/** Loads `url` and puts its parts (ids, with commas between) in the place of ours; loads the page where that fails. */
async function swap(url, parts, push) {
  swapping?.abort();
  swapping = new AbortController();
  try {
    const answer = await fetch(url, { signal: swapping.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const pairs = parts.split(",").map((part) => [document.querySelector(part), page.querySelector(part)]);
    if (!answer.ok || !pairs.every(([old, fresh]) => old && fresh)) throw new Error("no such part");
    for (const [old, fresh] of pairs) {
      const focused = old.contains(document.activeElement) ? document.activeElement.textContent : null;
      old.replaceWith(fresh);
      if (focused !== null) refocus(fresh, focused);
    }
    if (push) history.pushState({ parts }, "", answer.redirected ? answer.url : url);
    document.title = page.title;
    document.dispatchEvent(new CustomEvent("swapped"));
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

// --- a budget while its slider moves ---

for (const form of document.querySelectorAll("form[data-budget]")) budget(form);

function budget(form) {
  const { slide, was, end, budget: typed } = form.elements;
  const live = () => document.querySelector("[data-curve]");
  const last = () => Number(slide.value) >= Number(slide.max);
  const send = calm(150, () => form.requestSubmit());

  slide.addEventListener("input", () => {
    typed.value = last() ? "" : slide.value;
    show(live(), last() ? Infinity : Number(slide.value));
  });
  slide.addEventListener("change", send);
  typed.addEventListener("input", () => {
    was.value = slide.value; // what is typed counts, wherever the slider stands
    if (typed.value !== "" && !Number.isNaN(Number(typed.value))) show(live(), Number(typed.value));
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "radio" || event.target.type === "checkbox") {
      was.value = slide.value;
      send();
    }
  });
  document.addEventListener("swapped", () => {
    const now = live()?.dataset;
    if (!now) return;
    slide.max = now.end;
    slide.step = now.step;
    end.value = now.end;
    slide.value = now.at;
    was.value = slide.value;
  });
}

/** The figures of a budget, read off the curve: [customers, added orders, profit] up to the stop line. */
function show(list, yen) {
  if (!list) return;
  const curve = JSON.parse(list.dataset.curve);
  const cost = Number(list.dataset.cost);
  const most = curve.at(-1)[0];
  const people = cost > 0 ? Math.min(most, Math.floor(yen / cost + 1e-9)) : most;
  const i = Math.max(1, curve.findIndex((point) => point[0] >= people));
  const [from, to] = [curve[i - 1] ?? curve[0], curve[i] ?? curve[0]];
  const share = to[0] > from[0] ? (people - from[0]) / (to[0] - from[0]) : 0;
  const between = (k) => from[k] + share * (to[k] - from[k]);
  const figures = { people, cost: people * cost, orders: between(1), profit: between(2) };
  for (const [name, value] of Object.entries(figures)) {
    const place = list.querySelector(`[data-live=${name}]`);
    const digits = name === "orders" ? 1 : 0;
    const text = value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    place.textContent = place.textContent.replace(/[\d,.]+/, text);
  }
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

// --- what the house says of a campaign while its form is typed ---

for (const form of document.querySelectorAll("form[data-check]")) {
  const place = document.querySelector("[data-checked]");
  let asking;
  const look = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.check, { method: "POST", body, signal: asking.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok) place.replaceChildren(...page.body.childNodes);
    } catch (why) {
      if (why.name !== "AbortError") place.classList.add("old");
    }
  };
  form.addEventListener("input", calm(500, look));
  form.addEventListener("input", () => (form.dataset.touched = "yes"));
  form.addEventListener("submit", () => delete form.dataset.touched);
  addEventListener("beforeunload", (event) => {
    if (form.dataset.touched) event.preventDefault();
  });
}

// --- a campaign under way, looked at again and again ---

for (const box of document.querySelectorAll("[data-live][data-every]")) {
  const look = async () => {
    try {
      const answer = document.hidden ? null : await fetch(box.dataset.live);
      const focused = box.contains(document.activeElement);
      if (answer?.ok && !focused) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        box.replaceChildren(...page.body.childNodes);
      }
    } catch {
      // The server is away for a moment: look again.
    }
    setTimeout(look, Number(box.dataset.every));
  };
  setTimeout(look, Number(box.dataset.every));
}
