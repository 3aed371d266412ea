// Buckets as rows, a colour for each count. Heatmaps that Grafana itself would calculate are refused.
import { FieldType, formattedValueToString, getValueFormat } from '@grafana/data';
import * as schemes from 'd3-scale-chromatic';

import { Cells } from './cells.jsx';

function colorOf({ scheme, reverse, exponent, mode, fill }, theme) {
  if (mode === 'opacity') {
    const color = theme.visualization.getColorByName(fill);
    return (share) => `color-mix(in srgb, ${color} ${Math.round(100 * share ** exponent)}%, transparent)`;
  }
  const interpolate = schemes[`interpolate${scheme}`];
  if (!interpolate) throw new Error(`no colour scheme is called ${scheme}`);
  // Schemes run from light to dark; on a dark page the few must be dark.
  const turned = theme.isDark !== Boolean(reverse);
  return (share) => interpolate(turned ? 1 - share : share);
}

function bound(name, { unit, decimals }) {
  return Number.isNaN(Number(name))
    ? name
    : formattedValueToString(getValueFormat(unit ?? 'short')(Number(name), decimals));
}

export function Heatmap({ panel, series, range, theme, width, height }) {
  const { options } = panel;
  if (options.calculate) throw new Error('a heatmap with "calculate" is not drawn: ask for format: heatmap');
  const [frame] = series;
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  const buckets = frame.fields.filter(({ type }) => type === FieldType.number);
  const most = Math.max(...buckets.flatMap(({ values }) => values.filter(Number.isFinite)), 0);
  const color = colorOf({ scheme: 'Oranges', exponent: 0.5, ...options.color }, theme);
  const step = time.config.interval ?? time.values[1] - time.values[0];
  const gap = (range.to.valueOf() - range.from.valueOf()) / width;
  const rows = buckets
    .map(({ name, values }) => ({
      name: bound(name, options.yAxis ?? {}),
      cells: values.flatMap((value, n) =>
        value > 0 ? [{ from: time.values[n] - step, to: time.values[n] - gap, fill: color(value / most) }] : [],
      ),
    }))
    .reverse();
  return <Cells {...{ rows, range, theme, width, height }} rowHeight={0.96} />;
}
