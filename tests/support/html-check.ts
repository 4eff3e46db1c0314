import { HtmlValidate, StaticConfigLoader } from 'html-validate';

/** What html-validate finds wrong in a whole page: `rule: message (at line:column)` each, in order.
 *  Everything it recommends counts, and all it knows of accessibility and of documents, but for
 *  what says nothing about what a reader gets. */
export async function findHtmlFaults(html: string): Promise<string[]> {
  const report = await validator.validateString(html);
  return report.results.flatMap((result) =>
    result.messages.map((message) => `${message.ruleId}: ${message.message} (at ${message.line}:${message.column})`),
  );
}

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
    rules: {
      // Both ways to write `<br>` and `controls` read the same; parse5 and Hono each have their
      // own.
      'void-style': 'off',
      'attribute-boolean-style': 'off',
      'attribute-empty-style': 'off',
      // HTML takes `<!DOCTYPE html>` in any case.
      'doctype-style': 'off',
      // Spaces at the end of a line are the publisher's, and in a `pre` they are content.
      'no-trailing-whitespace': 'off',
      // Against hosts that are not ours; the style comes from the page's own.
      'require-sri': ['error', { target: 'crossorigin' }],
      // A title is as long as the publisher made it; search engines cut it themselves.
      'long-title': 'off',
    },
  }),
);
