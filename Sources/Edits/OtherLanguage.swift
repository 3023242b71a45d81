/// Code of another language than the file that it is for.
enum OtherLanguage {
  private static let names: [String: String] = [
    "javascript": "JavaScript", "js": "JavaScript", "jsx": "JavaScript", "typescript": "TypeScript", "ts": "TypeScript",
    "tsx": "TypeScript", "java": "Java", "c": "C", "cpp": "C++", "c++": "C++", "csharp": "C#", "cs": "C#", "go": "Go",
    "rust": "Rust", "rs": "Rust", "ruby": "Ruby", "rb": "Ruby", "php": "PHP", "kotlin": "Kotlin", "swift": "Swift",
    "bash": "a shell script", "sh": "a shell script", "shell": "a shell script", "console": "a shell script",
    "sql": "SQL", "html": "HTML", "css": "CSS", "perl": "Perl", "scala": "Scala", "r": "R", "lua": "Lua",
  ]

  /// The language that all fences of a reply name, where that is not Python.
  static func fenced(in lines: [ArraySlice<UInt8>]) -> String? {
    var named: [String] = []
    var index = 0
    while index < lines.count {
      if let fence = Fence(lines[index]) {
        named.append(fence.info.prefix { $0.isWord || $0 == 43 || $0 == 35 }.text.lowercased())
        index = (fence.end(in: lines, from: index + 1) ?? lines.count - 1) + 1
      } else {
        index += 1
      }
    }
    let languages = named.map { names[$0] }
    guard let first = languages.first, let language = first, languages.allSatisfy({ $0 != nil }) else { return nil }
    return language
  }

  /// What `text`, which is no Python, seems to be written in; nil where nothing shows it.
  static func of(_ text: String) -> String? {
    var marks: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let bare = line.drop { $0 == " " || $0 == "\t" }
      for (language, starts) in starts where starts.contains(where: bare.hasPrefix) { marks[language, default: 0] += 1 }
      if [";", ") {", "else {", "try {", "=> {"].contains(where: bare.hasSuffix) { marks["", default: 0] += 1 }
    }
    let braces = marks.removeValue(forKey: "") ?? 0
    guard let most = marks.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), braces > 1 || most.value > 1 else {
      return braces > 2 ? "a language with braces" : nil
    }
    return most.key
  }

  private static let starts: [String: [String]] = [
    "JavaScript": ["function ", "const ", "let ", "var ", "export ", "require(", "console.log("],
    "Java": ["public ", "private ", "protected ", "import java", "package ", "System.out"],
    "C": ["#include ", "int main(", "void ", "struct ", "static int ", "printf("],
    "Go": ["func ", "package main", "fmt."], "Rust": ["fn ", "pub fn ", "let mut ", "impl "],
    "a shell script": ["#!/bin/", "sudo ", "echo ", "sed ", "cd ", "export ", "pip install "],
    "PHP": ["<?php", "$this->"], "HTML": ["<!DOCTYPE", "<html", "<div", "<script"],
  ]
}
