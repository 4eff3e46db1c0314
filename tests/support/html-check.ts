import { HtmlValidate, StaticConfigLoader } from 'html-validate';

/** Returns the faults that html-validate finds in a whole page, in order, as `rule: message (at
 *  line:column)`. All its rules on accessibility, documents and good practice apply, except rules
 *  that do not affect readers. */
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
      // Both spellings of `<br>` and of `controls` mean the same; parse5 and Hono each use their
      // own.
      'void-style': 'off',
      'attribute-boolean-style': 'off',
      'attribute-empty-style': 'off',
      // HTML accepts `<!DOCTYPE html>` in any case.
      'doctype-style': 'off',
      // Trailing spaces are the publisher's, and in a `pre` they are content.
      'no-trailing-whitespace': 'off',
      // Required for other hosts only; the style comes from the same host.
      'require-sri': ['error', { target: 'crossorigin' }],
      // The publisher decides the length of a title.
      'long-title': 'off',
    },
  }),
);
