// The history of a stream or a connection, as columns of numbers that are fetched once and then only added to.

import { get } from '../api.js';

/** Rows that are too old stay until there are so many: cutting off one at a time would move all others each time. */
const SLACK_ROWS = 60;
/** A row is there about a second after its end. */
const USUAL_DELAY_SECONDS = 5;

/** Rows in the order of time. Where seconds are missing, a row of nulls makes a gap in what is drawn. */
export class History {
  #path;
  #resolution;
  #stepSeconds;
  #greatestStepSeconds;
  #greatestRows;
  #times = [];
  #columns = new Map();
  #lastSecond = 0;
  /** How far the relay's clock is before this one. */
  #offsetSeconds = 0;
  /** Whether the relay says that there is less than there should be, and why. */
  missing = null;
  /** Whether the relay knows nothing of it. */
  isUnknown = false;

  /**
   * @param path of the API, without a query
   * @param resolution null where the API has only one, of a second
   */
  constructor(path, resolution, seconds) {
    this.#path = path;
    this.#resolution = resolution;
    this.#stepSeconds = resolution === '10s' ? 10 : 1;
    // A single second is left out when the clock was rounded differently; what happened in it is in the next one.
    this.#greatestStepSeconds = this.#stepSeconds === 1 ? 2 : 1.5 * this.#stepSeconds;
    this.#greatestRows = seconds / this.#stepSeconds + SLACK_ROWS;
  }

  get stepSeconds() {
    return this.#stepSeconds;
  }

  /** Seconds since 1970, of the relay's clock. */
  get times() {
    return this.#times;
  }

  /** 0 while there is no row. */
  get lastSecond() {
    return this.#lastSecond;
  }

  /** What is now by the relay's clock: the time of the newest row, as long as there are new ones. */
  get presentSecond() {
    const now = Date.now() / 1000 + this.#offsetSeconds;
    const isFresh = Math.abs(now - this.#lastSecond) < USUAL_DELAY_SECONDS + this.#stepSeconds;
    return isFresh ? this.#lastSecond : Math.max(now, this.#lastSecond);
  }

  /** The values of a quantity beside the times; a number, or null for what was not measured. */
  column(quantity) {
    return this.#columns.get(quantity) ?? this.#times.map(() => null);
  }

  /**
   * Fetches what is new.
   *
   * @throws ApiProblem
   */
  async refresh(signal) {
    const query = new URLSearchParams();
    if (this.#resolution) {
      query.set('resolution', this.#resolution);
    }
    if (this.#lastSecond > 0) {
      query.set('from', new Date((this.#lastSecond + 1) * 1000).toISOString());
    }
    const { time: times, missing, stream, connection, resolution, ...columns } = await this.#get(query, signal);
    this.isUnknown = false;
    this.missing = missing;
    const isContinued = this.#lastSecond > 0 && times.length > 0;
    times.forEach((time, row) => this.#add(Date.parse(time) / 1000, columns, row));
    this.#cut();
    if (isContinued) {
      this.#offsetSeconds = this.#lastSecond - Date.now() / 1000;
    }
  }

  async #get(query, signal) {
    try {
      return await get(`${this.#path}?${query}`, signal);
    } catch (problem) {
      this.isUnknown = problem.status === 404 && this.#lastSecond === 0;
      throw problem;
    }
  }

  #add(second, columns, row) {
    if (second <= this.#lastSecond) {
      return;
    }
    if (this.#lastSecond > 0 && second - this.#lastSecond > this.#greatestStepSeconds) {
      this.#times.push(this.#lastSecond + this.#stepSeconds);
      this.#columns.forEach((values) => values.push(null));
    }
    this.#times.push(second);
    this.#lastSecond = second;
    for (const [quantity, values] of Object.entries(columns)) {
      if (!this.#columns.has(quantity)) {
        this.#columns.set(quantity, new Array(this.#times.length - 1).fill(null));
      }
      this.#columns.get(quantity).push(values[row]);
    }
  }

  #cut() {
    const excess = this.#times.length - this.#greatestRows;
    if (excess > SLACK_ROWS) {
      this.#times.splice(0, excess);
      this.#columns.forEach((values) => values.splice(0, excess));
    }
  }
}
