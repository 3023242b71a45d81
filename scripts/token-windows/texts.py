"""Texts of every kind that may stand in a prompt, made from a seed."""

import base64
import json
import string
import sysconfig
from pathlib import Path

COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"


class Texts:
    """Each kind is a function of a length in characters, roughly."""

    def __init__(self, random):
        self.random = random
        library = Path(sysconfig.get_path("stdlib"))
        files = sorted(library.glob("*.py")) + sorted(library.glob("json/*.py")) + sorted(library.glob("email/*.py"))
        self.code = [text for file in files if len(text := file.read_text(errors="replace")) > 3000]
        prose = [line for text in self.code for line in text.split('"""')[1::2] if len(line) > 200]
        self.words = " ".join(prose).split()
        self.kinds = {name[2:]: getattr(self, name) for name in dir(self) if name.startswith("t_")}

    def some(self, alphabet, low, high=None):
        return "".join(self.random.choice(alphabet) for _ in range(self.random.randint(low, high or low)))

    def bytes(self, count):
        return bytes(self.random.getrandbits(8) for _ in range(count))

    def t_code(self, n):
        text = self.random.choice(self.code)
        start = self.random.randrange(max(1, len(text) - n))
        return text[start : start + n]

    def t_prose(self, n):
        start = self.random.randrange(len(self.words) - n // 5)
        return " ".join(self.words[start : start + n // 5])

    def t_chinese(self, n):
        return self.some(COMMON + "，。", n // 2)

    def t_rare_chinese(self, n):
        return "".join(chr(self.random.randint(0x4E00, 0x9FFF)) for _ in range(n // 3))

    def t_hangul(self, n):
        return "".join(chr(self.random.randint(0xAC00, 0xD7A3)) for _ in range(n // 3))

    def t_cyrillic(self, n):
        return " ".join(self.some([chr(c) for c in range(0x430, 0x450)], 2, 9) for _ in range(n // 7))

    def t_emoji(self, n):
        return "".join(chr(self.random.randint(0x1F300, 0x1FAFF)) for _ in range(n // 4))

    def t_base64(self, n):
        return base64.b64encode(self.bytes(n * 3 // 4)).decode()

    def t_base64_lines(self, n):
        return base64.encodebytes(self.bytes(n * 3 // 4)).decode()

    def t_hex(self, n):
        return self.bytes(n // 2).hex()

    def t_dump(self, n):
        return "\n".join(" ".join("%02x" % byte for byte in self.bytes(16)) for _ in range(n // 48))

    def t_digits(self, n):
        return " ".join(self.some(string.digits, 1, 6) for _ in range(n // 5))

    def t_table(self, n):
        row = lambda: ", ".join("%.*f" % (self.random.randint(1, 6), self.random.uniform(-99, 99)) for _ in range(8))
        return "\n".join(row() for _ in range(n // 70 + 1))

    def t_json(self, n):
        item = lambda: {self.some(string.ascii_lowercase, 1, 6): [self.random.randint(0, 9999), None, self.some(string.ascii_letters, 1, 8)]}
        return json.dumps([item() for _ in range(n // 34 + 1)])

    def t_minified(self, n):
        part = "function(%s,%s){return %s.%s&&%s[%d]?%s:!1};"
        fill = lambda: part % (*[self.some(string.ascii_lowercase, 1, 2) for _ in range(5)], self.random.randint(0, 9), "a")
        return "".join(fill() for _ in range(n // 40 + 1))

    def t_signs(self, n):
        return self.some(string.punctuation, n)

    def t_letters(self, n):
        return " ".join(self.some(string.ascii_lowercase, 2, 9) for _ in range(n // 6))

    def t_noise(self, n):
        return self.some(string.ascii_letters + string.digits, n)

    def t_traceback(self, n):
        line = lambda: '  File "/srv/%s.py", line %d, in %s\n    %s(x)\n' % (
            self.some(string.ascii_lowercase, 3, 8), self.random.randint(1, 999), self.some(string.ascii_lowercase, 3, 8),
            self.some(string.ascii_lowercase, 2, 8))
        return "".join(line() for _ in range(n // 50 + 1))

    def t_indented(self, n):
        return "".join(" " * self.random.randint(0, 30) + self.random.choice("xyz(){}") + "\n" for _ in range(n // 17))

    def t_shuffled(self, n):
        text = list(self.t_code(n))
        self.random.shuffle(text)
        return "".join(text)

    def mix(self, n):
        """Most of it one kind, the rest of others."""
        parts, left = [], n
        while left > 0:
            size = min(left, self.random.choice([200, 600, 2000, n]))
            parts.append(self.kinds[self.random.choice(list(self.kinds))](size))
            left -= size
        return "\n".join(parts)
