import Content
import Foundation

/// The script of a page, which finds rows and opens them. It loads nothing, and shows text as text alone: nothing that a
/// model said is ever read as markup.
enum PageScript {
  /// What a Content-Security-Policy calls it: no other script of the page is carried out.
  static var hash: String {
    let digits = Array(Hash(of: text).hex.utf8)
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
    }
    return "sha256-\(Data(bytes).base64EncodedString())"
  }

  static let text = #"""
    "use strict";
    (() => {
      const table = document.querySelector("table.instances");
      if (!table || !("DecompressionStream" in window)) return;
      const body = table.tBodies[0], rows = [...body.rows], form = document.querySelector("form.filters");
      const find = document.getElementById("find"), result = document.getElementById("result");
      const run = document.getElementById("run"), shown = document.getElementById("shown");
      const packs = [...document.querySelectorAll("script.pack")], opened = new Map();

      async function unpacked(element) {
        const bytes = Uint8Array.from(atob(element.textContent), c => c.charCodeAt(0));
        const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
        return JSON.parse(await new Response(stream).text());
      }
      let index;
      const theIndex = () => index ??= unpacked(document.getElementById("index"));
      async function text(number) {
        const { starts } = await theIndex();
        let pack = starts.length - 1;
        while (starts[pack] > number) pack--;
        if (!opened.has(pack)) opened.set(pack, unpacked(packs[pack]));
        return (await opened.get(pack))[number - starts[pack]];
      }
      function make(tag, style, content) {
        const element = document.createElement(tag);
        if (style) element.className = style;
        if (content !== undefined) element.textContent = content;
        return element;
      }
      const marks = { "+": "added", "-": "removed", "@": "place" };
      function fill(pre, kind, content) {
        if (kind !== "patch") { pre.textContent = content; return; }
        for (const line of content.split("\n")) pre.append(make("span", marks[line[0]] ?? "", line + "\n"));
      }
      function passage(title, kind, number, isOpen) {
        const details = make("details"), pre = make("pre");
        details.append(make("summary", "", title), pre);
        let isFilled = false;
        async function show() {
          if (isFilled) return;
          isFilled = true;
          if (number === null) { pre.textContent = "left out: the page would be too large"; return; }
          fill(pre, kind, await text(number));
        }
        details.addEventListener("toggle", () => { if (details.open) show(); });
        if (isOpen) { details.open = true; show(); }
        return details;
      }
      function attempt(one) {
        const part = make("div", "attempt"), head = make("p");
        head.append(make("b", "", "attempt " + one.id + ": "), make("span", one.good ? "good" : "bad", one.outcome));
        head.append(" " + [one.model, one.seconds + " s"].filter(Boolean).join(", "));
        part.append(head);
        if (one.reason) part.append(make("p", "reason", one.reason));
        if (one.cause) {
          const cause = make("div", "cause");
          cause.append(make("p", "", "Cause, at the " + one.cause.stage + " (" + one.cause.kind + "): " + one.cause.sentence));
          if (one.cause.evidence.length) {
            const list = make("ul");
            for (const fact of one.cause.evidence) list.append(make("li", "", fact));
            cause.append(list);
          }
          if (one.cause.next) cause.append(make("p", "", "Try: " + one.cause.next));
          part.append(cause);
        }
        const prompt = one.texts.filter(t => t.kind === "prompt");
        if (prompt.length) {
          const whole = make("details", "prompt"), list = make("div");
          whole.append(make("summary", "", "prompt (" + prompt.length + (prompt.length === 1 ? " part)" : " parts)")), list);
          for (const t of prompt) list.append(passage(t.title, t.kind, t.text, false));
          part.append(whole);
        }
        for (const t of one.texts.filter(t => t.kind !== "prompt"))
          part.append(passage(t.title || t.kind, t.kind, t.text, t.kind === "reply" || t.kind === "patch" || t.kind === "failure"));
        if (!one.texts.length) part.append(make("p", "note", "No text was kept of it here."));
        return part;
      }
      async function open(row) {
        const button = row.querySelector("button"), next = row.nextElementSibling;
        if (next && next.classList.contains("story")) {
          next.remove();
          button.setAttribute("aria-expanded", "false");
          return;
        }
        button.setAttribute("aria-expanded", "true");
        const story = make("tr", "story"), cell = make("td");
        cell.colSpan = row.cells.length;
        story.append(cell);
        row.after(story);
        const one = (await theIndex()).rows[row.dataset.n];
        if (one.issue !== null) cell.append(passage("issue", "issue", one.issue, false));
        for (const a of one.attempts) cell.append(attempt(a));
        if (!one.attempts.length) cell.append(make("p", "note", "No attempt was made."));
      }
      body.addEventListener("click", event => {
        const row = event.target.closest("tr");
        if (!row || row.classList.contains("story")) return;
        if (event.target.closest("button") || !String(getSelection())) open(row);
      });

      const word = row => row.cells[1].textContent, place = row => row.querySelector(".run").textContent;
      function choices(select, values) {
        const counts = new Map();
        for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
        for (const [value, count] of [...counts].sort()) {
          const option = make("option", "", value + " (" + count + ")");
          option.value = value;
          select.append(option);
        }
        select.hidden = counts.size < 2;
      }
      choices(result, rows.map(word));
      choices(run, rows.map(place));
      const words = rows.map(row => row.textContent.toLowerCase());
      function filter() {
        const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
        let count = 0;
        rows.forEach((row, i) => {
          const isShown = wanted.every(w => words[i].includes(w)) && (!result.value || word(row) === result.value)
            && (!run.value || place(row) === run.value);
          row.hidden = !isShown;
          if (isShown) count++;
          const next = row.nextElementSibling;
          if (next && next.classList.contains("story")) next.hidden = !isShown;
        });
        shown.textContent = count + " of " + rows.length;
      }
      form.addEventListener("input", filter);
      form.addEventListener("submit", event => event.preventDefault());
      [...table.tHead.rows[0].cells].forEach((head, column) => {
        const button = make("button", "", head.textContent);
        button.type = "button";
        head.replaceChildren(button);
        let up = true;
        button.addEventListener("click", () => {
          const isNumber = head.classList.contains("number");
          const value = row => isNumber ? parseFloat(row.cells[column].textContent) : row.cells[column].textContent;
          const sorted = [...rows].sort((a, b) => {
            const [x, y] = [value(a), value(b)];
            return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
          });
          up = !up;
          for (const row of sorted) {
            const next = row.nextElementSibling;
            body.append(row);
            if (next && next.classList.contains("story")) body.append(next);
          }
        });
      });
      form.hidden = false;
      filter();
      const named = decodeURIComponent(location.hash.slice(1));
      const row = named && rows.find(row => row.querySelector("button").textContent === named);
      if (row) { open(row); row.scrollIntoView(); }
    })();
    """#
}
