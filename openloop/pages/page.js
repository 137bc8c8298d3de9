"use strict";
// Asks for the run once a second while it is under way, every few seconds else, and shows it.

const UNDER_WAY_MS = 1000;
const QUIET_MS = 2500;
const AGAIN_S = 12; // the newest seconds may still change: they are asked for again

const byId = (id) => document.getElementById(id);
let shown = { id: "", width: 0, columns: [], rows: [] };

// --- words ------------------------------------------------------------------

function sayNumber(value) {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en").replaceAll(",", "\u202f");
  return String(Number(value.toPrecision(3)));
}

function sayTime(seconds) {
  if (seconds === "never") return "not reached";
  if (seconds === null || seconds === undefined) return "–";
  const size = Math.abs(seconds);
  if (size === 0) return "0 ms";
  if (size >= 0.9995) return `${sayNumber(seconds)} s`;
  if (size >= 0.0009995) return `${sayNumber(seconds * 1e3)} ms`;
  return `${sayNumber(seconds * 1e6)} µs`;
}

const sayShare = (share) => (share === null || share === undefined ? "–" : `${sayNumber(100 * share)} %`);
const sum = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);
const sayParts = (counts) => Object.entries(counts).map(([name, n]) => `${name} ${sayNumber(n)}`).join(", ");

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  if (text !== "") made.textContent = text;
  if (className) made.className = className;
  return made;
}

// --- charts -----------------------------------------------------------------

const CHARTS = [
  new Chart(byId("rates"), {
    title: "Rates", unit: "requests a second", say: sayNumber,
    lines: [
      { name: "offered", column: "offered_rps", style: "c1 dash" },
      { name: "sent", column: "sent_rps", style: "c2" },
      { name: "completed ok", column: "ok_rps", style: "c3" },
      { name: "not ok", column: "failed_rps", style: "c4" },
      { name: "unsent", column: "unsent_rps", style: "c5 dash" },
    ],
  }),
  new Chart(byId("flight"), {
    title: "In flight", unit: "calls under way", say: sayNumber, leastStep: 1,
    lines: [{ name: "in flight", column: "in_flight", style: "c2" }],
  }),
  new Chart(byId("latency"), {
    title: "Latency", unit: "from the intended time, by the time of the answer", say: sayTime, log: true,
    lines: [
      { name: "p50", column: "latency_p50_s", style: "c3" },
      { name: "p90", column: "latency_p90_s", style: "c2" },
      { name: "p99", column: "latency_p99_s", style: "c4" },
    ],
  }),
  new Chart(byId("lag"), {
    title: "Lag", unit: "the generator's own lateness", say: sayTime, log: true,
    lines: [
      { name: "p50", column: "lag_p50_s", style: "c3" },
      { name: "p99", column: "lag_p99_s", style: "c4" },
    ],
  }),
];

const PODS = new Chart(byId("pods"), {
  title: "Pods", unit: "blue band: activator in the path; red: not seen", say: sayNumber, leastStep: 1, stepped: true,
  lines: [
    { name: "desired", column: "pods_desired", style: "c1 dash" },
    { name: "ready", column: "pods_ready", style: "c3" },
    { name: "pending", column: "pods_pending", style: "c5" },
  ],
});

function showPods(pods, rows, columns, warmUp) {
  byId("pods").hidden = pods.how_to !== null;
  byId("unseen").hidden = pods.how_to === null;
  byId("unseen").textContent = pods.how_to || "";
  PODS.show(rows, columns, warmUp, [
    { spans: pods.activator, style: "activator" },
    { spans: pods.gaps, style: "gap" },
  ]);
}

// --- parts of the page --------------------------------------------------------

function showWhat(run) {
  const of = run.end_s === null ? "" : ` of ${sayClock(run.end_s)}`;
  const time = run.now_s > 0 ? `${sayClock(run.now_s)}${of}` : "";
  const state = element("b", run.state);
  byId("what").replaceChildren(state, ` ${time}${time ? " · " : ""}${run.what} · ${run.id}`);
  document.title = `${run.state} · Open loop`;
}

function tile(name, value, note) {
  const box = element("dl", "", "tile");
  const shownValue = element("dd", value);
  if (note) shownValue.append(element("small", note));
  box.append(element("dt", name), shownValue);
  return box;
}

/** A number that is shown is a number that is quoted: none of a run that must not be used. */
function latencyTile(now, verdict) {
  if (verdict.is_final && verdict.level === "INVALID") return tile("Latency p99", "–", "not shown: the run is INVALID");
  return tile("Latency p99", sayTime(now.latency_p99_s), `p50 ${sayTime(now.latency_p50_s)}, measured phase`);
}

function showTiles(now, last, verdict) {
  const at = (column) => (last ? last[shown.columns.indexOf(column)] : null);
  const ended = now.ok + now.failed + now.unfinished;
  byId("tiles").replaceChildren(
    tile("Offered", `${sayNumber(now.offered_rps)} rps`, "now, as planned"),
    tile("Sent", sayNumber(now.sent), `${sayNumber(at("sent_rps"))} rps in the last second`),
    tile("In flight", sayNumber(now.in_flight), `${sayNumber(ended)} ended`),
    tile("Ok", ended ? sayShare(now.ok / ended) : "–", sayParts(now.failures)),
    tile("Unsent", sayNumber(sum(now.unsent)), sayParts(now.unsent)),
    latencyTile(now, verdict),
    tile("Lag p99", sayTime(now.lag_p99_s), `p50 ${sayTime(now.lag_p50_s)}, measured phase`),
  );
}

