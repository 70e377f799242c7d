"""Makes the logs of tests/fixtures/tool_logs and what pandas reads from them, for tests/files/logs/tool_logs_test.ts.

Run it in this folder, with any recent Python:

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install pandas zipfile-zstd
    /tmp/reference/bin/python make_tool_logs.py

The layouts are those of the tools' own files (lib/files/logs/_NAME.ts says which); all values are invented here. The second half reads the files
again, with pandas, and writes the number of prompts and each model's mean quality, cost and latency to tool_logs.json.
"""

import json
import platform
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import zipfile_zstd  # noqa: F401  zip files packed by Zstandard, as Inspect writes them

ROOT = Path(__file__).parent.parent / "fixtures" / "tool_logs"
N = 12
MODELS = ["small", "large"]
PRICES = {"small": (0.5, 1.5), "large": (5.0, 15.0)}
RESPONSE_COSTS = {"small": 0.0004, "large": 0.006}


def question(i):
    return f"What is {i + 3} times {2 * i + 1}?"


def right(i, model):
    return (i % 3 != 0) if model == "small" else (i % 6 != 5)


def tokens(i, model):
    return 20 + i, (7 if model == "small" else 11) + 2 * i


def write(path, value, lines=False):
    path = ROOT / path
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row) + "\n" for row in value) if lines else json.dumps(value) + "\n"
    path.write_text(text)


def inspect_log(model, task):
    full = f"mock/{model}"
    samples = []
    for i in range(N):
        for epoch in [1, 2]:
            read, written = tokens(i, model)
            grade = "C" if right(i, model) else ("P" if epoch == 2 and i % 2 else "N" if i % 4 == 1 else "I")
            messages = [{"role": "user", "content": question(i), "source": "input"}]
            samples.append({
                "id": i + 1, "epoch": epoch, "input": messages if i == 4 else question(i), "target": "x",
                "messages": messages,
                "output": {"model": full, "choices": [], "completion": "x", "time": 0.5 + i / 8},
                "scores": {"match": {"value": grade, "answer": "x", "explanation": "x", "history": []}},
                "metadata": {"topic": "odd" if i % 2 else "even"}, "store": {}, "events": [{"event": "sample_init"}],
                "model_usage": {
                    full: {"input_tokens": read - 4, "input_tokens_cache_read": 4, "output_tokens": written,
                           "total_tokens": read + written},
                    "mock/grader": {"input_tokens": 999, "output_tokens": 9, "total_tokens": 1008},
                },
                "total_time": 2.0, "working_time": 1.5, "error_retries": [], "attachments": {},
            })
    spec = {"eval_id": "e", "run_id": "r", "created": "2026-01-02T03:04:05+00:00", "task": task, "task_id": "t",
            "dataset": {"samples": N, "sample_ids": list(range(1, N + 1))}, "model": full, "config": {"epochs": 2}}
    header = {"version": 2, "status": "success", "eval": spec, "plan": {"steps": []},
              "results": {"scores": [{"name": "match", "scorer": "match", "metrics": {}}]}, "stats": {"model_usage": {}}}
    return header, samples


def write_inspect():
    for model in MODELS:
        header, samples = inspect_log(model, "sums")
        reductions = [{"scorer": "match", "samples": [{"value": 1.0, "sample_id": 1}]}]
        write(f"inspect_json/{model}.json", {**header, "samples": samples, "reductions": reductions})
        path = ROOT / "inspect_eval" / f"{model}.eval"
        path.parent.mkdir(parents=True, exist_ok=True)
        method = zipfile.ZIP_ZSTANDARD if model == "small" else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(path, "w", method) as archive:
            def put(name, value):
                info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
                info.compress_type = method
                archive.writestr(info, json.dumps(value))
            put("_journal/start.json", {"version": 2, "eval": header["eval"], "plan": {}})
            for sample in samples:
                put(f"samples/{sample['id']}_epoch_{sample['epoch']}.json", sample)
            put("header.json", header)


