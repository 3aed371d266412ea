// Runs a panel's targets: their frames, and what to tell about targets that answered nothing.
import * as frames from './frames.js';
import { interpolate } from './interpolate.js';
import * as prometheus from './prometheus.js';
import { builtIns, steps } from './time.js';

const isPrometheus = (datasource) =>
  !datasource?.type || datasource.type === 'prometheus' || String(datasource.uid).startsWith('$');

async function run(target, { panel, range, variables, width, scrapeInterval, alone }) {
  const times = steps(panel, target, range, width, scrapeInterval);
  const known = { ...variables, ...builtIns(range, times) };
  const expr = interpolate(target.expr, known, 'promql');
  const meta = {
    refId: target.refId,
    expr,
    legendFormat: interpolate(target.legendFormat, known),
    stepMs: times.stepMs,
    alone,
  };
  const convert = { table: frames.table, heatmap: frames.heatmap }[target.format] ?? frames.timeSeries;
  const step = times.stepMs / 1000;
  const [start, end] = [range.from, range.to].map((each) => each.valueOf() / 1000);
  const answers = [];
  // Without either flag, a range; with both, Grafana shows both.
  if (target.range || !target.instant) {
    answers.push(await prometheus.range(expr, Math.floor(start / step) * step, Math.floor(end / step) * step, step));
  }
  if (target.instant) answers.push(await prometheus.instant(expr, end));
  return answers.flatMap((answer) => convert(answer, meta));
}

export async function runAll(panel, context) {
  const targets = (panel.targets ?? []).filter(({ hide }) => !hide);
  const foreign = targets.find((target) => !isPrometheus(target.datasource ?? panel.datasource));
  if (foreign)
    throw new Error(
      `target ${foreign.refId}: only Prometheus is asked, not ${(foreign.datasource ?? panel.datasource).type}`,
    );
  const alone = targets.filter(({ format }) => format === 'table').length < 2;
  const results = await Promise.all(
    targets.map(async (target) => {
      try {
        return await run(target, { panel, alone, ...context });
      } catch (error) {
        throw new Error(`target ${target.refId}: ${error.message}`, { cause: error });
      }
    }),
  );
  const silent = targets.filter((_, n) => !results[n].length).map(({ refId }) => `target ${refId} answered nothing`);
  return { series: results.flat(), notes: targets.length > 1 ? silent : [] };
}
