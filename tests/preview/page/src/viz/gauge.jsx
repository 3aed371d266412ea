// Grafana's radial gauge is not among what @grafana/ui exports: this is a plain one, with the same numbers and colours.
import { formattedValueToString } from '@grafana/data';

import { Reduced } from './reduced.jsx';

const FROM = -125;
const TO = 125;

function arc(cx, cy, radius, from, to) {
  const [[x1, y1], [x2, y2]] = [from, to].map((degrees) => {
    const angle = ((degrees - 90) * Math.PI) / 180;
    return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)];
  });
  return `M${x1},${y1}A${radius},${radius} 0 ${to - from > 180 ? 1 : 0} 1 ${x2},${y2}`;
}

function bounds({ field }) {
  return [field.min ?? 0, field.max ?? 100];
}

function markers({ field, theme }) {
  const [min, max] = bounds({ field });
  const { mode, steps } = field.thresholds;
  const at = ({ value }) => (mode === 'percentage' ? value / 100 : (value - min) / (max - min));
  return steps.map((step, n) => ({
    color: theme.visualization.getColorByName(step.color),
    from: Math.min(1, Math.max(0, n ? at(step) : 0)),
    to: n + 1 < steps.length ? Math.min(1, Math.max(0, at(steps[n + 1]))) : 1,
  }));
}

function Gauge({ value, width, height, theme, markThresholds, named }) {
  const { field, display } = value;
  const [min, max] = bounds({ field });
  const share = Math.min(1, Math.max(0, (display.numeric - min) / (max - min) || 0));
  const angle = (part) => FROM + part * (TO - FROM);
  const room = height - (named ? 24 : 0);
  const radius = Math.min(width / 2, room / 1.65) - 8;
  const [cx, cy] = [width / 2, radius + 8];
  const stroke = radius * 0.28;
  const text = formattedValueToString(display);
  const ring = radius - (markThresholds ? 8 : 0) - stroke / 2;
  return (
    <svg width={width} height={height} fill="none">
      <path d={arc(cx, cy, ring, FROM, TO)} stroke={theme.colors.background.secondary} strokeWidth={stroke} />
      {share > 0 && <path d={arc(cx, cy, ring, FROM, angle(share))} stroke={display.color} strokeWidth={stroke} />}
      {markThresholds &&
        markers({ field, theme }).map(
          ({ color, from, to }) =>
            to > from && (
              <path key={from} d={arc(cx, cy, radius, angle(from), angle(to))} stroke={color} strokeWidth={4} />
            ),
        )}
      <text
        x={cx}
        y={cy + radius * 0.2}
        textAnchor="middle"
        fontWeight={500}
        fontSize={Math.min(radius * 0.42, (radius * 2) / text.length)}
        fill={display.color}
      >
        {text}
      </text>
      {named && (
        <text x={cx} y={height - 8} textAnchor="middle" fontSize={14} fill={theme.colors.text.primary}>
          {display.title}
        </text>
      )}
    </svg>
  );
}

export function Gauges(props) {
  const renderValue = ({ value, width, height, count }) => (
    <Gauge
      {...{ value, width, height, theme: props.theme }}
      markThresholds={props.panel.options.showThresholdMarkers}
      named={count > 1}
    />
  );
  return <Reduced {...props} renderValue={renderValue} autoGrid minVizWidth={75} minVizHeight={75} />;
}
