export function AlertList({ theme, height }) {
  const style = {
    display: 'flex',
    height,
    alignItems: 'center',
    justifyContent: 'center',
    color: theme.colors.text.secondary,
  };
  return <div style={style}>Alert list: filled by Grafana&apos;s alerting, which a preview does not have</div>;
}
