// Grafana's bar chart is not among what @grafana/ui exports: this is a plain one, with the same numbers and colours.
import {
  FieldType,
  formattedValueToString,
  getFieldColorModeForField,
  getFieldDisplayName,
  getFieldSeriesColor,
} from '@grafana/data';
import { VizLayout, VizLegend } from '@grafana/ui';

const TICKS = 4;
const AXIS = { across: 64, along: 24 };
const LABEL = 12;

const colorOf = (field, value, theme) =>
  getFieldColorModeForField(field).isByValue ? field.display(value).color : getFieldSeriesColor(field, theme).color;

// The text of an axis: at the left, or below.
function Labels({ items, upright, theme, x, y }) {
  return items.map(({ text, at }) => (
    <text
      key={at}
      fontSize={LABEL}
      fill={theme.colors.text.primary}
      {...(upright ? { x: x - 8, y: at + 4, textAnchor: 'end' } : { x: at, y: y + 18, textAnchor: 'middle' })}
    >
      {text}
    </text>
  ));
}

function Bars({ category, fields, options, theme, width, height }) {
  const { stacking = 'none', barWidth = 0.97, groupWidth = 0.7, showValue = 'auto' } = options;
  const lying = options.orientation === 'horizontal';
  const stacked = stacking !== 'none';
  const [room, span] = lying
    ? [height - AXIS.along, width - 2 * AXIS.across]
    : [width - AXIS.across, height - AXIS.along - LABEL];
  const sums = category.values.map((_, n) => fields.reduce((sum, { values }) => sum + (values[n] ?? 0), 0));
  const most = Math.max(...(stacked ? sums : fields.flatMap(({ values }) => values.filter(Number.isFinite))));
  const top = fields[0].config.max ?? (most > 0 ? most : 1);
  const slot = room / category.length;
  const thick = ((slot * groupWidth) / (stacked ? 1 : fields.length)) * barWidth;
  const [left, bottom] = [AXIS.across, LABEL + span];
  const bars = category.values.flatMap((_, n) => {
    let base = 0;
    return fields.map((field, k) => {
      const value = field.values[n] ?? 0;
      const long = Math.max(0, (span * value) / top);
      const start = slot * (n + (1 - groupWidth) / 2) + (stacked ? 0 : k * (thick / barWidth));
      const box = lying
        ? { x: left + base, y: start, width: long, height: thick }
        : { x: left + start, y: bottom - base - long, width: thick, height: long };
      if (stacked) base += long;
      return { box, fill: colorOf(field, value, theme), text: formattedValueToString(field.display(value)) };
    });
  });
  const ticks = Array.from({ length: TICKS + 1 }, (_, n) => ({
    text: formattedValueToString(fields[0].display((top * n) / TICKS)),
    at: lying ? left + (span * n) / TICKS : bottom - (span * n) / TICKS,
  }));
  const names = category.values.map((value, n) => ({
    text: formattedValueToString(category.display(value)),
    at: slot * (n + 0.5) + (lying ? 0 : left),
  }));
  const at = { theme, x: left, y: lying ? room : bottom };
  return (
    <svg width={width} height={height}>
      {bars.map(({ box, fill, text }, n) => (
        <g key={n}>
          <rect {...box} fill={fill} fillOpacity={0.8} stroke={fill} />
          {showValue !== 'never' && !stacked && (
            <text
              fontSize={LABEL}
              fill={theme.colors.text.primary}
              {...(lying
                ? { x: box.x + box.width + 4, y: box.y + box.height / 2 + 4 }
                : { x: box.x + box.width / 2, y: box.y - 3, textAnchor: 'middle' })}
            >
              {text}
            </text>
          )}
        </g>
      ))}
      <Labels items={ticks} upright={!lying} {...at} />
      <Labels items={names} upright={lying} {...at} />
    </svg>
  );
}

export function BarChart({ panel, series, theme, width, height }) {
  const { legend, xField, ...options } = panel.options;
  const [frame] = series;
  if (series.length > 1) throw new Error('a bar chart draws one frame: join or reduce them first');
  const category = xField
    ? frame.fields.find((field) => getFieldDisplayName(field, frame) === xField)
    : (frame.fields.find(({ type }) => type === FieldType.string) ?? frame.fields[0]);
  if (!category) throw new Error(`no field is called ${xField}`);
  const fields = frame.fields.filter(
    (field) => field !== category && field.type === FieldType.number && !field.config.custom?.hideFrom?.viz,
  );
  if (!fields.length) throw new Error('no numeric field');
  const items = fields.map((field) => ({
    label: getFieldDisplayName(field, frame),
    color: getFieldSeriesColor(field, theme).color,
    yAxis: 1,
  }));
  const drawn = legend.showLegend && (
    <VizLayout.Legend placement={legend.placement}>
      <VizLegend items={items} placement={legend.placement} displayMode={legend.displayMode} readonly />
    </VizLayout.Legend>
  );
  return (
    <VizLayout width={width} height={height} legend={drawn || null}>
      {(innerWidth, innerHeight) => (
        <Bars
          {...{ fields, options, theme }}
          category={{ ...category, length: frame.length }}
          width={innerWidth}
          height={innerHeight}
        />
      )}
    </VizLayout>
  );
}
