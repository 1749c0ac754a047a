# Makes the data sets and images of this folder: python3 make.py (numpy, Pillow).
# The expected bytes are Pillow's and numpy's own.
import numpy as np
from PIL import Image

random = np.random.default_rng(7)
images = random.integers(0, 256, (5, 3, 4, 6), dtype=np.uint8)
labels = np.array([2, 0, 1, 1, 0])
np.savez("stored.npz", images=images, labels=labels)
np.savez_compressed("deflated.npz", x=images.astype(np.float32) / 256 - 0.5, y=labels.astype(np.int32))
np.savez("unnamed.npz", pictures=images, labels=labels)
np.save("fortran-images.npy", np.asfortranarray(images.astype(">f8")))
np.save("fortran-labels.npy", labels.astype(np.uint8))
images.tofile("images.raw")

# A smooth picture, so that JPEG keeps it nearly as it is.
y, x = np.mgrid[0:23, 0:37]
rgb = np.stack([x * 6, y * 10, 255 - (x + y) * 4], axis=-1).clip(0, 255).astype(np.uint8)
picture = Image.fromarray(rgb)
picture.save("picture.png")
picture.save("picture.jpg", quality=95, subsampling=0)
picture.convert("L").save("grey.png")
rgba = np.dstack([rgb, np.full((23, 37), 40, np.uint8)])
Image.fromarray(rgba).save("alpha.png")
Image.fromarray((rgb[:, :, 0].astype(np.uint16) * 257)).save("sixteen.png")
np.asarray(picture).tofile("picture.raw")
np.asarray(picture.convert("L")).tofile("grey.raw")
np.asarray(Image.open("picture.jpg")).tofile("picture-jpg.raw")
for width, height in [(8, 8), (50, 60), (37, 10), (5, 23)]:
    resized = picture.resize((width, height), Image.BILINEAR)
    np.asarray(resized).tofile(f"resized-{width}x{height}.raw")
# torchvision's Resize(16) and CenterCrop(12): the shorter side 16, the other int(16 * 37 / 23).
resized = picture.resize((int(16 * 37 / 23), 16), Image.BILINEAR)
left, top = int(round((resized.width - 12) / 2)), int(round((resized.height - 12) / 2))
np.asarray(resized.crop((left, top, left + 12, top + 12))).tofile("cropped-12.raw")
# 65 MiB of zeros in 66 kB.
np.savez_compressed("bomb.npz", images=np.zeros(65 << 20, np.uint8), labels=np.zeros(1, np.int64))
