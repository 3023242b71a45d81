/// The specs that ramp brings: the twelve repositories of SWE-bench Lite, for plain virtual environments.
///
/// Pythons and pinned packages are those of the SWE-bench harness, as far as an environment without conda has them.
/// Where the harness rewrites a set-up file to pin a package, the package is pinned here.
package enum BuiltinSpecs {
  /// The repositories, as `owner/name`.
  package static let repositories = Set(all.map(\.repo))

  static let all: [EnvironmentSpec] =
    django + sympy + pytest + sphinx + scientific + [
      EnvironmentSpec(
        repo: "pallets/flask", versions: ["2.0"], python: "3.9",
        packages: [
          "Werkzeug==2.3.7", "Jinja2==3.0.1", "itsdangerous==2.1.2", "click==8.0.1", "MarkupSafe==2.1.3",
          "pytest==7.4.4",
          "asgiref", "python-dotenv", "blinker",
        ]),
      EnvironmentSpec(
        repo: "pallets/flask", versions: ["2.2", "2.3"], python: "3.11",
        packages: [
          "setuptools==70.0.0", "click==8.1.3", "itsdangerous==2.1.2", "Jinja2==3.1.2", "MarkupSafe==2.1.1",
          "Werkzeug==2.3.7", "pytest==7.4.4", "asgiref", "python-dotenv", "blinker",
        ]),
      // Most of its tests ask a server beyond the machine, which the sandbox does not let them reach.
      EnvironmentSpec(
        repo: "psf/requests", versions: ["0.14", "2.0", "2.2", "2.3", "2.4", "2.5", "2.7", "2.8", "2.10", "2.11"],
        python: "3.9", packages: ["pytest==7.4.4", "pytest-httpbin", "pytest-mock"]),
      EnvironmentSpec(
        repo: "pylint-dev/pylint", versions: ["2.13", "2.14", "2.15"], python: "3.9",
        requirements: ["requirements_test_min.txt"]),
    ]

  private static let django: [EnvironmentSpec] = [
    (["3.0", "3.1", "3.2"], "3.6"), (["4.0"], "3.8"), (["4.1", "4.2"], "3.9"), (["5.0", "5.1", "5.2"], "3.11"),
  ].map { versions, python in
    EnvironmentSpec(
      repo: "django/django", versions: versions, python: python, requirements: ["tests/requirements/py3.txt"],
      // They need libraries and servers that no test with SQLite asks for.
      leaveOut: ["pylibmc", "memcache", "psycopg", "mysql", "redis"],
      test: "python ./tests/runtests.py --verbosity 2 --settings=test_sqlite --parallel 1 {modules}",
      variables: ["LC_ALL": "C.UTF-8"])
  }

  private static let sympy: [EnvironmentSpec] = [
    EnvironmentSpec(
      repo: "sympy/sympy",
      versions: ["1.0", "1.1", "1.2", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.10", "1.11", "1.12", "1.13"],
      python: "3.9", packages: ["mpmath==1.3.0"], install: "",
      test: "python bin/test -C --verbose {files}",
      variables: ["PYTHONWARNINGS": "ignore::UserWarning,ignore::SyntaxWarning"])
  ]

  private static let pytest: [EnvironmentSpec] =
    [
      (["4.4"], ["atomicwrites==1.4.1", "more-itertools==10.1.0", "pluggy==0.13.1", "py==1.11.0", "six==1.16.0"]),
      (
        ["4.5"],
        [
          "atomicwrites==1.4.1", "more-itertools==10.1.0", "pluggy==0.11.0", "py==1.11.0", "six==1.16.0",
          "wcwidth==0.2.6",
        ]
      ),
      (
        ["4.6"],
        [
          "atomicwrites==1.4.1", "more-itertools==10.1.0", "packaging==23.1", "pluggy==0.13.1", "py==1.11.0",
          "six==1.16.0",
          "wcwidth==0.2.6",
        ]
      ),
      (
        ["5.0", "5.1", "5.2"],
        [
          "atomicwrites==1.4.1", "more-itertools==10.1.0", "packaging==23.1", "pluggy==0.13.1", "py==1.11.0",
          "wcwidth==0.2.6",
        ]
      ),
      (
        ["5.3", "5.4"], ["py==1.11.0", "packaging==23.1", "more-itertools==10.1.0", "pluggy==0.13.1", "wcwidth==0.2.6"]
      ),
      (
        ["6.0"],
        [
          "iniconfig==2.0.0", "more-itertools==10.1.0", "packaging==23.1", "pluggy==0.13.1", "py==1.11.0",
          "toml==0.10.2",
        ]
      ),
      (["6.2"], ["iniconfig==2.0.0", "packaging==23.1", "pluggy==0.13.1", "py==1.11.0", "toml==0.10.2"]),
      (["7.0"], ["iniconfig==2.0.0", "packaging==23.1", "pluggy==0.13.1", "py==1.11.0", "tomli==2.0.1"]),
      (
        ["7.1", "7.2", "7.4", "8.0"],
        ["iniconfig==2.0.0", "packaging==23.1", "pluggy==1.3.0", "exceptiongroup==1.1.3", "tomli==2.0.1"]
      ),
    ].map { versions, packages in
      EnvironmentSpec(
        repo: "pytest-dev/pytest", versions: versions, python: "3.9",
        packages: packages + ["attrs==23.1.0", "setuptools_scm<8"], install: "--no-build-isolation -e .")
    } + [
      EnvironmentSpec(
        repo: "pytest-dev/pytest", versions: ["6.3"], python: "3.9",
        packages: [
          "attrs==23.1.0", "iniconfig==2.0.0", "packaging==23.1", "pluggy==0.13.1", "py==1.11.0", "toml==0.10.2",
          "setuptools_scm<8",
        ],
        // A requirement with two signs, which no setuptools takes.
        prepare: ["sed -i 's/>=>=/>=/' setup.cfg"], install: "--no-build-isolation -e .")
    ]

  private static let sphinx: [EnvironmentSpec] = {
    let common = [
      "pytest==7.4.4", "pytest-cov", "html5lib", "cython", "typed_ast", "filelock", "alabaster<0.7.12",
      "sphinxcontrib-applehelp<=1.0.4", "sphinxcontrib-devhelp<=1.0.2", "sphinxcontrib-qthelp<=1.0.3",
      "sphinxcontrib-htmlhelp<=2.0.1", "sphinxcontrib-serializinghtml<=1.1.5", "sphinxcontrib-jsmath",
      "sphinxcontrib-websupport", "imagesize", "babel", "snowballstemmer", "requests", "packaging", "pygments",
      "flit_core", "setuptools<69",
    ]
    func spec(_ versions: [String], _ packages: [String]) -> EnvironmentSpec {
      EnvironmentSpec(
        repo: "sphinx-doc/sphinx", versions: versions, python: "3.9", packages: common + packages,
        install: "--no-build-isolation -e .", test: "python -X dev -m pytest -rA {files}")
    }
    return [
      spec(["3.0", "3.1", "3.2", "3.3", "3.4", "3.5"], ["jinja2<3.0", "markupsafe<=2.0.1", "docutils<0.17"]),
      spec(["4.0", "4.1"], ["jinja2<3.1", "markupsafe<2.1", "docutils<0.18"]),
      spec(["4.2", "4.3", "4.4", "4.5", "5.0", "5.1", "5.2", "5.3"], ["jinja2<3.2", "docutils<0.20"]),
      spec(["6.0", "6.2", "7.0", "7.1", "7.2"], ["jinja2<3.2", "docutils<0.21"]),
    ]
  }()

  private static let scientific: [EnvironmentSpec] = [
    EnvironmentSpec(
      repo: "mwaskom/seaborn", versions: ["0.11", "0.12", "0.13", "0.14"], python: "3.9",
      packages: [
        "contourpy==1.1.0", "cycler==0.11.0", "fonttools==4.42.1", "importlib-resources==6.0.1", "kiwisolver==1.4.5",
        "matplotlib==3.7.2", "numpy==1.25.2", "packaging==23.1", "pandas==2.0.0", "pillow==10.0.0", "pyparsing==3.0.9",
        "python-dateutil==2.8.2", "pytz==2023.3.post1", "scipy==1.11.2", "six==1.16.0", "tzdata==2023.1",
        "zipp==3.16.2", "pytest==7.4.4", "flit_core",
      ], install: "--no-deps --no-build-isolation -e .", test: "pytest --no-header -rA {files}",
      variables: ["MPLBACKEND": "Agg"]),
    EnvironmentSpec(
      repo: "matplotlib/matplotlib", versions: ["3.5", "3.6", "3.7"], python: "3.11",
      packages: [
        "contourpy==1.1.0", "cycler==0.11.0", "fonttools==4.42.1", "kiwisolver==1.4.5", "numpy==1.25.2",
        "packaging==23.1", "pillow==10.0.0", "pyparsing==3.0.9", "python-dateutil==2.8.2", "six==1.16.0",
        "setuptools==68.1.2", "setuptools-scm==7.1.0", "setuptools-scm-git-archive", "pybind11", "certifi",
        "pytest==7.4.4",
      ], install: "--no-build-isolation -e .", variables: ["MPLBACKEND": "Agg"]),
    EnvironmentSpec(
      repo: "matplotlib/matplotlib", versions: ["3.1", "3.2", "3.3", "3.4"], python: "3.8",
      packages: ["numpy<1.24", "certifi", "pytest==7.4.4"], install: "--no-build-isolation -e .",
      variables: ["MPLBACKEND": "Agg"]),
    EnvironmentSpec(
      repo: "scikit-learn/scikit-learn", versions: ["0.20", "0.21", "0.22"], python: "3.6",
      packages: [
        "cython<3", "numpy==1.19.2", "scipy==1.5.2", "pytest", "pandas", "matplotlib", "joblib", "threadpoolctl",
      ],
      install: "--no-use-pep517 --no-build-isolation -e ."),
    EnvironmentSpec(
      repo: "scikit-learn/scikit-learn", versions: ["1.3", "1.4"], python: "3.9",
      packages: [
        "numpy==1.25.2", "scipy==1.11.2", "cython==3.0.10", "pytest==7.4.4", "pandas<2.0.0", "matplotlib<3.9.0",
        "joblib", "threadpoolctl",
      ], install: "--no-use-pep517 --no-build-isolation -e ."),
    EnvironmentSpec(
      repo: "astropy/astropy", versions: ["4.1", "4.2", "4.3", "5.0", "5.1", "5.2", "v5.3"], python: "3.9",
      tools: ["pip<24.1", "setuptools==68.0.0", "wheel"],
      packages: [
        "attrs==23.1.0", "exceptiongroup==1.1.3", "execnet==2.0.2", "hypothesis==6.82.6", "iniconfig==2.0.0",
        "numpy==1.25.2", "packaging==23.1", "pluggy==1.3.0", "psutil==5.9.5", "pyerfa==2.0.0.3",
        "pytest-arraydiff==0.5.0", "pytest-astropy-header==0.2.2", "pytest-astropy==0.10.0", "pytest-cov==4.1.0",
        "pytest-doctestplus==1.0.0", "pytest-filter-subpackage==0.1.2", "pytest-mock==3.11.1",
        "pytest-openfiles==0.5.0", "pytest-remotedata==0.4.0", "pytest-xdist==3.3.1", "pytest==7.4.0", "PyYAML==6.0.1",
        "sortedcontainers==2.4.0", "tomli==2.0.1", "cython<3", "extension-helpers", "setuptools_scm", "jinja2<3.1",
      ], install: "--no-build-isolation -e ."),
    EnvironmentSpec(
      repo: "pydata/xarray", versions: ["0.12", "0.18", "0.19", "0.20", "2022.03", "2022.06", "2022.09"],
      python: "3.10",
      packages: [
        "numpy==1.23.0", "packaging==23.1", "pandas==1.5.3", "pytest==7.4.0", "python-dateutil==2.8.2", "pytz==2023.3",
        "six==1.16.0", "scipy==1.11.1", "setuptools==68.0.0", "dask==2022.8.1", "setuptools_scm<8",
      ], install: "--no-build-isolation -e ."),
  ]
}
