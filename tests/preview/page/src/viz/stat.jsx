import { BigValue } from '@grafana/ui';

import { Reduced } from './reduced.jsx';

export function Stats(props) {
  const { panel, range, theme } = props;
  const { options } = panel;
  const renderValue = ({ value, width, height, alignmentFactors, count }) => (
    <BigValue
      {...{ alignmentFactors, count, theme, width, height }}
      value={value.display}
      sparkline={value.sparkline && { ...value.sparkline, timeRange: range }}
      colorMode={options.colorMode}
      graphMode={options.graphMode}
      justifyMode={options.justifyMode}
      percentChangeColorMode={options.percentChangeColorMode}
      text={options.text}
      textMode={options.textMode === 'auto' && count === 1 ? 'value' : options.textMode}
      wideLayout={options.wideLayout}
    />
  );
  return (
    <Reduced {...props} sparkline={options.graphMode !== 'none'} renderValue={renderValue} itemSpacing={3} autoGrid />
  );
}
