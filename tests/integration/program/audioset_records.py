"""Tiny files as AudioSet releases its frames."""
import struct

GENRES = ["Blues", "Classical music", "Country", "Disco", "Hip hop music", "Jazz", "Heavy metal", "Pop music",
          "Reggae", "Rock music"]


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def field(number, data):
    size = bytearray()
    n = len(data)
    while n >= 128:
        size.append(n & 127 | 128)
        n >>= 7
    size.append(n)
    return bytes([number << 3 | 2]) + bytes(size) + data


def entry(key, value):
    return field(1, field(1, key) + field(2, value))


def record(video_id, label, frames):
    context = (entry(b"video_id", field(1, field(1, video_id.encode())))
               + entry(b"labels", field(3, field(1, bytes([label])))))
    features = b"".join(field(1, field(1, field(1, frame.tobytes()))) for frame in frames)
    data = field(1, context) + field(2, entry(b"audio_embedding", features))
    length = struct.pack("<Q", len(data))
    return length + masked_crc(length) + data + masked_crc(data)