def promptfoo_results():
    templates = ["{{q}}", "Be brief. {{q}}"]
    providers = [("mock:small", ""), ("mock:large:2026", "large")]
    rows = []
    for i in range(N):
        for p, (provider, label) in enumerate(providers):
            for t, template in enumerate(templates):
                model = MODELS[p]
                read, written = tokens(i, model)
                failed = i == 7 and model == "small" and t == 1
                rows.append({
                    "cost": 0 if model == "small" else 0.001 + i / 10000, "id": f"r{len(rows)}", "latencyMs": 300 + 10 * i + 500 * p,
                    "gradingResult": {"pass": right(i, model), "score": 0.5, "componentResults": [{"score": 1}]},
                    "prompt": {"raw": template.replace("{{q}}", question(i)), "label": template},
                    "promptId": f"hash{t}", "promptIdx": p * 2 + t, "provider": {"id": provider, "label": label},
                    "response": {"output": "x", "tokenUsage": {"total": read + written, "prompt": read, "completion": written}},
                    "score": 0 if failed else 1 if right(i, model) else 0.25 * t, "success": right(i, model) and not failed,
                    "testCase": {"vars": {"q": question(i)}, "assert": [{"type": "contains", "value": "x"}]}, "testIdx": i,
                    "vars": {"q": question(i)}, "metadata": {"topic": "odd" if i % 2 else "even"},
                    "failureReason": 2 if failed else 0 if right(i, model) else 1, "namedScores": {},
                })
    return rows


def write_promptfoo():
    rows = promptfoo_results()
    prompts = [{"raw": "{{q}}", "label": "{{q}}", "provider": "mock:small", "metrics": {"score": 3}}]
    write("promptfoo/results.json", {"evalId": "eval-x", "results": {"version": 3, "prompts": prompts, "results": rows, "stats": {}},
                                     "config": {"providers": [{"id": "mock:small"}]}, "shareableUrl": None})
    write("promptfoo/results.jsonl", rows, lines=True)


def write_lm_eval():
    for model in MODELS:
        for task, filters, metrics in [("gsm", ["strict-match", "flexible-extract"], ["exact_match"]), ("mc", ["none"], ["acc", "acc_norm"])]:
            rows = []
            for name in filters:
                for i in range(N):
                    grade = float(right(i, model)) if name != "flexible-extract" else 1.0
                    rows.append({
                        "doc_id": i, "doc": {"question": question(i)}, "target": "x",
                        "arguments": {"gen_args_0": {"arg_0": f"Q: {question(i)} A:", "arg_1": {"until": ["\n"]}}},
                        "resps": [["x"]], "filtered_resps": ["x"], "filter": name, "metrics": metrics, "doc_hash": f"h{i}",
                        "prompt_hash": "p", "target_hash": "t", **{metric: grade if at == 0 else 1 - grade for at, metric in enumerate(metrics)},
                    })
            write(f"lm_eval/made__{model}/samples_{task}_2026-01-02T03-04-05.123456.jsonl", rows, lines=True)
        write(f"lm_eval/made__{model}/results_2026-01-02T03-04-05.123456.json", {"results": {"gsm": {}}, "n-shot": {"gsm": 0}})


def write_mt_bench():
    write("mt_bench/question.jsonl", [
        {"question_id": 81 + i, "category": ["writing", "math"][i % 2], "turns": [question(i), "Why?"]} for i in range(N)
    ], lines=True)
    write("mt_bench/judge_single.jsonl", [
        {"question_id": 81 + i, "model": model, "judge": ["judge", "single-v1" if turn == 1 else "single-v1-multi-turn"], "user_prompt": "p",
         "judgment": "Rating: [[5]]", "score": -1 if (i, model, turn) == (3, "small", 2) else (8 if right(i, model) else 3) - turn, "turn": turn, "tstamp": 1.5}
        for turn in [1, 2] for model in MODELS for i in range(N)
    ], lines=True)


def write_alpaca_eval():
    for model in MODELS:
        write(f"alpaca_eval/{model}/annotations.json", [
            {"instruction": question(i), "output_1": "x", "generator_1": "reference", "dataset": ["helpful", "koala"][i % 2], "output_2": "y",
             "generator_2": model, "annotator": "judge", "preference": 0.0 if (i, model) == (2, "small") else 1.0 + (0.9 if right(i, model) else 0.125),
             "price_per_example": 0.5, "time_per_example": 9.5, "raw_completion": None} for i in range(N)
        ])


