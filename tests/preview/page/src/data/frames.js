// From what Prometheus answers to the data frames that its data source in Grafana makes of it.
import { FieldType, toDataFrame } from '@grafana/data';

const number = (text) => ({ '+Inf': Infinity, '-Inf': -Infinity })[text] ?? Number(text);

function seriesOf({ resultType, result }) {
  if (resultType === 'scalar') return [{ labels: {}, points: [result] }];
  return result.map(({ metric, value, values }) => ({ labels: metric, points: values ?? [value] }));
}

function describe(labels) {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([key, value]) => `${key}="${value}"`);
  return pairs.length ? `${name}{${pairs.join(', ')}}` : name;
}

function legend(format, labels, expr) {
  if (format === '__auto') return Object.keys(labels).length ? undefined : expr;
  if (format) return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label) => labels[label] ?? '');
  return describe(labels) || expr;
}

export function timeSeries(answer, { refId, expr, legendFormat, stepMs }) {
  return seriesOf(answer).map(({ labels, points }) => {
    const displayNameFromDS = legend(legendFormat, labels, expr);
    return toDataFrame({
      refId,
      name: displayNameFromDS,
      meta: { type: 'timeseries-multi', custom: { resultType: answer.resultType } },
      fields: [
        // Without the interval, a gap in a series is drawn as a line across it.
        { name: 'Time', type: FieldType.time, config: { interval: stepMs }, values: points.map(([at]) => at * 1000) },
        {
          name: 'Value',
          type: FieldType.number,
          labels,
          config: displayNameFromDS === undefined ? {} : { displayNameFromDS },
          values: points.map(([, text]) => number(text)),
        },
      ],
    });
  });
}

export function table(answer, { refId, alone }) {
  const series = seriesOf(answer);
  if (!series.length) return [];
  const rows = series.flatMap(({ labels, points }) => points.map(([at, text]) => ({ at, text, labels })));
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))].sort();
  return [
    toDataFrame({
      refId,
      meta: { preferredVisualisationType: 'table' },
      fields: [
        { name: 'Time', type: FieldType.time, values: rows.map(({ at }) => at * 1000) },
        ...names.map((name) => ({
          name,
          type: FieldType.string,
          config: { filterable: true },
          values: rows.map(({ labels }) => labels[name] ?? ''),
        })),
        {
          name: alone ? 'Value' : `Value #${refId}`,
          type: FieldType.number,
          values: rows.map(({ text }) => number(text)),
        },
      ],
    }),
  ];
}

// Buckets come as running totals; one frame holds each bucket's own count, smallest bound first.
export function heatmap(answer, { refId, stepMs }) {
  const buckets = seriesOf(answer)
    .filter(({ labels }) => 'le' in labels)
    .sort((a, b) => number(a.labels.le) - number(b.labels.le));
  if (!buckets.length) return [];
  const times = [...new Set(buckets.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
  let below = times.map(() => 0);
  const fields = buckets.map(({ labels, points }) => {
    const at = new Map(points.map(([time, text]) => [time, number(text)]));
    const totals = times.map((time, n) => at.get(time) ?? below[n]);
    const values = totals.map((total, n) => Math.max(0, total - below[n]));
    below = totals;
    return { name: labels.le, type: FieldType.number, labels, values };
  });
  const time = {
    name: 'Time',
    type: FieldType.time,
    config: { interval: stepMs },
    values: times.map((at) => at * 1000),
  };
  return [toDataFrame({ refId, meta: { type: 'heatmap-rows' }, fields: [time, ...fields] })];
}
