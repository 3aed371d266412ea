import '@grafana/react-data-grid/lib/styles.css';
import { TableNG } from '@grafana/ui/unstable';

export function TablePanel({ panel, series, range, theme, width, height }) {
  const { options, fieldConfig } = panel;
  const frame = series[options.frameIndex] ?? series[0];
  const others = series.length - 1;
  const foot = others > 0 ? 24 : 0;
  return (
    <>
      <TableNG
        data={frame}
        {...{ width, height: height - foot, fieldConfig, timeRange: range, noHeader: !options.showHeader }}
        cellHeight={options.cellHeight}
        sortBy={options.sortBy}
        showTypeIcons={options.showTypeIcons}
        enableVirtualization={false}
        structureRev={1}
      />
      {others > 0 && (
        <div style={{ height: foot, padding: '2px 8px', color: theme.colors.warning.text }}>
          one table of {series.length}; the others are in a menu
        </div>
      )}
    </>
  );
}
