import { FieldType, colorManipulator, formattedValueToString, getFieldDisplayName } from '@grafana/data';
import { VizLayout, VizLegend } from '@grafana/ui';

import { Cells } from './cells.jsx';

const isTime = ({ type }) => type === FieldType.time;

function rowsOf(series, cellsOf) {
  return series.flatMap((frame) => {
    const time = frame.fields.find(isTime);
    if (!time) return [];
    const shown = frame.fields.filter((field) => !isTime(field) && !field.config.custom?.hideFrom?.viz);
    return shown.map((field) => ({
      name: getFieldDisplayName(field, frame, series),
      cells: cellsOf(time, field),
      field,
    }));
  });
}

function look(field, value) {
  const display = field.display(value);
  const { fillOpacity = 70 } = field.config.custom;
  return {
    fill: colorManipulator.alpha(display.color, fillOpacity / 100),
    text: formattedValueToString(display),
    display,
  };
}

const isMissing = (value) => value === null || value === undefined || Number.isNaN(value);

// A state lasts until the next one; thresholds make states of numbers.
function states(end, { mergeValues, showValue }) {
  return (time, field) => {
    const cells = [];
    const step = time.config.interval ?? Infinity;
    time.values.forEach((at, n) => {
      const value = field.values[n];
      const last = cells.at(-1);
      if (last && !last.closed) last.to = Math.min(at, last.seen + 1.5 * step);
      if (isMissing(value)) {
        if (last) last.closed = true;
        return;
      }
      const { fill, text, display } = look(field, value);
      const byThreshold = field.config.color?.mode === 'thresholds' && !field.config.mappings?.length;
      const same =
        last && !last.closed && last.to === at && (byThreshold ? last.state === display.color : last.state === text);
      if (mergeValues && same) last.seen = at;
      else
        cells.push({
          from: at,
          seen: at,
          fill,
          text: showValue === 'never' ? '' : text,
          state: byThreshold ? display.color : text,
        });
    });
    const last = cells.at(-1);
    if (last && !last.closed) last.to = Math.min(end, last.seen + step);
    return cells;
  };
}

function samples({ colWidth, showValue }) {
  return (time, field) => {
    const step = time.config.interval ?? time.values[1] - time.values[0];
    return time.values.flatMap((at, n) => {
      const value = field.values[n];
      if (isMissing(value)) return [];
      const { fill, text } = look(field, value);
      const half = (step * colWidth) / 2;
      return [{ from: at - half, to: at + half, fill, text: showValue === 'never' ? '' : text }];
    });
  };
}

function legendItems(rows, theme) {
  const { config, display } = rows[0].field;
  if (config.mappings?.length) {
    const results = config.mappings.flatMap(({ type, options }) =>
      type === 'value' ? Object.values(options) : [options.result],
    );
    return results.map(({ text, color }) => ({
      label: text,
      color: theme.visualization.getColorByName(color ?? 'text'),
      yAxis: 1,
    }));
  }
  if (config.color?.mode !== 'thresholds') return [];
  const { steps } = config.thresholds;
  const value = (n) => formattedValueToString(display(steps[n].value));
  return steps.map(({ color }, n) => ({
    label: n === 0 ? (steps.length > 1 ? `< ${value(1)}` : 'any') : `${value(n)}+`,
    color: theme.visualization.getColorByName(color),
    yAxis: 1,
  }));
}

function Timeline({ rows, panel, range, theme, width, height, align }) {
  const { legend, rowHeight } = panel.options;
  const items = legend?.showLegend ? legendItems(rows, theme) : [];
  const drawn = items.length > 0 && (
    <VizLayout.Legend placement={legend.placement}>
      <VizLegend items={items} placement={legend.placement} displayMode={legend.displayMode} readonly />
    </VizLayout.Legend>
  );
  return (
    <VizLayout width={width} height={height} legend={drawn || null}>
      {(innerWidth, innerHeight) => (
        <Cells {...{ rows, range, theme, rowHeight, align }} width={innerWidth} height={innerHeight} />
      )}
    </VizLayout>
  );
}

export function StateTimeline(props) {
  const { panel, series, range } = props;
  const rows = rowsOf(series, states(range.to.valueOf(), panel.options));
  return <Timeline {...props} rows={rows} align={panel.options.alignValue} />;
}

export function StatusHistory(props) {
  return <Timeline {...props} rows={rowsOf(props.series, samples(props.panel.options))} align="center" />;
}
