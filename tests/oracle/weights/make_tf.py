"""Makes tf_*.ckpt: a writer of TensorFlow V1 checkpoints, from the formats' own descriptions.

/usr/bin/python3 make_tf.py. Tables: the LevelDB documentation's table_format.md; messages:
tensorflow/core/util/saved_tensor_slice.proto; keys: tensorflow/core/lib/strings/ordered_code.cc.
"""
import pathlib
import struct

here = pathlib.Path(__file__).parent
FLOAT, DOUBLE, INT32, STRING, INT64, BOOL = 1, 2, 3, 7, 9, 10


def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n >= 0x80:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def field(number, value):
    """A varint, or bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(crc):
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def block(entries, restart_interval):
    out, restarts, last = b"", [], b""
    for i, (key, value) in enumerate(entries):
        shared = 0
        if i % restart_interval:
            while shared < min(len(key), len(last)) and key[shared] == last[shared]:
                shared += 1
        else:
            restarts.append(len(out))
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        last = key
    restarts = restarts or [0]
    return out + b"".join(struct.pack("<I", r) for r in restarts) + struct.pack("<I", len(restarts))


def table(entries, per_block=3, compression=0):
    out, index = b"", []

    def add(content):
        nonlocal out
        handle = varint(len(out)) + varint(len(content))
        content += bytes([compression])
        out += content + struct.pack("<I", masked(crc32c(content)))
        return handle

    for i in range(0, len(entries), per_block):
        part = entries[i:i + per_block]
        index.append((part[-1][0] + b"\x01", add(block(part, 2))))
    meta = add(block([], 16))
    footer = meta + add(block(index, 1))
    return out + footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)


def ordered_number(n):
    digits = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([len(digits)]) + digits


def ordered_small(n):
    """A signed number in [-64, 64), in one byte."""
    assert -64 <= n < 64
    return bytes([0x80 ^ (n & 0xFF) if n < 0 else 0x80 | n])


def ordered_text(text):
    return text.replace(b"\0", b"\0\xff").replace(b"\xff", b"\xff\0") + b"\0\1"


def key_of(name, extents):
    return (ordered_number(0) + ordered_text(name.encode()) + ordered_number(len(extents)) +
            b"".join(ordered_small(start) + ordered_small(length) for start, length in extents))


def values_of(dtype, values):
    if dtype == FLOAT:
        return field(5, struct.pack(f"<{len(values)}f", *values))
    if dtype == DOUBLE:
        return field(6, struct.pack(f"<{len(values)}d", *values))
    number = {INT32: 7, INT64: 10, BOOL: 11}[dtype]
    return field(number, b"".join(varint(v) for v in values))


def slice_of(extents):
    return b"".join(field(1, b"" if length == -1 else field(1, start) + field(2, length))
                    for start, length in extents)


def checkpoint(tensors, order=sorted, **options):
    """Tensors: (name, type, shape, [(extents, values), ...])."""
    meta, entries = b"", []
    for name, dtype, shape, slices in tensors:
        dims = b"".join(field(2, field(1, size)) for size in shape)
        meta += field(1, field(1, name.encode()) + field(2, dims) + field(3, dtype) +
                      b"".join(field(4, slice_of(extents)) for extents, _ in slices))
        for extents, values in slices:
            data = field(1, name.encode()) + field(2, slice_of(extents)) + field(3, values)
            entries.append((key_of(name, extents), field(2, data)))
    meta += field(2, field(1, 1))  # versions.producer
    return table([(b"", field(1, meta))] + list(order(entries)), **options)


def whole(name, dtype, shape, values):
    return name, dtype, shape, [([(0, -1)] * len(shape), values_of(dtype, values))]


TENSORS = [
    whole("vggish/conv1/weights", FLOAT, [3, 3, 1, 2], [i / 8 - 1 for i in range(18)]),
    whole("vggish/conv1/biases", FLOAT, [2], [0.1, -0.2]),
    whole("vggish/fc1/fc1_1/weights", FLOAT, [4, 40], [i * i for i in range(160)]),
    whole("global_step", INT64, [], [-5]),
    whole("double", DOUBLE, [2], [0.1, -1e-30]),
    whole("int32", INT32, [3], [-1, 0, 300]),
    whole("bool", BOOL, [2], [1, 0]),
    whole("empty", FLOAT, [0, 3], []),
    whole("odd name \u00e9 :0", FLOAT, [1], [1]),
] + [whole(f"many/layer_{i:02}/biases", FLOAT, [1], [i]) for i in range(20)]

CONV = TENSORS[0]
made = {
    "good": checkpoint(TENSORS),
    "one_block": checkpoint(TENSORS, per_block=1000),
    "cover": checkpoint([("x", FLOAT, [2, 3], [([(0, 2), (0, -1)], values_of(FLOAT, range(6)))])]),
    "partitioned": checkpoint([("x", FLOAT, [4], [([(0, 2)], values_of(FLOAT, [1, 2])),
                                                  ([(2, 2)], values_of(FLOAT, [3, 4]))])]),
    "compressed": checkpoint([CONV], compression=1),
    "texts": checkpoint([("x", STRING, [1], [([(0, -1)], field(8, b"a"))])]),
    "short": checkpoint([whole("x", FLOAT, [3], [1, 2])]),
    "huge": checkpoint([("x", FLOAT, [1 << 30, 1 << 30, 1 << 30], [([(0, -1)] * 3, b"")])]),
    "negative": checkpoint([("x", FLOAT, [-1], [([(0, -1)], b"")])]),
    "twice": checkpoint([CONV, CONV], per_block=1),
    "too_large": checkpoint([whole("x", DOUBLE, [1], [1e39])]),
    "v2": table([(b"", field(1, 1) + field(3, field(1, 1))), (b"x", field(1, FLOAT))]),
    "no_contents": table([(key_of("x", [(0, -1)]), field(2, field(1, b"x")))]),
    "missing": table([(b"", field(1, field(1, field(1, b"x") + field(3, 1) + field(4, b""))))]),
    "no_message": table([(b"", b"\x0a\xff")]),
}
entries = [(b"", field(1, b"")), (key_of("x", []), field(2, field(1, b"x")))]
made["unnamed"] = table(entries)
made["unordered"] = checkpoint([whole("y", FLOAT, [1], [1]), whole("x", FLOAT, [1], [1])], order=list)
made["unordered_blocks"] = checkpoint([whole("y", FLOAT, [1], [1]), whole("x", FLOAT, [1], [1])],
                                      order=list, per_block=1)
for name, content in made.items():
    (here / f"tf_{name}.ckpt").write_bytes(content)
