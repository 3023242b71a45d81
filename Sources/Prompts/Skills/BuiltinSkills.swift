/// The skills that ship inside the program.
package enum BuiltinSkills {
  /// All of them, by name.
  package static let all: [Skill] = sources.compactMap { try? Skill(parsing: $0, place: "a shipped skill") }

  static let sources = [
    traceback, minimal, publicAPI, djangoORM, djangoForms, sympyPrinting, boundaries, text, pytest, sphinx, plotting,
    arguments,
  ]

  private static let traceback = """
    ---
    name: reading-a-traceback
    when: words traceback most recent call last
    ---
    **Reading a traceback.** The last line says what went wrong, the frame above it where it showed. The fault is often a
    frame or two further up: where the wrong value was made, not where it was used. Ask of each frame: is this value one
    that this function promises to take?

    Example: `AttributeError: 'NoneType' object has no attribute 'name'` in `render(user)`, called from
    `page(find(id))`. Do not write `if user is None` in `render`; make `find` give what `page` expects.

    Use: name the frame that you change, and the value that was wrong there.
    """

  private static let minimal = """
    ---
    name: minimal-change
    ---
    **Minimal change.** The tests ask for one behaviour. Change the line that decides it, and leave all others as they
    are: names, messages, order of arguments, blank lines.

    Example: the issue says that `parse("")` should give `[]`. Not a new class, not a rewritten `parse`, but
    `if not text: return []` at its start.

    Use: if your edit has more than ten lines, look for the place where two of them are enough.
    """

  private static let publicAPI = """
    ---
    name: keep-the-public-api
    when: words deprecated, deprecation, backwards compatible, backward compatible, backwards incompatible, regression, signature, parameter, keyword argument
    ---
    **Keep the public API.** Other code calls what you change. A new parameter comes last and has a default that gives the
    old behaviour; a name that others import stays; a method that subclasses override keeps its arguments.

    Example: `def save(self, path)` is to take an encoding: `def save(self, path, encoding="utf-8")`, and every call
    without it does what it did.

    Use: search the shown files for calls of what you change, and read each as if it were a test.
    """

  private static let djangoORM = """
    ---
    name: django-orm
    when: repository django/django, django
    when: words queryset, query, sql, annotate, aggregate, filter, subquery, prefetch_related, select_related, orm, database, foreignkey, migration, lookup, expression, expressions, order_by, group by, model, models
    ---
    **Django's ORM.** A QuerySet method calls `_chain()` and changes the copy, never `self`. `QuerySet` hands on to
    `sql/query.py` (what is asked), and that to `sql/compiler.py` (the SQL text). Expressions have `resolve_expression`,
    `as_sql` and `get_group_by_cols`; a backend's `as_vendor` comes before `as_sql`.

    Example: an ordering is lost in a subquery. Look where the inner query is cloned, `query.clear_ordering(...)`, and
    under which condition, before the compiler is touched.

    Use: decide first which of the three files is wrong. Copy a list or dict of `self` before it is changed.
    """

  private static let djangoForms = """
    ---
    name: django-forms
    when: repository django/django, django
    when: words form, forms, formset, formsets, widget, widgets, modelform, field, cleaned_data, admin, choices, modelchoicefield, validation, validationerror, validators
    ---
    **Django's forms.** A value goes `widget.value_from_datadict` -> `field.to_python` -> `field.validate` ->
    `field.run_validators` -> `form.clean_NAME` -> `form.clean`. What is shown goes the other way: `get_initial`,
    `field.prepare_value`, `widget.format_value`, `widget.get_context`.

    Example: a changed value is not seen. Look in `field.has_changed(initial, data)`: both sides must be of one type, so
    `to_python` is called there on each.

    Use: find the step at which the value is right for the last time. Errors are `ValidationError(message, code=...,
    params=...)`, with the message in `default_error_messages`.
    """

  private static let sympyPrinting = """
    ---
    name: sympy-printing
    when: repository sympy/sympy, sympy
    when: words print, printing, printer, prints, latex, pretty, pprint, ccode, codegen, code, mathml, mathematica_code, repr, str, unicode
    ---
    **Printing in SymPy.** A printer looks for `_print_NAME` with the name of the expression's class, then of its base
    classes; `_print` of a part gives its text, `parenthesize(part, level)` puts brackets where the precedence asks for
    them. `known_functions` of the code printers maps a class name to a function of the other language.

    Example: `latex(Max(x, y)**2)` lacks its brackets. Its method takes `exp=None` and must write the exponent itself:
    `return r"%s^{%s}" % (tex, exp)`.

    Use: copy the nearest `_print_` method that is right, and change only the text. Return text from every branch.
    """

  private static let boundaries = """
    ---
    name: boundaries
    when: words off by one, index out of range, indexerror, out of bounds, last element, first element, empty, zero, negative, boundary, bounds, range, slice, limit, maximum, minimum, length, overflow, infinite, single
    ---
    **Boundaries and off-by-one.** Try the changed line with 0, 1, the last and one past the last: an empty list, one
    item, a negative number, the largest value. `range(n)` and slices leave their end out; `-0` as a slice end means the
    beginning; `if x:` is false for `0` and `""`, which is often not meant.

    Example: `if limit:` skips a limit of 0. Write `if limit is not None:`.

    Use: write down, in your sentence before the edit, what the line gives for 0 and for 1.
    """

  private static let text = """
    ---
    name: encodings-and-text
    when: words unicode, utf, utf8, encoding, encode, decode, bytes, bytestring, ascii, unicodedecodeerror, unicodeencodeerror, charset, newline, newlines, crlf, whitespace, escape, escaped, quote, quotes, backslash, non ascii
    ---
    **Encodings and text.** `bytes` and `str` meet in one place: decode where text comes in, encode where it goes out, and
    name the encoding. `str(b"x")` is `"b'x'"`, not `"x"`. A header or URL may be `bytes` already: test with
    `isinstance(value, bytes)` before `encode`.

    Example: `method = "%s" % method` makes `b'GET'` of bytes. Write
    `if isinstance(method, bytes): method = method.decode("ascii")`.

    Use: for each line that you change, say which of the two types each name holds. In regular expressions `$` also
    stands before a last newline; `\\Z` does not.
    """

  private static let pytest = """
    ---
    name: pytest-internals
    when: repository pytest-dev/pytest, pytest-dev
    ---
    **Inside pytest.** `src/_pytest/` holds one module for each concern: `assertion/rewrite.py` (assert statements),
    `fixtures.py`, `mark/`, `skipping.py`, `logging.py`, `capture.py`, `nodes.py`, `python.py` (collection). Hooks are
    functions called `pytest_...`; a report is made in `runner.py` and `reports.py`.

    Example: a skip shows the wrong place. The report's `longrepr` is made in `skipping.py`,
    `pytest_runtest_makereport`; `item.reportinfo()` gives path and line, the line counted from 0.

    Use: find the hook that makes the wrong text, and change it there, not where it is printed.
    """

  private static let sphinx = """
    ---
    name: sphinx-documents
    when: repository sphinx-doc/sphinx, sphinx-doc
    ---
    **Inside Sphinx.** A document is read into doctree nodes, changed by transforms (`SphinxTransform.default_priority`
    orders them), resolved, and written by a visitor's `visit_NAME` and `depart_NAME`. `ext/autodoc/` makes directives
    of live objects; `domains/` know cross references; `config.add(name, default, rebuild, types)` declares a value.

    Example: a type is shown without its alias. The text is made by `stringify_typehint`, called by several documenters:
    each call needs the same argument.

    Use: where two classes do the same thing (functions and methods, data and attributes), mend both.
    """

  private static let plotting = """
    ---
    name: plotting
    when: repository matplotlib/matplotlib, mwaskom/seaborn, matplotlib, mwaskom
    ---
    **Plotting libraries.** Data passes conversion (units, categories, dates), scaling (norm, limits) and drawing (artists
    with properties). Arrays may be masked, of booleans or of integers: `-` on booleans fails, and an in-place operation
    on integers truncates. Setters mark the artist as stale; a figure may have no renderer yet.

    Example: `b - a` fails for boolean data. Convert once, where data enters: `data = data.astype(float)`.

    Use: say at which of the three steps the value is wrong. Keep `rcParams` names and keyword arguments.
    """

  private static let arguments = """
    ---
    name: wrong-types
    when: error TypeError, AttributeError, KeyError, ValueError
    ---
    **A value of the wrong kind.** A `TypeError` or `AttributeError` says that a value is of another kind than the line
    takes; a `KeyError` that a name was never put in. Ask where the value comes from, and which kinds the documentation
    allows there.

    Example: `unhashable type: 'list'` in `set(items)`: items may be lists by the documentation, so compare them with
    `in` on a list, or make tuples of them.

    Use: mend the place that makes the wrong kind. A `try` round the line that fails only hides it.
    """
}