def write_helm():
    for model in MODELS:
        run = f"mmlu:subject=sums,model=made_{model}"
        stats, states = [], []
        for i in range(N):
            read, written = tokens(i, model)
            grades = {"exact_match": float(right(i, model)), "quasi_exact_match": 1.0, "num_references": 4}
            counts = {"num_prompt_tokens": read, "num_completion_tokens": written, "num_output_tokens": written, "inference_runtime": 0.25 + i / 16}
            instance = {"input": {"text": question(i)}, "references": [], "split": "test", "id": f"id{i}"}
            for part in [grades, counts]:
                stats.append({"instance_id": f"id{i}", "train_trial_index": 0, "stats": [
                    {"name": {"name": name, "split": "test"}, "count": 1, "sum": value, "sum_squared": value * value, "min": value, "max": value,
                     "mean": value, "variance": 0, "stddev": 0} for name, value in part.items()]})
            stats.append({"instance_id": f"id{i}", "train_trial_index": 0, "perturbation": {"name": "robustness"},
                          "stats": [{"name": {"name": "exact_match"}, "count": 1, "sum": 0, "sum_squared": 0, "mean": 0.0}]})
            states.append({"instance": instance, "train_trial_index": 0, "request": {"model": f"made/{model}", "prompt": "examples " + question(i)},
                           "result": {"success": True, "completions": [{"text": "x"}], "request_time": 99.0}})
        spec = {"adapter_spec": {"method": "multiple_choice_joint", "model": f"made/{model}"}}
        write(f"helm/run_{model}/per_instance_stats.json", stats)
        write(f"helm/run_{model}/scenario_state.json", {**spec, "request_states": states, "annotator_specs": []})
        write(f"helm/run_{model}/run_spec.json", {"name": run, "scenario_spec": {"class_name": "x"}, **spec, "metric_specs": [{"class_name": "y"}]})
        write(f"helm/run_{model}/stats.json", [{"name": {"name": "exact_match", "split": "test"}, "count": 1, "sum": 1, "sum_squared": 1, "mean": 0.5}])
        write(f"helm/run_{model}/scenario.json", {"name": "mmlu", "description": "x", "tags": ["knowledge"]})


def write_litellm():
    rows, scores = [], []
    for model in MODELS:
        for i in range(N):
            read, written = tokens(i, model)
            spend = (read * PRICES[model][0] + written * PRICES[model][1]) / 1e6
            rows.append({
                "request_id": f"chatcmpl-{model}-{i}", "call_type": "acompletion", "api_key": "hash", "spend": spend, "total_tokens": read + written,
                "prompt_tokens": read, "completion_tokens": written, "startTime": "2026-01-02T03:04:05.250000Z",
                "endTime": f"2026-01-02T03:04:{6 + i:02}.500000Z", "model": f"provider/{model}", "model_group": model, "custom_llm_provider": "provider",
                "messages": [{"role": "user", "content": question(i)}], "response": {}, "metadata": {"status": "success"}, "cache_hit": "False",
            })
            scores.append({"request_id": f"chatcmpl-{model}-{i}", "score": float(right(i, model))})
    write("litellm/spend_logs.json", rows)
    write("litellm/scores.jsonl", scores, lines=True)


def write_otel():
    lines, scores = [], ["span_id,score"]
    for model in MODELS:
        spans = []
        for i in range(N):
            read, written = tokens(i, model)
            start = 1767323045123456789
            attributes = {"gen_ai.operation.name": "chat", "gen_ai.request.model": model, "gen_ai.response.model": f"{model}-2026",
                          "gen_ai.input.messages": json.dumps([{"role": "user", "parts": [{"type": "text", "content": question(i)}]}])}
            spans.append({
                "traceId": f"{i:032x}", "spanId": f"{model}{i:04x}", "name": f"chat {model}", "kind": 3,
                "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + 500_000_000 + i * 125_000_000),
                "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in attributes.items()]
                + [{"key": "gen_ai.usage.input_tokens", "value": {"intValue": str(read)}}, {"key": "gen_ai.usage.output_tokens", "value": {"intValue": str(written)}}],
            })
            spans.append({"traceId": f"{i:032x}", "spanId": f"e{i}", "name": "embeddings", "startTimeUnixNano": "1", "endTimeUnixNano": "2", "attributes": [
                {"key": "gen_ai.operation.name", "value": {"stringValue": "embeddings"}}, {"key": "gen_ai.request.model", "value": {"stringValue": "embedder"}}]})
            scores.append(f"{model}{i:04x},{1 if right(i, model) else 0}")
        lines.append({"resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": [{"scope": {"name": "x"}, "spans": spans}]}]})
    write("otel/traces.jsonl", lines, lines=True)
    (ROOT / "otel" / "scores.csv").write_text("\n".join(scores) + "\n")


