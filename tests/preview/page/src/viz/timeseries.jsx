import { TimeSeries } from '@grafana/ui';

export function Lines({ panel, series, range, width, height }) {
  const { legend, timezone } = panel.options;
  return (
    <TimeSeries
      {...{
        width,
        height,
        legend,
        frames: series,
        timeRange: range,
        timeZone: timezone ?? ['utc'],
        options: panel.options,
      }}
    />
  );
}
