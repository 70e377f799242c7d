"""OpenAI's own Python client against a live router: python_client.py BASE_URL. Prints what it got, as JSON."""

import json
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="none", max_retries=0)
messages = [{"role": "user", "content": "Hello"}]
parameters = {"type": "object", "properties": {}}
tools = [{"type": "function", "function": {"name": "weather", "parameters": parameters}}]
found = {"names": [model.id for model in client.models.list()]}

raw = client.chat.completions.with_raw_response.create(model="router", messages=messages, tools=tools)
plain = raw.parse()
found["plain"] = [plain.model, plain.choices[0].message.content, plain.usage.total_tokens]
found["calls"] = [call.function.name for call in plain.choices[0].message.tool_calls or []]
found["attempts"] = raw.headers["x-routerbench-attempts"]

stream = client.chat.completions.create(
    model="router-95", messages=messages, stream=True, stream_options={"include_usage": True}
)
chunks = list(stream)
found["text"] = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
found["usage"] = chunks[-1].usage.total_tokens

try:
    client.chat.completions.create(model="router-7", messages=messages)
except openai.NotFoundError as error:
    found["error"] = [error.status_code, error.code]

with client.chat.completions.create(model="router", messages=messages, stream=True) as left:
    next(iter(left))
found["left"] = True
print(json.dumps(found))