function showVerdict(verdict) {
  byId("verdict").className = verdict.level.toLowerCase();
  const level = verdict.is_final ? `Verdict: ${verdict.level}` : `Verdict so far: ${verdict.level}`;
  const note = verdict.is_final ? "" : " from lag, unsent arrivals, clocks, members, engines, records and CPU; the rest is judged at the end";
  const small = element("small", note);
  byId("level").replaceChildren(level, small);
  byId("findings").replaceChildren(...verdict.findings.map((one) => {
    const item = element("li", `${one.level} ${one.reason}: ${one.said} `);
    item.append(element("span", `What to do: ${one.remedy}`));
    return item;
  }));
}

function showAfter(screen, report, runId) {
  byId("after").hidden = screen === null;
  if (screen === null) return;
  byId("screen").textContent = screen;
  const place = byId("report");
  const key = `${runId} ${report.state}`;
  if (place.dataset.shown === key) return; // keeps a button from being replaced under the pointer
  place.dataset.shown = key;
  place.replaceChildren(...reportParts(report));
}

function reportParts(report) {
  if (report.state === "ready") {
    const link = element("a", "Open the report");
    link.href = "./open-loop/report/index.html";
    return [link, ": figures, tables and how they were made"];
  }
  if (report.state === "not installed") return ["The package analysis is not installed here: no report."];
  if (report.state === "in the making") return ["The report is being made …"];
  const button = element("button", "Make the report");
  button.type = "button";
  button.addEventListener("click", async () => {
    button.disabled = true;
    await fetch("./open-loop/report", { method: "POST" });
    look();
  });
  const failed = report.state === "failed" ? ` It could not be made: ${report.said}` : "";
  return [button, failed];
}

const MEMBER_COLUMNS = [
  ["member", "member", (m) => m.member],
  ["state", "state", (m) => m.state],
  ["share of the arrivals", "number", (m) => sayShare(m.share)],
  ["clock offset ± error", "number", (m) => (m.error_s === 0 ? "same clock" : `${sayTime(m.offset_s)} ± ${sayTime(m.error_s)}`)],
  ["lag p50", "number", (m) => sayTime(m.lag_p50_s)],
  ["lag p99", "number", (m) => sayTime(m.lag_p99_s)],
  ["sent", "number", (m) => sayNumber(m.sent)],
  ["unsent", "number", (m) => sayNumber(m.unsent)],
  ["in flight", "number", (m) => sayNumber(m.in_flight)],
];

function showMembers(members) {
  const head = element("tr");
  head.append(...MEMBER_COLUMNS.map(([title, kind]) => element("th", title, kind)));
  const rows = members.map((member) => {
    const row = element("tr");
    row.append(...MEMBER_COLUMNS.map(([, kind, say]) => element("td", say(member), kind)));
    return row;
  });
  byId("members").replaceChildren(head, ...rows);
}

// --- asking ------------------------------------------------------------------

function take(answer) {
  byId("run").hidden = answer.run === null;
  if (answer.run === null) {
    byId("what").textContent = "No run yet: start one on Locust's page.";
    return QUIET_MS;
  }
  const { run, columns, rows } = answer;
  const end = columns.indexOf("end_s");
  const first = rows.length ? rows[0][end] : Infinity;
  const kept = answer.from_s > 0 ? shown.rows.filter((row) => row[end] < first) : [];
  shown = { id: run.id, width: run.width_s, columns, rows: [...kept, ...rows] };
  showWhat(run);
  showTiles(answer.now, shown.rows[shown.rows.length - 1], answer.verdict);
  showVerdict(answer.verdict);
  showAfter(answer.first_screen, answer.report, run.id);
  for (const chart of CHARTS) chart.show(shown.rows, columns, run.warm_up_s);
  showPods(answer.pods, shown.rows, columns, run.warm_up_s);
  showMembers(answer.members);
  byId("where").textContent = `Records: ${run.folder}`;
  return run.state === "over" && answer.report.state !== "in the making" ? QUIET_MS : UNDER_WAY_MS;
}

function question() {
  const last = shown.rows[shown.rows.length - 1];
  const from = last ? Math.max(0, last[0] - AGAIN_S * shown.width) : 0;
  return `./open-loop/data?run=${encodeURIComponent(shown.id)}&width=${shown.width}&from=${from}`;
}

function note(text) {
  byId("notice").hidden = text === "";
  byId("notice").textContent = text;
}

let timer = 0;

async function look() {
  clearTimeout(timer);
  let pause = QUIET_MS;
  try {
    const response = await fetch(question(), { headers: { Accept: "application/json" } });
    if (response.redirected) { location.reload(); return; } // the login has run out
    if (!response.ok) throw new Error(`answer ${response.status}`);
    pause = take(await response.json());
    note("");
  } catch (error) {
    note(`Locust does not answer (${error.message}): what is shown may be old.`);
  }
  timer = setTimeout(look, pause);
}

// --- light and dark: Locust's own choice, else the system's --------------------

const system = matchMedia("(prefers-color-scheme: dark)");

function chosenTheme() {
  try {
    if (["dark", "light"].includes(localStorage.theme)) return localStorage.theme;
  } catch { /* storage is off: the system decides */ }
  return system.matches ? "dark" : "light";
}

function applyTheme() { document.documentElement.dataset.theme = chosenTheme(); }

byId("theme").addEventListener("click", () => {
  try { localStorage.theme = chosenTheme() === "dark" ? "light" : "dark"; } catch { /* as above */ }
  applyTheme();
});
system.addEventListener("change", applyTheme);
addEventListener("storage", applyTheme);
applyTheme();
look();
