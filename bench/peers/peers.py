"""Asks peers a question each, with their own prompts, and prints the SQL that they come to.

usage: peers.py BASE_URL MODEL < CASES
A case is a line of JSON: {"id", "file", "question", "peers"}; file is a SQLite database, peers are names of those asked.
Prints a line of JSON for each case and peer: {"id", "peer", "sql", "error", "milliseconds", "requests", "tokensIn",
"tokensOut"}. Requests and tokens are counted where they leave, alike for all.
"""

import json
import re
import sqlite3
import sys
import time

import httpx
from langchain_classic.chains import create_sql_query_chain
from langchain_community.agent_toolkits import create_sql_agent
from langchain_community.utilities import SQLDatabase
from langchain_openai import ChatOpenAI
from openai import OpenAI
from vanna.openai import OpenAI_Chat

base_url, model = sys.argv[1:3]
# Peers print what they do.
answers, sys.stdout = sys.stdout, sys.stderr
patience = 600
spent = {}


def nothing_spent():
    spent.update(requests=0, tokensIn=0, tokensOut=0)


def count(response):
    """Adds up what a reply says of its tokens, in its only object or in the last event of a stream that tells of them."""
    spent["requests"] += 1
    response.read()
    usage = {}
    for line in response.text.splitlines():
        try:
            usage = json.loads(line.removeprefix("data: ")).get("usage") or usage
        except (ValueError, AttributeError):
            continue
    spent["tokensIn"] += usage.get("prompt_tokens", 0)
    spent["tokensOut"] += usage.get("completion_tokens", 0)


# A server that closes a connection between two questions would fail the second.
http = httpx.Client(
    event_hooks={"response": [count]}, timeout=patience, limits=httpx.Limits(max_keepalive_connections=0)
)
client = OpenAI(base_url=base_url, api_key="none", timeout=patience, max_retries=0, http_client=http)
llm = ChatOpenAI(
    base_url=base_url,
    api_key="none",
    model=model,
    temperature=0,
    max_tokens=512,
    timeout=patience,
    max_retries=0,
    http_client=http,
    stream_usage=True,
)


def ddl_of(file):
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE type IN ('table', 'view') AND sql IS NOT NULL")
    return [sql for (sql,) in rows]


def sql_in(text):
    """The query of a reply: what stands in a fence or after LangChain's own label, else all of it."""
    fenced = re.search(r"```(?:sql)?\s*(.*?)```", text, re.S | re.I)
    labelled = re.search(r"SQLQuery:\s*(.*?)(?:\nSQLResult|\Z)", text, re.S)
    return (fenced or labelled).group(1).strip() if fenced or labelled else text.strip()


def bare(file, question):
    prompt = "\n".join(ddl_of(file)) + f"\n\nWrite one SQLite query that answers this question. Reply with the SQL alone.\n{question}"
    reply = client.chat.completions.create(
        model=model, temperature=0, max_tokens=512, messages=[{"role": "user", "content": prompt}]
    )
    return sql_in(reply.choices[0].message.content or "")


def database_of(file):
    return SQLDatabase.from_uri(f"sqlite:///file:{file}?mode=ro&uri=true")


def chain(file, question):
    return sql_in(create_sql_query_chain(llm, database_of(file)).invoke({"question": question}))


def agent(file, question):
    executor = create_sql_agent(
        llm,
        db=database_of(file),
        max_iterations=8,
        agent_executor_kwargs={"handle_parsing_errors": True, "return_intermediate_steps": True},
    )
    steps = executor.invoke({"input": question})["intermediate_steps"]
    queries = [action.tool_input for action, _ in steps if action.tool == "sql_db_query"]
    if not queries:
        raise ValueError("the agent ran no query")
    last = queries[-1]
    return sql_in(last["query"] if isinstance(last, dict) else last)


class Vanna(OpenAI_Chat):
    """Vanna that has been taught the DDL; its vector store is a list, so that nothing has to be downloaded."""

    def __init__(self, ddl):
        super().__init__(client=client, config={"model": model, "temperature": 0, "dialect": "SQLite"})
        self.ddl = ddl

    def get_related_ddl(self, question, **kwargs):
        return self.ddl

    def get_similar_question_sql(self, question, **kwargs):
        return []

    def get_related_documentation(self, question, **kwargs):
        return []

    def log(self, message, title="Info"):
        pass

    def nothing(self, *args, **kwargs):
        return None

    add_ddl = add_documentation = add_question_sql = generate_embedding = nothing
    get_training_data = remove_training_data = nothing


Vanna.__abstractmethods__ = frozenset()


def vanna(file, question):
    return sql_in(Vanna(ddl_of(file)).generate_sql(question))


peers = {"bare DDL": bare, "LangChain chain": chain, "LangChain agent": agent, "Vanna": vanna}

for line in sys.stdin:
    case = json.loads(line)
    for name in case["peers"]:
        ask = peers[name]
        nothing_spent()
        start = time.monotonic()
        sql, error = None, None
        try:
            sql = ask(case["file"], case["question"]).rstrip("; \n")
        except Exception as problem:  # whatever a peer throws is its answer
            error = f"{type(problem).__name__}: {problem}"[:300]
        milliseconds = round((time.monotonic() - start) * 1000)
        out = {"id": case["id"], "peer": name, "sql": sql, "error": error, "milliseconds": milliseconds, **spent}
        print(json.dumps(out), file=answers, flush=True)
