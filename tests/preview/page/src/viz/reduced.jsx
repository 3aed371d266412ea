// The values of a stat, gauge or bar gauge, laid out as many as there are.
import { getDisplayValueAlignmentFactors, getFieldDisplayValues } from '@grafana/data';
import { VizRepeater } from '@grafana/ui';

export function Reduced({ panel, series, theme, width, height, replaceVariables, sparkline, renderValue, ...layout }) {
  const { options, fieldConfig } = panel;
  const getValues = () =>
    getFieldDisplayValues({
      data: series,
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables,
      sparkline,
      percentChange: options.showPercentChange,
      theme,
      timeZone: 'utc',
    });
  const aligned = (values) => getDisplayValueAlignmentFactors(values);
  return (
    <VizRepeater
      {...{
        width,
        height,
        getValues,
        renderValue,
        source: series,
        renderCounter: 0,
        orientation: options.orientation,
        ...layout,
      }}
      getAlignmentFactors={aligned}
    />
  );
}
