"""Starts nl2sql-api as it is released but for two things, without which it answers no question."""
import signal
import sys
import threading

usual = signal.signal


def only_in_main(number, handler):
    # Each request installs handlers of signals in a thread, which Python refuses: all would fail with 500.
    if threading.current_thread() is threading.main_thread():
        return usual(number, handler)
    return signal.getsignal(number)


signal.signal = only_in_main

from nl2sql.indexing import embeddings  # noqa: E402


class Embeddings(embeddings.OpenAIEmbeddings):
    # Its way of counting tokens fetches a file from the Internet when it is first used.
    check_embedding_ctx_length: bool = False


embeddings.OpenAIEmbeddings = Embeddings

import uvicorn  # noqa: E402

uvicorn.run("nl2sql_api.main:app", host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
