"use strict";
// Line charts over time as SVG: no library, no build.

const SVG = "http://www.w3.org/2000/svg";
const PLOT = { left: 56, right: 12, top: 10, bottom: 24, height: 230 };

function svgElement(name, attributes = {}, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

/** Round steps, none below `least`, that cut [0, most] into at most `count` parts. */
function roundSteps(most, count, least) {
  const raw = Math.max(most / count || 1, least);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw);
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, n) => n * step);
}

const ROUND = [1, 2, 5];

/** The nearest of 1, 2, 5, 10, 20, 50 ... below (Math.floor) or above (Math.ceil) a value. */
function roundTo(value, direction) {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const rounds = [...ROUND, 10].map((m) => m * power);
  if (direction === Math.ceil) return rounds.find((r) => r >= value * (1 - 1e-9));
  return rounds.filter((r) => r <= value * (1 + 1e-9)).pop();
}

/** Marks of a logarithmic axis: powers of ten, and 2 and 5 between them where there is room. */
function logSteps(low, high) {
  const steps = [];
  const isLong = high / low > 200;
  for (let power = 10 ** Math.floor(Math.log10(low) + 1e-9); power <= high * 1.001; power *= 10) {
    for (const m of isLong ? [1] : ROUND) {
      if (m * power >= low * 0.999 && m * power <= high * 1.001) steps.push(m * power);
    }
  }
  return steps;
}

/** Steps of a time axis in seconds: round in seconds, minutes or hours. */
function timeSteps(least, most, count) {
  const units = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
  const step = units.find((s) => (most - least) / s <= count) || 86400;
  const first = Math.ceil(least / step) * step;
  return Array.from({ length: Math.floor((most - first) / step) + 1 }, (_, n) => first + n * step);
}

