/** The text of a first settings file: everything that most people set, explained, and nothing that changes how sqlq works. */
export const firstSettings = `# Settings of sqlq. .sqlqrc.example in the package shows all of them.

# Which database to ask: a name from the list below, a URL or a SQLite file.
# database: shop

# databases:
#   shop: sqlite:shop.db
#   # \${VARIABLE} stands for a variable, so that no password is written here.
#   live: postgres://reader:\${SHOP_PASSWORD}@db.example.com/shop

# Which model answers: openai, docker-model-runner, ollama, offline, or one of your own below.
# profile: ollama

# profiles:
#   ollama:
#     model: qwen2.5-coder:7b
#   mine:
#     baseUrl: http://localhost:8080/v1
#     model: my-model

# What a model may be told besides names, types and keys: comments, defaults, samples, rows.
send: [comments]

# Columns that nobody may read, neither a model nor a query.
# hide: ["*.ssn", "users.password*"]
`;
