/// The lines of `part` with their numbers, as they go into the prompt: `  40 | code`, the numbers right-aligned to at
/// least four columns. Every line ends with one line feed, whatever its line end in the file.
package func numbered(_ part: ContextPart) -> String {
  numbered(part.text, from: part.span.first, to: part.span.last)
}

func numbered(_ text: String, from first: Int, to last: Int) -> String {
  let width = max(4, String(last).utf8.count)
  var text = text
  return text.withUTF8 { bytes in
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + (last - first + 1) * (width + 4))
    var line = first
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: newline) ?? bytes.count
      let number = String(line).utf8
      result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, width - number.count)))
      result.append(contentsOf: number)
      result.append(contentsOf: " | ".utf8)
      let stop = end > start && bytes[end - 1] == carriageReturn ? end - 1 : end
      result.append(contentsOf: bytes[start..<stop])
      result.append(newline)
      line += 1
      start = end + 1
    }
    return String(decoding: result, as: UTF8.self)
  }
}

let newline = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
