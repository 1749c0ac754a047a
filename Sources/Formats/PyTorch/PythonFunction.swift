/// Functions that a network's file defines if it needs them: what PyTorch has in another form only.
enum PythonFunction: String, CaseIterable {
  case attention
  case averagePool = "average_pool"
  case resize

  /// Its definition.
  var definition: String {
    switch self {
    case .attention:
      """
      def attention(query, key, value, heads, scale):
          \"""Multi-head attention over tokens [N, T, heads * d].\"""
          query, key, value = (x.unflatten(-1, (heads, -1)).transpose(1, 2) for x in (query, key, value))
          return F.scaled_dot_product_attention(query, key, value, scale=scale).transpose(1, 2).flatten(2)
      """
    case .averagePool:
      """
      def average_pool(x, kernel, stride, dilation, counted, uncounted):
          \"""Means over windows that are spread or lie unevenly: around x are places that count, around those others.\"""
          ones = x.new_ones(x.shape[1], 1, *kernel)

          def sums(x, value):
              x = F.pad(F.pad(x, counted, value=value), uncounted)
              return F.conv2d(x, ones[:x.shape[1]], stride=stride, dilation=dilation, groups=x.shape[1])

          return sums(x, 0.0) / sums(torch.ones_like(x[:1, :1]), 1.0).clamp(min=1)
      """
    case .resize:
      """
      def resize(x, size, coordinates, rounding=None, scales=(None, None)):
          \"""A feature map at another size, as ONNX's Resize defines it.\"""
          for dim, (places, scale) in enumerate(zip(size, scales), start=2):
              extent = x.shape[dim]
              length = extent * scale if scale else places
              i = torch.arange(places, dtype=torch.float64, device=x.device)
              if coordinates == "asymmetric":
                  place = i * extent / length
              elif coordinates == "align_corners":
                  place = i * (extent - 1) / (length - 1) if places > 1 else 0 * i
              elif coordinates == "half_pixel" or places > 1:
                  place = ((2 * i + 1) * extent - length) / (2 * length)
              else:
                  place = 0 * i
              low, shape = place.floor(), (-1,) + (1,) * (3 - dim)
              if rounding:
                  nearest = {
                      "floor": low, "ceil": place.ceil(), "round_prefer_floor": (place - 0.5).ceil(),
                      "round_prefer_ceil": (place + 0.5).floor()}[rounding]
                  x = x.index_select(dim, nearest.long().clamp(0, extent - 1))
              else:
                  below, above = (x.index_select(dim, (low + step).long().clamp(0, extent - 1)) for step in (0, 1))
                  x = torch.lerp(below, above, (place - low).to(x.dtype).view(shape))
          return x
      """
    }
  }
}
