/// Charts as inline SVG: no script, colours from the page's style, every number as a text or a title beside its mark.
enum Chart {
  /// A line of a line chart, by place from 0; nil leaves a gap.
  struct Line {
    let name: String
    /// The class that colours it.
    let style: String
    let values: [Double?]
    var intervals: [Interval?] = []
  }

  /// Shares from 0 to 1 over named places.
  static func lines(_ title: String, places: [String], _ lines: [Line]) -> String {
    let (width, height, left, top, right, bottom) = (720.0, 300.0, 46.0, 16.0, 130.0, 34.0)
    let step = places.count > 1 ? (width - left - right) / Double(places.count - 1) : 0
    let x = { (place: Int) in left + step * Double(place) }
    let y = { (value: Double) in top + (1 - value) * (height - top - bottom) }
    var svg = opening(title, width, height)
    for tick in stride(from: 0.0, through: 1, by: 0.25) {
      svg += "<line class=\"grid\" x1=\"\(left)\" x2=\"\(width - right)\" y1=\"\(n(y(tick)))\" y2=\"\(n(y(tick)))\"/>"
      svg += text("\(Int(tick * 100)) %", left - 6, y(tick) + 4, "end")
    }
    for (place, name) in places.enumerated() { svg += text(name, x(place), height - 12, "middle") }
    // Names at the right, pushed apart where lines end close to one another.
    var ends: [(y: Double, name: String, style: String)] = []
    for line in lines {
      for (place, interval) in line.intervals.enumerated() {
        guard let interval else { continue }
        svg +=
          "<line class=\"whisker \(line.style)\" x1=\"\(n(x(place)))\" x2=\"\(n(x(place)))\" y1=\"\(n(y(interval.low)))\""
          + " y2=\"\(n(y(interval.high)))\"/>"
      }
      let points = line.values.enumerated().compactMap { place, value in value.map { (x(place), y($0), $0) } }
      svg +=
        "<polyline class=\"line \(line.style)\" points=\""
        + points.map { "\(n($0.0)),\(n($0.1))" }.joined(separator: " ") + "\"/>"
      for point in points {
        svg +=
          "<circle class=\"dot \(line.style)\" cx=\"\(n(point.0))\" cy=\"\(n(point.1))\" r=\"3.5\"><title>"
          + "\(SafeText.markup(line.name)): \(Wording.percent(point.2))</title></circle>"
      }
      if let last = points.last { ends.append((last.1 + 4, line.name, line.style)) }
    }
    ends.sort { $0.y < $1.y }
    var lowest = -Double.infinity
    for end in ends {
      lowest = max(end.y, lowest + 14)
      svg +=
        "<text class=\"name \(end.style)\" x=\"\(width - right + 10)\" y=\"\(n(lowest))\">\(SafeText.markup(end.name))</text>"
    }
    return svg + "</svg>"
  }

  /// A bar a name, longest as wide as the chart.
  static func bars(_ title: String, _ bars: [(name: String, value: Double, told: String)]) -> String {
    let (width, row, left, right) = (720.0, 24.0, 190.0, 110.0)
    let most = max(bars.map(\.value).max() ?? 0, 1e-9)
    var svg = opening(title, width, row * Double(bars.count) + 8)
    for (index, bar) in bars.enumerated() {
      let y = row * Double(index) + 4
      let length = bar.value / most * (width - left - right)
      let name = bar.name.count > 28 ? String(bar.name.prefix(27)) + "…" : bar.name
      svg += text(name, left - 8, y + 15, "end")
      svg +=
        "<rect class=\"bar\" x=\"\(left)\" y=\"\(n(y + 3))\" width=\"\(n(max(1, length)))\" height=\"16\" rx=\"2\"/>"
      svg += text(bar.told, left + max(1, length) + 6, y + 15, "start")
    }
    return svg + "</svg>"
  }

  /// How many numbers fall in each of up to twenty equal steps from 0, both axes labelled with round numbers.
  static func histogram(_ title: String, _ values: [Double], unit: String) -> String {
    let (width, height, left, bottom, top) = (720.0, 220.0, 46.0, 42.0, 16.0)
    let most = max(values.max() ?? 0, 1e-9)
    let step = round(most / 20)
    let steps = max(1, Int((most / step).rounded(.up)))
    var counts = Array(repeating: 0, count: steps)
    for value in values { counts[max(0, min(steps - 1, Int(value / step)))] += 1 }
    let rise = max(1, round(Double(counts.max() ?? 1) / 4))
    let highest = (Double(max(counts.max() ?? 1, 1)) / rise).rounded(.up) * rise
    let room = (width - left - 10) / Double(steps)
    let y = { (count: Double) in top + (1 - count / highest) * (height - bottom - top) }
    var svg = opening(title, width, height)
    for tick in stride(from: 0, through: highest, by: rise) {
      svg += "<line class=\"grid\" x1=\"\(left)\" x2=\"\(width - 10)\" y1=\"\(n(y(tick)))\" y2=\"\(n(y(tick)))\"/>"
      svg += text("\(Int(tick))", left - 6, y(tick) + 4, "end")
    }
    for (index, count) in counts.enumerated() where count > 0 {
      let from = step * Double(index)
      svg +=
        "<rect class=\"bar\" x=\"\(n(left + room * Double(index) + 1))\" y=\"\(n(y(Double(count))))\" "
        + "width=\"\(n(max(1, room - 2)))\" height=\"\(n(y(0) - y(Double(count))))\"><title>"
        + "\(short(from)) to \(short(from + step)) \(unit): \(count)</title></rect>"
    }
    let every = max(1, (steps + 5) / 6)
    for index in stride(from: 0, through: steps, by: every) {
      svg += text(short(step * Double(index)), left + room * Double(index), height - bottom + 16, "middle")
    }
    svg += text(unit == "s" ? "seconds" : unit, left + (width - left - 10) / 2, height - 6, "middle")
    return svg + "</svg>"
  }

  /// The smallest of 1, 2 and 5 times a power of ten that is not below `number`.
  static func round(_ number: Double) -> Double {
    var power = 1e-9
    while power * 10 <= number { power *= 10 }
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= number * (1 - 1e-9) } ?? power * 10
  }

  /// A round number, without digits that say nothing.
  private static func short(_ number: Double) -> String {
    let tenths = Wording.tenths(number)
    if number >= 1, tenths.hasSuffix(".0") { return String(tenths.dropLast(2)) }
    return number == 0 ? "0" : number < 0.1 ? "\((number * 1000).rounded() / 1000)" : tenths
  }

  private static func opening(_ title: String, _ width: Double, _ height: Double) -> String {
    "<svg viewBox=\"0 0 \(n(width)) \(n(height))\" role=\"img\" aria-label=\"\(SafeText.markup(title))\">"
      + "<title>\(SafeText.markup(title))</title>"
  }

  private static func text(_ text: String, _ x: Double, _ y: Double, _ anchor: String) -> String {
    "<text x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor)\">\(SafeText.markup(text))</text>"
  }

  private static func n(_ number: Double) -> String { Wording.tenths(number) }
}
