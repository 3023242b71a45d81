#!/usr/bin/env python3
"""scripts/tiny-model/make.py OUT.gguf --answer FILE [--endless]: a model of a few hundred kilobytes whose answer to any
prompt is the text of FILE, byte for byte, so that a real server can be asked in a test.

It is a llama of one layer whose attention and feed-forward add nothing: what comes next hangs on the last token alone.
Each piece of the answer is a token of its own, and the output matrix leads from each piece to the next, from the token
that opens an answer to the first, and from the last to the token that ends one; --endless leads from the last to the
first again. What is read is split by a byte-level BPE learnt from a little Python, about three bytes a token.

Needs the PyPI packages gguf and numpy; scripts/tiny-model/setup installs them.
"""

import argparse
import collections
import re
import sysconfig
from pathlib import Path

import gguf
import numpy

WIDTH, HEAD, INNER = 256, 16, 32
CONTROL = ["<|begin|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


def spelling():
    """The character that stands for each byte in a token (the table of GPT-2): printing bytes stand for themselves."""
    plain = [byte for byte in range(256) if 33 <= byte <= 126 or 161 <= byte <= 255 and byte != 173]
    others = (byte for byte in range(256) if byte not in plain)
    return {**{byte: chr(byte) for byte in plain}, **{byte: chr(256 + n) for n, byte in enumerate(others)}}


SPELT = spelling()


def spell(text):
    return "".join(SPELT[byte] for byte in text.encode())


def merges(text, count):
    """The `count` most frequent joins of two tokens, one after the other, within words."""
    words = collections.Counter(re.findall(r" ?\w+| ?[^\s\w]+|\s+", text))
    words = [[list(spell(word)), times] for word, times in words.items()]
    found = []
    for _ in range(count):
        pairs = collections.Counter()
        for parts, times in words:
            for pair in zip(parts, parts[1:]):
                pairs[pair] += times
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        found.append(best)
        for word in words:
            parts, joined = word[0], []
            for part in parts:
                if joined and (joined[-1], part) == best:
                    joined[-1] += part
                else:
                    joined.append(part)
            word[0] = joined
    return found


def pieces(answer, taken):
    """The answer in pieces of a word or more, none of them twice or among `taken`."""
    found, piece = [], ""
    for word in re.findall(r"\s*\S+|\s+$", answer):
        piece += word
        if spell(piece) not in taken:
            taken = taken | {spell(piece)}
            found.append(piece)
            piece = ""
    while piece:
        # The rest is there already: it joins the pieces before it.
        piece = found.pop() + piece
        if spell(piece) not in taken:
            found.append(piece)
            piece = ""
    assert "".join(found) == answer
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--answer", required=True)
    parser.add_argument("--endless", action="store_true")
    given = parser.parse_args()

    library = Path(sysconfig.get_path("stdlib"))
    sample = "".join((library / name).read_text()[:30000] for name in ("argparse.py", "textwrap.py", "json/decoder.py"))
    joins = merges(sample, 400)
    plain = list(dict.fromkeys([*SPELT.values(), *("".join(join) for join in joins)]))
    answer = [spell(piece) for piece in pieces(Path(given.answer).read_bytes().decode(), set(plain))]
    tokens = plain + answer + CONTROL
    number = {token: index for index, token in enumerate(tokens)}
    normal, control = gguf.TokenType.NORMAL, gguf.TokenType.CONTROL

    random = numpy.random.default_rng(1)
    embedding = random.standard_normal((len(tokens), WIDTH))
    embedding /= numpy.linalg.norm(embedding, axis=1, keepdims=True)
    output = numpy.zeros_like(embedding)
    chain = ["<|assistant|>", *answer, answer[0] if given.endless else "<|end|>"]
    for before, after in zip(chain, chain[1:]):
        output[number[after]] += 4 * embedding[number[before]]

    writer = gguf.GGUFWriter(given.out, "llama")
    writer.add_name("tiny")
    writer.add_context_length(1 << 17)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_rope_dimension_count(HEAD)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([normal] * (len(plain) + len(answer)) + [control] * len(CONTROL))
    writer.add_token_merges([" ".join(join) for join in joins])
    writer.add_bos_token_id(number["<|begin|>"])
    writer.add_eos_token_id(number["<|end|>"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)

    def add(name, values):
        writer.add_tensor(name, numpy.ascontiguousarray(values, dtype=numpy.float32))

    add("token_embd.weight", embedding)
    add("output_norm.weight", numpy.ones(WIDTH))
    add("output.weight", output)
    add("blk.0.attn_norm.weight", numpy.ones(WIDTH))
    add("blk.0.ffn_norm.weight", numpy.ones(WIDTH))
    for part in ("attn_q", "attn_k", "attn_v"):
        add(f"blk.0.{part}.weight", 0.02 * random.standard_normal((HEAD, WIDTH)))
    add("blk.0.attn_output.weight", numpy.zeros((WIDTH, HEAD)))
    for part in ("ffn_gate", "ffn_up"):
        add(f"blk.0.{part}.weight", 0.02 * random.standard_normal((INNER, WIDTH)))
    add("blk.0.ffn_down.weight", numpy.zeros((WIDTH, INNER)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{given.out}: {Path(given.out).stat().st_size} bytes, {len(tokens)} tokens, {len(answer)} of the answer")


if __name__ == "__main__":
    main()
