/** What the user has chosen already. */
interface Chosen {
  readonly db?: string | undefined;
  readonly profile?: string | undefined;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/**
 * The text of a first settings file: what was chosen, and else everything that most people set, explained, as comments that
 * change nothing.
 */
export function firstSettings({ db, profile, model, baseUrl }: Chosen = {}): string {
  const name = profile ?? (baseUrl === undefined ? undefined : 'mine');
  const isOwn = baseUrl !== undefined;
  return `# Settings of sqlq. .sqlqrc.example in the package shows all of them.

# Which database to ask: a name from the list below, a URL or a SQLite file.
${db === undefined ? '# database: shop' : `database: ${JSON.stringify(db)}`}

# databases:
#   shop: sqlite:shop.db
#   # \${VARIABLE} stands for a variable, so that no password is written here.
#   live: postgres://reader:\${SHOP_PASSWORD}@db.example.com/shop

# Which model answers: openai, docker-model-runner, ollama, offline, or one of your own below.
${name === undefined ? '# profile: ollama' : `profile: ${JSON.stringify(name)}`}
${model === undefined || isOwn ? '' : `model: ${JSON.stringify(model)}\n`}
${
  isOwn
    ? `profiles:
  ${JSON.stringify(name)}:
    baseUrl: ${JSON.stringify(baseUrl)}${model === undefined ? '' : `\n    model: ${JSON.stringify(model)}`}`
    : `# profiles:
#   ollama:
#     model: qwen2.5-coder:7b
#   mine:
#     baseUrl: http://localhost:8080/v1
#     model: my-model`
}

# What a model may be told besides names, types and keys: comments, profiles ("epoch seconds", "two values", "30 % NULL"),
# defaults, values, samples, rows.
send: [comments, profiles]

# Columns that nobody may read, neither a model nor a query.
# hide: ["*.ssn", "users.password*"]
`;
}
