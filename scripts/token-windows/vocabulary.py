#!/usr/bin/env python3
"""vocabulary.py TABLE OUT.gguf: a model of no sense with the vocabulary of a table of ranks (`BASE64 RANK` lines), so that
llama.cpp's own tokenizer can be asked for counts with it."""

import base64
import sys

import gguf
import numpy

WIDTH = 32
CONTROL = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'"
    " + message['content'] + '<|eot_id|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)


def spelling():
    plain = [byte for byte in range(256) if 33 <= byte <= 126 or 161 <= byte <= 255 and byte != 173]
    others = (byte for byte in range(256) if byte not in plain)
    return {**{byte: chr(byte) for byte in plain}, **{byte: chr(256 + n) for n, byte in enumerate(others)}}


def main():
    ranks = {}
    for line in open(sys.argv[1], "rb"):
        if line.strip():
            token, rank = line.split()
            ranks[base64.b64decode(token)] = int(rank)
    spelt = spelling()
    spell = lambda token: "".join(spelt[byte] for byte in token)
    ordered = sorted(ranks, key=ranks.get)

    def parts(token):
        """The two tokens that were joined last, as the joins of lower rank make them."""
        pieces = [bytes([byte]) for byte in token]
        while len(pieces) > 2:
            best = min(
                (index for index in range(len(pieces) - 1)),
                key=lambda index: ranks.get(pieces[index] + pieces[index + 1], 1 << 30))
            pieces[best : best + 2] = [pieces[best] + pieces[best + 1]]
        return pieces

    merges = [" ".join(spell(piece) for piece in parts(token)) for token in ordered if len(token) > 1]
    tokens = [spell(token) for token in ordered] + CONTROL
    number = {token: index for index, token in enumerate(tokens)}
    writer = gguf.GGUFWriter(sys.argv[2], "llama")
    writer.add_name("vocabulary")
    writer.add_context_length(1 << 17)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(WIDTH)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_key_length(16)
    writer.add_value_length(16)
    writer.add_rope_dimension_count(16)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * len(ordered) + [gguf.TokenType.CONTROL] * len(CONTROL))
    writer.add_token_merges(merges)
    writer.add_bos_token_id(number["<|begin_of_text|>"])
    writer.add_eos_token_id(number["<|eot_id|>"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    zeros = lambda *shape: numpy.zeros(shape, dtype=numpy.float32)
    writer.add_tensor("token_embd.weight", zeros(len(tokens), WIDTH))
    writer.add_tensor("output_norm.weight", numpy.ones(WIDTH, dtype=numpy.float32))
    writer.add_tensor("blk.0.attn_norm.weight", numpy.ones(WIDTH, dtype=numpy.float32))
    writer.add_tensor("blk.0.ffn_norm.weight", numpy.ones(WIDTH, dtype=numpy.float32))
    for part in ("attn_q", "attn_k", "attn_v"):
        writer.add_tensor(f"blk.0.{part}.weight", zeros(16, WIDTH))
    writer.add_tensor("blk.0.attn_output.weight", zeros(WIDTH, 16))
    for part in ("ffn_gate", "ffn_up"):
        writer.add_tensor(f"blk.0.{part}.weight", zeros(WIDTH, WIDTH))
    writer.add_tensor("blk.0.ffn_down.weight", zeros(WIDTH, WIDTH))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
