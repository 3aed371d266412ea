import { useTheme2 } from '@grafana/ui';
import { useRef } from 'react';

import { interpolate } from './data/interpolate.js';
import { heightOf, opened, place } from './grid.js';
import { Panel } from './panel.jsx';

const MARGIN = 16;

function Header({ dashboard, variables, range, problems }) {
  const theme = useTheme2();
  const pill = {
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: 2,
    padding: '4px 8px',
    marginLeft: -1,
  };
  const shown = Object.entries(variables).filter(([, { hide }]) => hide !== 2);
  const time = `${range.from.format('YYYY-MM-DD HH:mm')} to ${range.to.format('YYYY-MM-DD HH:mm')}`;
  return (
    <header style={{ display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'center', padding: `12px 0 ${MARGIN}px` }}>
      <span style={{ fontSize: 18, fontWeight: 500 }}>{dashboard.title}</span>
      {shown.map(([name, { label, text, value }]) => (
        <span key={name}>
          <span style={{ ...pill, background: theme.colors.background.secondary }}>{label || name}</span>
          <span style={{ ...pill, background: theme.colors.background.primary }}>
            {[text ?? value].flat().join(' + ')}
          </span>
        </span>
      ))}
      <span style={{ marginLeft: 'auto', color: theme.colors.text.secondary }}>{time}</span>
      {problems.map((problem) => (
        <div key={problem} style={{ width: '100%', color: theme.colors.error.text }}>
          {problem}
        </div>
      ))}
    </header>
  );
}

function Row({ row, variables, style }) {
  const text = interpolate(row.title, variables);
  return (
    <div style={{ ...style, display: 'flex', alignItems: 'center', fontSize: 16, fontWeight: 500 }}>
      ⌄&ensp;{text}
      {row.collapsed && <small style={{ opacity: 0.6 }}>&ensp;(collapsed in Grafana)</small>}
    </div>
  );
}

export function Dashboard({ dashboard, range, variables, settings, problems, onDone }) {
  const panels = opened(dashboard.panels ?? []);
  const drawn = panels.filter(({ type }) => type !== 'row');
  const reports = useRef(new Map());
  const report = (index) => (outcome) => {
    if (reports.current.get(index)?.state === 'error') return; // nothing that comes later mends it
    reports.current.set(index, outcome);
    if (reports.current.size === drawn.length) onDone(drawn.map((_, n) => reports.current.get(n)));
  };
  if (!drawn.length) onDone([]);
  const width = settings.width - 2 * MARGIN;
  return (
    <main style={{ width, margin: `0 ${MARGIN}px` }}>
      <Header {...{ dashboard, variables, range, problems }} />
      <div style={{ position: 'relative', height: heightOf(panels) + MARGIN }}>
        {panels.map((panel, n) => {
          const { left, top, ...size } = place(panel.gridPos, width);
          const style = { position: 'absolute', left, top, ...size };
          if (panel.type === 'row') return <Row key={n} row={panel} variables={variables} style={style} />;
          const index = drawn.indexOf(panel);
          return (
            <div key={n} data-panel={index} style={style}>
              <Panel {...{ panel, range, variables, settings, ...size }} onDone={report(index)} />
            </div>
          );
        })}
      </div>
    </main>
  );
}
