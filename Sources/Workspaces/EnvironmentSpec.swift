/// How the environment of some versions of a repository is made, and how its tests run there.
///
/// In a file of specs, one object of a JSON list:
///
///     {"repo": "acme/anvil", "versions": ["1.0", "1.1"], "python": "3.9", "requirements": ["requirements.txt"],
///      "packages": ["pytest==7.4.4"], "install": "--no-build-isolation -e .", "test": "pytest -rA {files}"}
package struct EnvironmentSpec: Hashable, Codable, Sendable {
  /// `owner/name`.
  package var repo: String
  /// The versions of rows it is for; all where there are none.
  package var versions: [String]
  /// The Python, `3.9`: any release of it.
  package var python: String
  /// Packages that are installed first, each as pip takes it.
  package var tools: [String]
  /// Files of the commit with requirements; those that are not there are passed over.
  package var requirements: [String]
  /// Requirements whose line holds one of these words are left out.
  package var leaveOut: [String]
  /// Packages as pip takes them.
  package var packages: [String]
  /// Shell commands in the tree before it is installed. What they change of the commit's files is not kept.
  package var prepare: [String]
  /// What pip is given to install the tree, split at blanks; empty for a tree that is used as it is.
  package var install: String
  /// The test command, with `{files}` or `{modules}` for the tests.
  package var test: String
  /// What the tests' world is told beyond the usual.
  package var variables: [String: String]

  /// What is installed first where a spec does not say: the last pip and setuptools that build old packages.
  static let usualTools = ["pip<24.1", "setuptools<69", "wheel"]

  package init(
    repo: String, versions: [String], python: String, tools: [String] = EnvironmentSpec.usualTools,
    requirements: [String] = [], leaveOut: [String] = [], packages: [String] = [], prepare: [String] = [],
    install: String = "-e .", test: String = "pytest -rA {files}", variables: [String: String] = [:]
  ) {
    self.repo = repo
    self.versions = versions
    self.python = python
    self.tools = tools
    self.requirements = requirements
    self.leaveOut = leaveOut
    self.packages = packages
    self.prepare = prepare
    self.install = install
    self.test = test
    self.variables = variables
  }

  private enum CodingKeys: String, CodingKey {
    case repo, versions, python, tools, requirements, packages, prepare, install, test, variables
    case leaveOut = "leave_out"
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func list(_ key: CodingKeys, _ fallback: [String] = []) throws -> [String] {
      try values.decodeIfPresent([String].self, forKey: key) ?? fallback
    }
    self.init(
      repo: try values.decode(String.self, forKey: .repo), versions: try list(.versions),
      python: try values.decode(String.self, forKey: .python), tools: try list(.tools, EnvironmentSpec.usualTools),
      requirements: try list(.requirements), leaveOut: try list(.leaveOut), packages: try list(.packages),
      prepare: try list(.prepare), install: try values.decodeIfPresent(String.self, forKey: .install) ?? "-e .",
      test: try values.decodeIfPresent(String.self, forKey: .test) ?? "pytest -rA {files}",
      variables: try values.decodeIfPresent([String: String].self, forKey: .variables) ?? [:])
  }
}

extension EnvironmentSpec {
  /// Where the environment is in every sandbox: its files name this place.
  static let place = "/opt/environment"

  /// The shell script that makes the environment at `place` of the tree in the working directory.
  ///
  /// `python` is the path of a Python as `self.python` asks for; `uv` that of uv, which is used where it is given.
  func script(python: String, version: String, uv: String?) -> String {
    let quoted = { (words: [String]) in words.map(TestCommand.quoted).joined(separator: " ") }
    let place = EnvironmentSpec.place
    var lines = ["set -e", "export PATH=\(place)/bin:$PATH", "step() { printf '\\n== %s\\n' \"$*\"; \"$@\"; }"]
    let begin = { (step: EnvironmentNews.Step) in "echo '\(InstallationReader.mark)\(step.rawValue)'" }
    lines.append(begin(.venv))
    let pip = "step python -m pip --disable-pip-version-check --no-cache-dir install --progress-bar off \"$@\""
    if let uv {
      // What has no hook for editable builds yet, pip still installs.
      lines += [
        "step \(quoted([uv])) venv --seed --allow-existing --python \(quoted([python])) \(place)",
        "install() { step \(quoted([uv])) pip install --no-cache --python \(place)/bin/python \"$@\" || \(pip); }",
      ]
    } else {
      lines.append(EnvironmentSpec.venv(quoted([python])))
      lines.append("install() { \(pip); }")
    }
    lines.append(begin(.packages))
    if !tools.isEmpty { lines.append("install -U \(quoted(tools))") }
    for file in requirements {
      let words = leaveOut.map { "-e \(TestCommand.quoted($0))" }.joined(separator: " ")
      let choose = leaveOut.isEmpty ? "cat" : "grep -viF \(words)"
      let name = TestCommand.quoted(file)
      lines.append(
        "if [ -f \(name) ]; then \(choose) <\(name) >\(name).ramp || :; install -r \(name).ramp; rm \(name).ramp; fi")
    }
    if !packages.isEmpty { lines.append("install \(quoted(packages))") }
    lines += prepare
    lines.append(begin(.tree))
    if !install.isEmpty {
      // There is no git in the tree to tell the version.
      let number = version.drop { !$0.isNumber }
      lines.append("export SETUPTOOLS_SCM_PRETEND_VERSION=\(quoted([number.isEmpty ? "0" : String(number)]))")
      lines.append("install \(quoted(install.split(separator: " ").map(String.init)))")
    }
    lines.append("step python -m pip list || :")
    // Tests must not write here, so what is not compiled now would be compiled at every run.
    lines.append("python -m compileall -q \(place)/lib >/dev/null 2>&1 || :")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The exit status of a script whose Python has no way to make an environment.
  static let hasNoVenv: Int32 = 69

  /// Makes the virtual environment with what `python`, quoted, has for it: venv with its own pip, virtualenv, or venv
  /// and a pip of the Python's, which installs pip there. Debian's python3 has none of them without python3-venv.
  private static func venv(_ python: String) -> String {
    """
    can() { \(python) -c "$1" >/dev/null 2>&1; }
    if can 'import ensurepip, venv'; then step \(python) -m venv \(place)
    elif can 'import virtualenv'; then step \(python) -m virtualenv --no-periodic-update \(place)
    elif can 'import venv, pip; assert int(pip.__version__.split(".")[0]) >= 23'; then
      step \(python) -m venv --without-pip \(place)
      step \(python) -m pip --python \(place)/bin/python --disable-pip-version-check --no-cache-dir install \
        --progress-bar off pip
    else exit \(hasNoVenv)
    fi
    """
  }
}
