import { dateMath, dateTime, rangeUtil } from '@grafana/data';

export function timeRange(from, to) {
  const parsed = [dateMath.parse(from, false), dateMath.parse(to, true)];
  if (!parsed.every((each) => each?.isValid())) throw new Error(`"${from}" to "${to}" is not a time range`);
  return { from: parsed[0], to: parsed[1], raw: { from, to } };
}

// A panel may look further back than its dashboard (timeFrom), or at an earlier time (timeShift).
export function panelRange(panel, range) {
  let { from, to } = range;
  if (panel.timeFrom) from = dateMath.parseDateMath(panel.timeFrom.replace(/^(now)?-?/, '-'), dateTime(to));
  if (panel.timeShift) {
    from = dateMath.parseDateMath(`-${panel.timeShift}`, dateTime(from));
    to = dateMath.parseDateMath(`-${panel.timeShift}`, dateTime(to));
  }
  return { from, to, raw: { from, to } };
}

export function steps(panel, target, range, width, scrapeInterval) {
  const floor = target.interval || panel.interval || scrapeInterval;
  const points = panel.maxDataPoints ?? Math.max(1, Math.floor(width));
  const { intervalMs } = rangeUtil.calculateInterval(range, points, floor);
  const spanMs = range.to.valueOf() - range.from.valueOf();
  const stepMs = Math.max(intervalMs * (target.intervalFactor || 1), Math.ceil(spanMs / 11000 / 1000) * 1000);
  return { stepMs, scrapeMs: rangeUtil.intervalToMs(floor) };
}

export function builtIns(range, { stepMs, scrapeMs }) {
  const spanMs = range.to.valueOf() - range.from.valueOf();
  const seconds = Math.round(spanMs / 1000);
  const rateMs = Math.max(stepMs + scrapeMs, 4 * scrapeMs);
  const values = {
    __interval: rangeUtil.secondsToHms(stepMs / 1000),
    __interval_ms: stepMs,
    __rate_interval: rangeUtil.secondsToHms(rateMs / 1000),
    __range: `${seconds}s`,
    __range_s: seconds,
    __range_ms: spanMs,
    __from: range.from.valueOf(),
    __to: range.to.valueOf(),
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, verbatim: true }]));
}
