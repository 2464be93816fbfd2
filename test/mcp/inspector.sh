#!/usr/bin/env bash
# The official Inspector, in its command-line form, against the built program: lists, strict schemas, and one call of a tool.
# It brings a hundred packages and a browser's page with it, so npx has it for this run alone.
#
# usage: npm run build && npm run test:inspector
set -euo pipefail
cd "$(dirname "$0")/../.."
server=("$(npm exec -- node -p process.execPath)" bin/sqlq.js mcp --db sample --quiet)
inspect() { npx --yes @modelcontextprotocol/inspector@2.12.0 --cli "${server[@]}" "$@"; }

inspect --strict --method tools/list | grep --quiet '"name": "search_schema"'
inspect --method resources/list | grep --quiet 'sqlq://sample/schema'
inspect --method resources/read --uri sqlq://sample/schema | grep --quiet 'table customers'
inspect --method prompts/list | grep --quiet '"prompts"'
inspect --method tools/call --tool-name query --tool-arg 'sql=SELECT count(*) FROM customers' | grep --quiet --fixed-strings '[60]'
echo 'The Inspector finds nothing wrong.'