function sayClock(seconds) {
  const s = Math.round(seconds);
  if (s < 120) return `${s} s`;
  const minutes = Math.floor(s / 60);
  const rest = s % 60 ? ` ${s % 60} s` : "";
  return minutes < 120 ? `${minutes} min${rest}` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

class Chart {
  /**
   * @param figure where to draw
   * @param title, unit: of its caption
   * @param lines [{name, column, style}]
   * @param say turns a value into text
   * @param log whether the value axis is logarithmic
   * @param leastStep of the value axis, as 1 for counts
   * @param stepped whether values hold until they change
   */
  constructor(figure, { title, unit, lines, say, log = false, leastStep = 0, stepped = false }) {
    Object.assign(this, { figure, lines, say, log, leastStep, stepped, rows: [], places: {}, warmUp: 0, bands: [], cursor: null });
    const caption = document.createElement("figcaption");
    caption.textContent = `${title} `;
    const note = document.createElement("small");
    note.textContent = unit;
    this.time = document.createElement("small");
    this.time.className = "time";
    caption.append(note, this.time);
    this.legend = document.createElement("div");
    this.legend.className = "legend";
    this.svg = svgElement("svg", { role: "img", "aria-label": `${title}, ${unit}` });
    figure.replaceChildren(caption, this.svg, this.legend);
    this.svg.addEventListener("pointermove", (event) => this.point(event));
    this.svg.addEventListener("pointerleave", () => { this.cursor = null; this.draw(); });
    new ResizeObserver(() => this.draw()).observe(figure);
  }

  /** @param bands [{spans: [[from, to]], style}]: when something held, drawn along the top */
  show(rows, columns, warmUp, bands = []) {
    this.rows = rows;
    this.bands = bands;
    this.places = Object.fromEntries(columns.map((name, place) => [name, place]));
    this.warmUp = warmUp;
    this.draw();
  }

  draw() {
    this.width = Math.max(240, this.figure.clientWidth);
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${PLOT.height}`);
    const parts = [];
    if (this.rows.length) {
      this.scale();
      parts.push(...this.background(), ...this.bandsOnTop(), ...this.paths(), ...this.cursorLine());
    }
    this.svg.replaceChildren(...parts);
    this.drawLegend();
  }

  scale() {
    const times = this.rows.map((row) => row[this.places.end_s]);
    const step = times.length > 1 ? times[1] - times[0] : 1;
    this.least = Math.min(0, times[0] - step) || Math.max(0, times[0] - step);
    this.most = Math.max(times[times.length - 1], this.least + 5);
    const values = this.lines.flatMap(({ column }) =>
      this.rows.map((row) => row[this.places[column]]).filter((v) => typeof v === "number"));
    const above = values.filter((v) => !this.log || v > 0);
    const top = above.length ? Math.max(...above) : 1;
    if (this.log) {
      this.low = roundTo(above.length ? Math.min(...above) : top / 10, Math.floor);
      this.high = Math.max(roundTo(top, Math.ceil), this.low * 2);
      this.steps = logSteps(this.low, this.high);
    } else {
      this.low = 0;
      this.steps = roundSteps(top * 1.05 || 1, 4, this.leastStep);
      this.high = Math.max(top * 1.08, this.steps[this.steps.length - 1]) || 1;
    }
  }

  x(time) {
    const inner = this.width - PLOT.left - PLOT.right;
    return PLOT.left + ((time - this.least) / (this.most - this.least)) * inner;
  }

  y(value) {
    const inner = PLOT.height - PLOT.top - PLOT.bottom;
    const place = this.log
      ? (Math.log10(Math.max(value, this.low)) - Math.log10(this.low)) / (Math.log10(this.high) - Math.log10(this.low))
      : value / this.high;
    return PLOT.height - PLOT.bottom - Math.min(Math.max(place, 0), 1) * inner;
  }

  background() {
    const parts = [];
    const bottom = PLOT.height - PLOT.bottom;
    if (this.warmUp > this.least) {
      const right = this.x(Math.min(this.warmUp, this.most));
      parts.push(svgElement("rect", { class: "warm", x: PLOT.left, y: PLOT.top, width: right - PLOT.left, height: bottom - PLOT.top }));
      if (right - PLOT.left > 60) parts.push(svgElement("text", { x: PLOT.left + 6, y: PLOT.top + 13 }, "warm-up"));
    }
    for (const value of this.steps) {
      const y = this.y(value);
      parts.push(svgElement("line", { class: "grid", x1: PLOT.left, x2: this.width - PLOT.right, y1: y, y2: y }));
      parts.push(svgElement("text", { x: PLOT.left - 6, y: y + 4, "text-anchor": "end" }, this.say(value)));
    }
    const count = Math.max(2, Math.floor(this.width / 90));
    for (const time of timeSteps(this.least, this.most, count)) {
      parts.push(svgElement("text", { x: this.x(time), y: bottom + 17, "text-anchor": "middle" }, sayClock(time)));
    }
    return parts;
  }

  bandsOnTop() {
    return this.bands.flatMap(({ spans, style }) => spans
      .map(([from, to]) => [this.x(Math.max(from, this.least)), this.x(Math.min(to, this.most))])
      .filter(([left, right]) => right > left)
      .map(([left, right]) => svgElement("rect", { class: `band ${style}`, x: left, y: 1, width: right - left, height: 6 })));
  }

  /** A value that is never reached is drawn at the top edge, nothing as a gap. */
  paths() {
    return this.lines.map(({ column, style }) => {
      let path = "";
      let pen = "M";
      for (const row of this.rows) {
        const value = row[this.places[column]];
        if (value === null) { pen = "M"; continue; }
        const y = value === "never" ? PLOT.top : this.y(value);
        const x = this.x(row[this.places.end_s]).toFixed(1);
        path += this.stepped && pen === "L" ? `H${x}V${y.toFixed(1)}` : `${pen}${x} ${y.toFixed(1)}`;
        // A lone point between two gaps still shows.
        if (pen === "M") path += "h0.01";
        pen = "L";
      }
      return svgElement("path", { class: `line ${style}`, d: path, "stroke-linecap": "round", "data-column": column });
    });
  }

  cursorLine() {
    const row = this.rowAtCursor();
    if (!row) return [];
    const x = this.x(row[this.places.end_s]);
    return [svgElement("line", { class: "cursor", x1: x, x2: x, y1: PLOT.top, y2: PLOT.height - PLOT.bottom })];
  }

  point(event) {
    if (!this.rows.length) return;
    const box = this.svg.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width * this.width - PLOT.left) / (this.width - PLOT.left - PLOT.right);
    this.cursor = this.least + share * (this.most - this.least);
    this.draw();
  }

  rowAtCursor() {
    if (this.cursor === null || !this.rows.length) return null;
    const distance = (row) => Math.abs(row[this.places.end_s] - this.cursor);
    return this.rows.reduce((best, row) => (distance(row) < distance(best) ? row : best));
  }

  /** Names with the values under the pointer, else the newest. */
  drawLegend() {
    const row = this.rowAtCursor() || this.rows[this.rows.length - 1];
    const entries = this.lines.map(({ name, column, style }) => {
      const entry = document.createElement("span");
      const key = svgElement("svg", { viewBox: "0 0 24 10", "aria-hidden": "true" });
      key.append(svgElement("path", { class: `line ${style}`, d: "M1 5H23" }));
      const value = document.createElement("b");
      value.textContent = row ? ` ${this.say(row[this.places[column]])}` : "";
      entry.append(key, name, value);
      return entry;
    });
    this.time.textContent = row ? `at ${sayClock(row[this.places.end_s])}` : "";
    this.legend.replaceChildren(...entries);
  }
}
