import Campaigns
import Testing

@Suite struct `Wilson's interval` {
  /// Values in per cent to one decimal, worked out with a calculator of its own.
  @Test(arguments: [
    (0, 5, 0.0, 43.4), (1, 5, 3.6, 62.4), (5, 5, 56.6, 100.0), (1, 1, 20.7, 100.0), (0, 1, 0.0, 79.3),
    (5, 10, 23.7, 76.3), (15, 30, 33.2, 66.8), (50, 100, 40.4, 59.6), (41, 300, 10.2, 18.0), (300, 300, 98.7, 100.0),
  ]) func `is the known one`(successes: Int, total: Int, low: Double, high: Double) {
    let interval = Interval.wilson(successes: successes, total: total)
    #expect((interval.low * 1000).rounded() / 10 == low)
    #expect((interval.high * 1000).rounded() / 10 == high)
  }

  @Test func `of nothing says nothing`() {
    #expect(Interval.wilson(successes: 0, total: 0).low == 0)
    #expect(Interval.wilson(successes: 0, total: 0).high == 1)
  }

  @Test func `holds the share, lies between 0 and 1, is narrower for more, and mirrors success and failure`() {
    for total in 1...60 {
      for successes in 0...total {
        let interval = Interval.wilson(successes: successes, total: total)
        let share = Double(successes) / Double(total)
        #expect(interval.low >= 0 && interval.low <= share && share <= interval.high && interval.high <= 1)
        let twice = Interval.wilson(successes: 2 * successes, total: 2 * total)
        #expect(twice.high - twice.low < interval.high - interval.low)
        let mirrored = Interval.wilson(successes: total - successes, total: total)
        #expect(abs(mirrored.low - (1 - interval.high)) < 1e-12)
      }
    }
  }
}
