# Makes the folder pictures: each file in a form that PNG or JPEG allows, and beside it NAME.raw, the bytes of Pillow's
# convert("RGB"): python3 make-pictures.py (numpy, Pillow)
import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image

folder = pathlib.Path("pictures")
folder.mkdir(exist_ok=True)
random = np.random.default_rng(5)
height, width = 9, 13


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(name, depth, colour, rows, *chunks):
    """A PNG from its unfiltered rows of bytes, with chunks before the pixels."""
    data = b"".join(b"\0" + bytes(row) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    content = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunk(*each) for each in chunks)
               + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))
    save(name + ".png", content)


def save(name, content):
    (folder / name).write_bytes(content)
    picture = Image.open(io.BytesIO(content))
    if picture.mode == "I;16":
        # Pillow takes all above 255 for white; what is meant is the high byte, as in colour.
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    (folder / f"{pathlib.Path(name).stem}.raw").write_bytes(np.asarray(picture.convert("RGB")).tobytes())


def packed(values, depth):
    """Rows of values below 2^depth, eight bits to a byte."""
    bits = np.unpackbits(values.astype(np.uint8)[..., None], axis=-1)[..., 8 - depth:]
    return np.packbits(bits.reshape(height, -1), axis=-1)


def levels(depth, channels=1):
    shape = (height, width * channels)
    return random.integers(0, 1 << depth, shape)


def wide(channels):
    return levels(16, channels).astype(">u2").view(np.uint8)


palette = random.integers(0, 256, 768).astype(np.uint8).tobytes()
for depth in [1, 2, 4]:
    png(f"grey-{depth}", depth, 0, packed(levels(depth), depth))
    png(f"palette-{depth}", depth, 3, packed(levels(depth), depth), (b"PLTE", palette[:3 << depth]))
png("palette-8", 8, 3, levels(8).astype(np.uint8), (b"PLTE", palette), (b"tRNS", bytes(range(100))))
png("grey-key", 8, 0, levels(8).astype(np.uint8), (b"tRNS", struct.pack(">H", 7)))
png("grey-alpha", 8, 4, levels(8, 2).astype(np.uint8))
png("grey-16", 16, 0, wide(1))
png("grey-alpha-16", 16, 4, wide(2))
png("colour-16", 16, 2, wide(3))
png("colour-alpha-16", 16, 6, wide(4))
rows = levels(8, 3).astype(np.uint8)
png("gamma-linear", 8, 2, rows, (b"gAMA", struct.pack(">I", 100000)))
png("gamma-45455", 8, 2, rows, (b"gAMA", struct.pack(">I", 45455)))
png("gamma-16", 16, 2, wide(3), (b"gAMA", struct.pack(">I", 100000)))
png("gamma-grey", 8, 0, levels(8).astype(np.uint8), (b"gAMA", struct.pack(">I", 55000)))
png("chromaticity", 8, 2, rows, (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)),
    (b"gAMA", struct.pack(">I", 55000)))
png("standard", 8, 6, levels(8, 4).astype(np.uint8), (b"sRGB", b"\0"))

y, x = np.mgrid[0:height, 0:width]
smooth = np.stack([x * 19, y * 28, 255 - x * 9 - y * 12], axis=-1).clip(0, 255).astype(np.uint8)
picture = Image.fromarray(smooth)


def jpeg(name, picture, **options):
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=92, **options)
    save(name + ".jpg", buffer.getvalue())
    return buffer.getvalue()


jpeg("progressive", picture, progressive=True)
jpeg("subsampled", picture, subsampling=2)
jpeg("grey", picture.convert("L"))
orientation = Image.Exif()
orientation[0x0112] = 6
jpeg("turned", picture, exif=orientation)
ink = Image.fromarray(np.dstack([255 - smooth, (x * 7 + y * 5).astype(np.uint8)]), "CMYK")
adobe = jpeg("cmyk-adobe", ink)
# The same without the segment APP14 that says who wrote it; then as YCCK, which the segment says.
start = adobe.index(b"\xff\xee")
length = struct.unpack(">H", adobe[start + 2:start + 4])[0]
save("cmyk-plain.jpg", adobe[:start] + adobe[start + 2 + length:])
save("ycck.jpg", adobe[:start + 1 + length] + b"\x02" + adobe[start + 2 + length:])
