import { FieldType } from '@grafana/data';
import { ErrorBoundary, PanelChrome, useTheme2 } from '@grafana/ui';
import { useEffect, useState } from 'react';

import { DEFAULTS } from './data/defaults.js';
import { completed, mistakes, strangeUnits, withFieldConfig } from './data/fields.js';
import { interpolate } from './data/interpolate.js';
import { replacer } from './data/macros.js';
import { runAll } from './data/query.js';
import { panelRange } from './data/time.js';
import { transformed } from './data/transform.js';
import { VISUALIZATIONS, WITHOUT_DATA } from './viz/index.js';

// What a panel's card takes of its width; the rest counts its data points.
const PADDING = 2 * 8 + 2;

async function load(panel, { range, variables, settings, width, theme }) {
  if (!(panel.type in DEFAULTS)) throw new Error(`panels of type ${panel.type} are not drawn`);
  const [mistake] = mistakes(panel);
  if (mistake) throw new Error(mistake);
  const remarks = [...strangeUnits(panel), ...(panel.repeat ? [`not repeated for each $${panel.repeat}`] : [])];
  const replaceVariables = replacer(variables);
  const ready = { panel: completed(panel), range: panelRange(panel, range), replaceVariables, notes: remarks };
  if (WITHOUT_DATA.has(panel.type)) return { ...ready, series: [] };
  if (!panel.targets?.length) throw new Error('the panel has no target');
  const query = { variables, range: ready.range, width: width - PADDING, scrapeInterval: settings.scrapeInterval };
  const { series, notes } = await runAll(panel, query);
  const shaped = await transformed(panel, series, replaceVariables);
  return {
    ...ready,
    notes: [...remarks, ...notes],
    series: withFieldConfig(ready.panel, shaped, { theme, timeZone: 'utc', replaceVariables }),
  };
}

function Message({ children, color }) {
  const style = {
    display: 'flex',
    height: '100%',
    alignItems: 'center',
    justifyContent: 'center',
    textAlign: 'center',
    color,
  };
  return <div style={{ ...style, overflowWrap: 'anywhere', padding: 8 }}>{children}</div>;
}

const hasValues = (series) => series.some(({ fields, length }) => length > 0 && fields.length > 0);

// Grafana draws NaN and null as they are: nothing to see, and nothing said.
const isSeen = (value) => value !== null && value !== undefined && !Number.isNaN(value);
const showsValues = (series) =>
  series.some(({ fields }) => fields.some(({ type, values }) => type !== FieldType.time && values.some(isSeen)));

function emptiness({ panel, series }) {
  if (WITHOUT_DATA.has(panel.type) || showsValues(series)) return '';
  return hasValues(series) ? 'nothing but NaN' : 'no data';
}

export function Panel({ panel, range, variables, settings, width, height, onDone }) {
  const theme = useTheme2();
  const [outcome, setOutcome] = useState();
  useEffect(() => {
    load(panel, { range, variables, settings, width, theme }).then(setOutcome, (error) => setOutcome({ error }));
  }, []);
  const title = interpolate(panel.title, variables);
  const about = { title: title || `(${panel.type} without title)`, id: panel.id, type: panel.type };
  const failed = (error) => onDone({ ...about, state: 'error', message: error.message, notes: [] });
  useEffect(() => {
    if (!outcome) return;
    if (outcome.error) failed(outcome.error);
    else {
      const message = emptiness(outcome);
      onDone({ ...about, message, state: message ? 'empty' : 'ok', notes: outcome.notes });
    }
  }, [outcome]);

  const body = (innerWidth, innerHeight) => {
    if (!outcome) return null;
    if (outcome.error) return <Message color={theme.colors.error.text}>{outcome.error.message}</Message>;
    const { Draw, saysEmpty } = VISUALIZATIONS[panel.type];
    if (!WITHOUT_DATA.has(panel.type) && !saysEmpty && !hasValues(outcome.series)) {
      return <Message>{panel.fieldConfig?.defaults?.noValue || 'No data'}</Message>;
    }
    return (
      <ErrorBoundary onError={failed}>
        {({ error }) =>
          error ? (
            <Message color={theme.colors.error.text}>{String(error)}</Message>
          ) : (
            <Draw {...outcome} theme={theme} width={innerWidth} height={innerHeight} />
          )
        }
      </ErrorBoundary>
    );
  };
  const displayMode = panel.transparent ? 'transparent' : 'default';
  return (
    <PanelChrome
      {...{ title, width, height, displayMode, description: panel.description }}
      statusMessage={outcome?.error?.message}
      padding={panel.type === 'table' ? 'none' : 'md'}
      titleItems={panel.timeFrom && <small style={{ opacity: 0.7 }}>&ensp;Last {panel.timeFrom}</small>}
    >
      {body}
    </PanelChrome>
  );
}
