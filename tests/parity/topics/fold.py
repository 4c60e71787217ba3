"""Every window of an image as a column, and the way back."""

import torch.nn.functional as F

from inputs import normal

OPS = {
    "unfold2d": lambda x, kernel, stride, padding, dilation: F.unfold(x, kernel, dilation, padding, stride),
    "fold2d": lambda x, image, kernel, stride, padding, dilation: F.fold(x, image, kernel, dilation, padding, stride),
    "conv2d_plain": lambda x, weight, bias=None, *, stride, padding, dilation, groups: F.conv2d(
        x, weight, bias, stride, padding, dilation, groups
    ),
}


def cases(f):
    windows = {
        # label: image, windows along each side, kernel, stride, padding, dilation
        "plain": ((4, 5), (3, 4), 2, 1, 0, 1),
        "tiles": ((4, 6), (2, 3), 2, 2, 0, 1),
        "padded": ((5, 4), (3, 2), 3, 2, 1, 1),
        "rest": ((6, 5), (2, 2), 2, 3, 0, 1),
        "dilated": ((6, 6), (4, 4), 3, 2, 3, 2),
        "axes": ((5, 7), (3, 3), [2, 3], [1, 2], [0, 1], [2, 2]),
        "image": ((3, 2), (1, 1), [3, 2], 1, 0, 1),
    }
    for label, (image, (oh, ow), kernel, stride, padding, dilation) in windows.items():
        kh, kw = kernel if isinstance(kernel, list) else (kernel, kernel)
        options = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
        f(label, "unfold2d", [normal(2, 2, *image)], **options)
        f(label, "fold2d", [normal(2, 2 * kh * kw, oh * ow)], image=list(image), **options)
        conv = {"stride": stride, "padding": padding, "dilation": dilation}
        f(label, "conv2d_plain", [normal(2, 2, *image), normal(3, 2, kh, kw), normal(3)], groups=1, **conv)
        f(f"{label}_groups", "conv2d_plain", [normal(1, 4, *image), normal(2, 2, kh, kw)], groups=2, **conv)
    options = {"kernel": 2, "stride": 1, "padding": 1, "dilation": 1}
    f("transposed", "unfold2d", [normal(1, 2, 4, 3).transpose(2, 3)], **options)
    f("expanded", "unfold2d", [normal(1, 1, 3, 3).expand(2, 2, 3, 3)], **options)
    f("transposed", "fold2d", [normal(1, 9, 4).transpose(1, 2).narrow(1, 0, 4)], image=[2, 2], **options)
    f("empty", "unfold2d", [normal(0, 2, 3, 3)], **options)
