import { BarGauge } from '@grafana/ui';

import { Reduced } from './reduced.jsx';

export function BarGauges(props) {
  const { options } = props.panel;
  const renderValue = ({ value, width, height, orientation, alignmentFactors }) => (
    <BarGauge
      {...{ width, height, orientation, alignmentFactors, theme: props.theme }}
      value={value.display}
      field={value.field}
      display={value.view?.getFieldDisplayProcessor(value.colIndex)}
      text={options.text}
      displayMode={options.displayMode}
      showUnfilled={options.showUnfilled}
      valueDisplayMode={options.valueMode}
      namePlacement={options.namePlacement}
      itemSpacing={8}
      lcdCellWidth={12}
    />
  );
  const { minVizWidth, minVizHeight, maxVizHeight } = options;
  return <Reduced {...props} {...{ renderValue, minVizWidth, minVizHeight, maxVizHeight }} itemSpacing={10} />;
}