def objects(path):
    text = (ROOT / path).read_text()
    return json.loads(text) if text.startswith(("[", "{\"v", "{\"e", "{\"a")) and "\n{" not in text else [json.loads(line) for line in text.splitlines()]


def priced(frame):
    price = frame["model"].map(lambda model: PRICES[model.split("/")[-1]])
    return (frame["read"] * price.str[0] + frame["written"] * price.str[1]) / 1e6


def read_inspect(logs):
    frame = pd.concat([pd.DataFrame({
        "model": spec["model"], "id": [s["id"] for s in samples], "word": [s["scores"]["match"]["value"] for s in samples],
        "read": [s["model_usage"][spec["model"]]["input_tokens"] + s["model_usage"][spec["model"]]["input_tokens_cache_read"] for s in samples],
        "written": [s["model_usage"][spec["model"]]["output_tokens"] for s in samples], "seconds": [s["output"]["time"] for s in samples],
    }) for spec, samples in logs])
    frame["quality"] = frame["word"].map({"C": 1, "P": 0.5, "I": 0, "N": 0})
    return frame.assign(cost=priced(frame))


def read_eval(model):
    with zipfile.ZipFile(ROOT / "inspect_eval" / f"{model}.eval") as archive:
        samples = [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("samples/")]
        return json.loads(archive.read("header.json"))["eval"], samples


def read_promptfoo(rows):
    frame = pd.json_normalize(rows)
    frame["model"] = frame["provider.label"].where(frame["provider.label"] != "", frame["provider.id"])
    frame["id"] = frame["testIdx"].astype(str) + frame["promptId"]
    frame["quality"] = frame["score"].where(frame["failureReason"] != 2)
    tokens = frame["response.tokenUsage.prompt"] * PRICES["small"][0] + frame["response.tokenUsage.completion"] * PRICES["small"][1]
    frame["cost"] = frame["cost"].where(frame["cost"] > 0, tokens / 1e6)
    frame["seconds"] = frame["latencyMs"] / 1000
    lacking = frame.loc[frame["quality"].isna(), "id"]
    return frame[~frame["id"].isin(lacking)]


def read_lm_eval():
    frames = []
    for model in MODELS:
        gsm = pd.read_json(ROOT / f"lm_eval/made__{model}/samples_gsm_2026-01-02T03-04-05.123456.jsonl", lines=True)
        gsm = gsm[gsm["filter"] == "strict-match"].assign(quality=lambda f: f["exact_match"], task="gsm")
        mc = pd.read_json(ROOT / f"lm_eval/made__{model}/samples_mc_2026-01-02T03-04-05.123456.jsonl", lines=True)
        mc = mc.assign(quality=lambda f: f["acc_norm"], task="mc")
        frames.append(pd.concat([gsm, mc]).assign(model=f"made__{model}", cost=RESPONSE_COSTS[model]))
    frame = pd.concat(frames)
    return frame.assign(id=frame["task"] + frame["doc_id"].astype(str))


def read_mt_bench():
    frame = pd.read_json(ROOT / "mt_bench/judge_single.jsonl", lines=True)
    frame = frame[frame["score"] != -1]
    return frame.assign(id=frame["question_id"], quality=(frame["score"] - 1) / 9, cost=frame["model"].map(RESPONSE_COSTS))


def read_alpaca_eval():
    frame = pd.concat([pd.read_json(ROOT / f"alpaca_eval/{model}/annotations.json") for model in MODELS])
    return frame.assign(id=frame["instruction"], model=frame["generator_2"], quality=frame["preference"].replace({0.0: 1.5}) - 1,
                        cost=frame["generator_2"].map(RESPONSE_COSTS))


