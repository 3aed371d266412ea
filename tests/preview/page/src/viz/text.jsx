import { renderTextPanelMarkdown, textUtil } from '@grafana/data';

export function TextPanel({ panel, replaceVariables, height }) {
  const { mode, content } = panel.options;
  const text = replaceVariables(content);
  if (mode === 'code') return <pre style={{ height }}>{text}</pre>;
  const html = mode === 'html' ? textUtil.sanitizeTextPanelContent(text) : renderTextPanelMarkdown(text);
  return (
    <div className="markdown-html" style={{ height, overflow: 'hidden' }} dangerouslySetInnerHTML={{ __html: html }} />
  );
}
