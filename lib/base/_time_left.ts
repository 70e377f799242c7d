/** A new estimate moves the one that is shown by this share of their distance. */
const SMOOTHING = 1 / 3;
/** A rate over less time than this says nothing. */
const LEAST_SECONDS = 1;
/** How far a machine's pace may be from the usual: a stage served from a cache says little of the next. */
const PACES: readonly [least: number, most: number] = [0.25, 8];

/** How far the stages of a run are, and how long the rest will take. */
export class TimeLeft {
  readonly #usualSeconds: ReadonlyMap<string, number>;
  readonly #ended = new Set<string>();
  #tookSeconds = 0;
  #usuallyTookSeconds = 0;
  #startMs = 0;
  #startDone = 0;
  /** When the stage will end, as far as is known. */
  #endMs: number | null = null;
  /** The stage that runs; `null` between stages. */
  stage: string | null = null;
  /** How much of it is done. */
  done = 0;
  /** Of how much. */
  total = 0;

  constructor(usualSeconds: Readonly<Record<string, number>>) {
    this.#usualSeconds = new Map(Object.entries(usualSeconds));
  }

  /** Counts what is done. A stage begins with its first call, or anew where less is done, and its rate with it. */
  update(stage: string, { done, total, nowMs }: { done: number; total: number; nowMs: number }): void {
    if (this.stage === null || done < this.done) {
      this.#startMs = nowMs;
      this.#startDone = done;
      this.#endMs = null;
    }
    const isNews = this.stage === null || done !== this.done || total !== this.total;
    Object.assign(this, { stage, done, total });
    const seconds = this.elapsedSeconds(nowMs);
    if (!isNews || done <= this.#startDone || seconds < LEAST_SECONDS) return;
    const endMs = nowMs + 1000 * (total - done) * seconds / (done - this.#startDone);
    const isSmooth = this.#endMs !== null && done < total;
    this.#endMs = isSmooth ? this.#endMs! + SMOOTHING * (endMs - this.#endMs!) : endMs;
  }

  /** The stage is over. */
  endStage(nowMs: number): void {
    if (this.stage === null) return;
    this.#ended.add(this.stage);
    this.#tookSeconds += this.elapsedSeconds(nowMs);
    this.#usuallyTookSeconds += this.#usualSeconds.get(this.stage) ?? 0;
    this.stage = null;
  }

  /** Time since the stage began. */
  elapsedSeconds(nowMs: number): number {
    return (nowMs - this.#startMs) / 1000;
  }

  /** Time left for the stage; `null` where nothing is known yet. */
  stageSeconds(nowMs: number): number | null {
    return this.#endMs === null ? null : Math.max(0, this.#endMs - nowMs) / 1000;
  }

  /** Time left for the run; `null` where nothing is known yet, or no further stage is. */
  runSeconds(nowMs: number): number | null {
    const later = [...this.#usualSeconds].filter(([name]) => name !== this.stage && !this.#ended.has(name));
    const usual = this.stage === null ? 0 : this.#usualSeconds.get(this.stage) ?? 0;
    const ofStage = this.stageSeconds(nowMs);
    if (later.length === 0 || ofStage === null) return null;
    const took = this.#tookSeconds + this.elapsedSeconds(nowMs) + ofStage;
    const usuallyTook = this.#usuallyTookSeconds + usual;
    const [least, most] = PACES;
    const pace = usuallyTook === 0 ? 1 : Math.min(most, Math.max(least, took / usuallyTook));
    return ofStage + pace * later.reduce((sum, [, seconds]) => sum + seconds, 0);
  }
}
