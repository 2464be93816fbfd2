/**
 * `answerSchema` as the JSON Schema that servers are sent, in the subset that strict structured output knows. Written
 * out, so that a request can leave before zod is loaded; a test holds the two together.
 */
export const answerJsonSchema = {
  type: 'object',
  properties: {
    reasoning: { type: 'string', description: 'One to three short sentences: tables, joins, filters.' },
    sql: { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'The query.' },
    assumptions: {
      type: 'array',
      items: { type: 'string' },
      description: 'Each choice that the question left open.',
    },
    unanswerable: {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      description: 'Why the schema cannot answer the question.',
    },
    clarification: {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      description: 'One question to the user, where two readings give different numbers.',
    },
  },
  required: ['reasoning', 'sql', 'assumptions', 'unanswerable', 'clarification'],
  additionalProperties: false,
};

/** As `answerJsonSchema`, where a model may ask for tables that it was not told of. */
export const partialAnswerJsonSchema = {
  ...answerJsonSchema,
  properties: {
    ...answerJsonSchema.properties,
    needs: {
      type: 'array',
      items: { type: 'string' },
      description: 'Tables that were left out and that the query needs; empty where it needs none.',
    },
  },
  required: [...answerJsonSchema.required, 'needs'],
};
