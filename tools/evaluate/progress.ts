/** An evaluation's events as lines on the error stream. */
import { rateOf } from "../../src/evaluation/metrics.ts";
import type { Checkpoint, Count, EvaluationEvent, Metrics, RunFacts } from "../../src/evaluation/results.ts";

/** Seconds between two lines about edits or measuring, at least. */
const APART = 10;
/** The rate is that of this many edits, at most. */
const RECENT = 20;

const percent = (count: Count): string => (count.of === 0 ? "–" : `${(100 * rateOf(count)).toFixed(1)} %`);

export const metricNames: readonly (readonly [keyof Metrics, string])[] = [
  ["reliability", "reliability"],
  ["generalization", "generalization"],
  ["localityNear", "locality near"],
  ["localityFar", "locality far"],
];

function checkpointText({ afterEdits, sampled, metrics, retention }: Checkpoint): string {
  const way = (name: string, pick: "free" | "teacherForced"): string =>
    `${name}: ${metricNames.map(([key, label]) => `${label} ${percent(metrics[key][pick])}`).join(", ")}`;
  const kept = retention === null ? "" : `; perplexity × ${retention.toFixed(4)}`;
  return `after ${afterEdits} edits (${sampled} sampled), ${way("free", "free")} | ${way("teacher-forced", "teacherForced")}${kept}`;
}

/** @returns to be told of each event */
export function createTeller({ method, seed }: RunFacts): (event: EvaluationEvent) => void {
  const name = `${method}, seed ${seed}`;
  const recent: number[] = [];
  let last = -Infinity;
  const say = (text: string, now = true): void => {
    if (!now && performance.now() - last < 1000 * APART) return;
    last = performance.now();
    console.error(`${name}: ${text}`);
  };
  return (event) => {
    switch (event.kind) {
      case "started":
        if (event.done > 0) say(`going on after ${event.done} of ${event.of} records`);
        break;
      case "edit": {
        recent.push(event.seconds);
        if (recent.length > RECENT) recent.shift();
        const mean = recent.reduce((sum, seconds) => sum + seconds, 0) / recent.length;
        const left = `${(1 / mean).toFixed(2)} edits/s, ${duration(mean * (event.of - event.done))} of editing left`;
        say(`${event.done} of ${event.of} edits, ${left}; ${event.steps} steps, loss ${event.loss.toFixed(3)}`, event.done === event.of);
        break;
      }
      case "refused":
        say(`record ${event.id} is left out: ${event.message}`);
        break;
      case "measuring":
        say(`measured ${event.done} of ${event.of} edits`, false);
        break;
      case "checkpoint":
        say(`${checkpointText(event.checkpoint)} (measured in ${duration(event.seconds)})`);
        break;
    }
  };
}

function duration(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
