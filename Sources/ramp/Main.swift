import Foundation

@main
enum Main {
  static func main() async {
    exit(await Program(Array(CommandLine.arguments.dropFirst())).run())
  }
}