def read_helm():
    rows = []
    for model in MODELS:
        for entry in objects(f"helm/run_{model}/per_instance_stats.json"):
            if "perturbation" not in entry:
                rows += [{"model": f"made/{model}", "id": entry["instance_id"], "name": s["name"]["name"], "mean": s["mean"]} for s in entry["stats"]]
    frame = pd.DataFrame(rows).pivot(index=["model", "id"], columns="name", values="mean").reset_index()
    frame = frame.assign(quality=frame["exact_match"], read=frame["num_prompt_tokens"], written=frame["num_output_tokens"], seconds=frame["inference_runtime"])
    return frame.assign(cost=priced(frame))


def read_litellm():
    frame = pd.read_json(ROOT / "litellm/spend_logs.json").merge(pd.read_json(ROOT / "litellm/scores.jsonl", lines=True), on="request_id")
    seconds = (pd.to_datetime(frame["endTime"]) - pd.to_datetime(frame["startTime"])).dt.total_seconds()
    prompt = frame["messages"].map(lambda messages: messages[0]["content"])
    return frame.assign(model=frame["model_group"], id=prompt, quality=frame["score"], cost=frame["spend"], seconds=seconds)


def read_otel():
    spans = [span for line in objects("otel/traces.jsonl") for span in line["resourceSpans"][0]["scopeSpans"][0]["spans"] if span["name"].startswith("chat")]
    values = [{a["key"]: next(iter(a["value"].values())) for a in span["attributes"]} for span in spans]
    frame = pd.DataFrame({
        "span_id": [s["spanId"] for s in spans], "model": [v["gen_ai.request.model"] for v in values], "id": [v["gen_ai.input.messages"] for v in values],
        "read": [int(v["gen_ai.usage.input_tokens"]) for v in values], "written": [int(v["gen_ai.usage.output_tokens"]) for v in values],
        "seconds": [(int(s["endTimeUnixNano"]) - int(s["startTimeUnixNano"])) / 1e9 for s in spans],
    }).merge(pd.read_csv(ROOT / "otel/scores.csv"), on="span_id")
    return frame.assign(quality=frame["score"], cost=priced(frame))


def case(path, frame, options):
    cells = frame.groupby(["model", "id"])[[c for c in ["quality", "cost", "seconds"] if c in frame]].mean().reset_index()
    means = cells.drop(columns="id").groupby("model").mean()
    return {"path": path, "options": options, "n_prompts": int(cells["id"].nunique()), "means": means.to_dict("index")}


def prices(prefix=""):
    return {prefix + model: {"prompt": read, "completion": written} for model, (read, written) in PRICES.items()}


shutil.rmtree(ROOT, ignore_errors=True)
for make in [write_inspect, write_promptfoo, write_lm_eval, write_mt_bench, write_alpaca_eval, write_helm, write_litellm, write_otel]:
    make()
inspect_logs = [(log["eval"], log["samples"]) for log in (json.loads((ROOT / f"inspect_json/{m}.json").read_text()) for m in MODELS)]
pf_options = {"missing": "drop", "priceList": {"mock:small": prices()["small"]}}
pf_json = json.loads((ROOT / "promptfoo/results.json").read_text())["results"]["results"]
lm_costs = {f"made__{model}": cost for model, cost in RESPONSE_COSTS.items()}
cases = [
    case("inspect_json", read_inspect(inspect_logs), {"priceList": prices("mock/")}),
    case("inspect_eval", read_inspect([read_eval(model) for model in MODELS]), {"priceList": prices("mock/")}),
    case("promptfoo/results.json", read_promptfoo(pf_json), pf_options),
    case("promptfoo/results.jsonl", read_promptfoo(objects("promptfoo/results.jsonl")), pf_options),
    case("lm_eval", read_lm_eval(), {"filter": "strict-match", "columns": {"quality": "acc_norm"}, "responseCostUsd": lm_costs}),
    case("mt_bench", read_mt_bench(), {"responseCostUsd": RESPONSE_COSTS}),
    case("alpaca_eval", read_alpaca_eval(), {"qualityWords": {"0": 1.5}, "responseCostUsd": RESPONSE_COSTS}),
    case("helm", read_helm(), {"columns": {"quality": "exact_match"}, "priceList": prices("made/")}),
    case("litellm", read_litellm(), {}),
    case("otel", read_otel(), {"priceList": prices()}),
]
made_by = {"command": "python make_tool_logs.py", "python": platform.python_version(), "pandas": pd.__version__}
Path(__file__).with_name("tool_logs.json").write_text(json.dumps({"made_by": made_by, "cases": cases}, indent=1) + "\n")
