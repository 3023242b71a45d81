/// What the shipped templates are made of.
extension BuiltinTemplates {
  /// The task and the rules that hold in every format.
  static let opening = """
    [[system]]
    {# part: rules -#}
    You repair one bug in a Python project. You get some files of the project and an issue that a user wrote. You answer with edits. A program applies your edits to the files, then runs the tests.

    An edit replaces lines of one file by other lines. {% if reproduce %}But for the script that you are asked for at the end, nothing{% else %}Nothing{% endif %} else you write has an effect.

    Allowed:
    - Change the code that causes the issue. One small edit is usually enough.
    - Change only files that are shown. Use their paths exactly as shown.

    Not allowed:
    - Changing or adding tests. The tests that judge your edits are already written.
    - Renaming or removing what other code may use, and cleaning up what the issue is not about.
    - Leaving out code with "..." or a comment such as "rest unchanged".
    """

  /// The rules and the example of SEARCH/REPLACE blocks.
  static let search = """

    How to write an edit:
    1. The path of the file, alone on a line.
    2. A line ```python, then a line <<<<<<< SEARCH.
    3. Lines of the file, copied exactly: every blank, every character. Without the line number and the bar.
    4. A line =======, then the lines that take their place, with the indentation they need in the file.
    5. A line >>>>>>> REPLACE, then a line ```.

    An edit fails if:
    - its SEARCH lines are not in the file exactly as you wrote them,
    - its SEARCH lines are in the file more than once: copy a line more above or below,
    - it changes nothing, or the file is no valid Python afterwards.

    First say in one or two sentences what is wrong and where. Then write the edits, one block for each place.

    \(exampleInput)
    shop/cart.py
    ```python
    <<<<<<< SEARCH
        for price in prices[1:]:
            result += price
    =======
        for price in prices:
            result += price
    >>>>>>> REPLACE
    ```
    """

  /// The rules and the example of edits by line numbers.
  static let lines = """

    How to write an edit:
    1. A line FILE: and the path of the file.
    2. A line LINES: and the numbers of the first and the last line to replace, as in 40-52.
    3. A line REASONING: and why, in one sentence.
    4. An empty line.
    5. The lines that take their place, with the indentation they need in the file. Without line numbers and bars.

    To add lines, replace one line by itself and the new ones. Line numbers are always those shown, whatever your other edits do. Leave an empty line between two edits.

    An edit fails if:
    - its line numbers are not those of the lines to replace, or it takes a line too few or too many,
    - two edits replace the same line,
    - it changes nothing, or the file is no valid Python afterwards.

    First say in one or two sentences what is wrong and where. Then write the edits, one for each place.

    \(exampleInput)
    FILE: shop/cart.py
    LINES: 4-4
    REASONING: The loop starts at the second price.

        for price in prices:
    """

  /// The rules and the example of files written whole.
  static let whole = """

    How to write an edit:
    1. The path of the file, alone on a line.
    2. A line ```python.
    3. The whole file from its first line to its last, with your change in it. Without line numbers and bars.
    4. A line ```.

    An edit fails if:
    - a line of the file is missing that should have stayed,
    - you write a file of which not all lines are shown,
    - it changes nothing, or the file is no valid Python afterwards.

    First say in one or two sentences what is wrong and where. Then write the files that change, and no others.

    \(exampleInput)
    shop/cart.py
    ```python
    def total(prices):
        \"\"\"The sum of all prices.\"\"\"
        result = 0
        for price in prices:
            result += price
        return result
    ```
    """

  /// The rules and the example of whole definitions.
  static let function = """

    How to write an edit:
    1. The path of the file, alone on a line.
    2. A line FUNCTION: and the name of the function to replace. For a method, Class.method.
    3. A line ```python.
    4. The whole function from its def line to its last line, with your change in it. Without line numbers and bars.
    5. A line ```.

    An edit fails if:
    - the file has no function of that name,
    - a line of the function is missing that should have stayed,
    - it changes nothing, or the file is no valid Python afterwards.

    First say in one or two sentences what is wrong and where. Then write the functions that change, and no others.

    \(exampleInput)
    shop/cart.py
    FUNCTION: total
    ```python
    def total(prices):
        \"\"\"The sum of all prices.\"\"\"
        result = 0
        for price in prices:
            result += price
        return result
    ```
    """

  /// The example up to the answer; what comes next must be in the format asked for.
  private static let exampleInput = """
    {# part: example -#}
    Here is an example. A file:

    shop/cart.py, lines 1 to 6
       1 | def total(prices):
       2 |     \"\"\"The sum of all prices.\"\"\"
       3 |     result = 0
       4 |     for price in prices[1:]:
       5 |         result += price
       6 |     return result

    An issue: total([5, 7]) is 7, and it should be 12.

    A good answer:

    The loop in total starts at the second price, so the first one is never added.

    """

  /// Files, issue and feedback, from what changes least to what changes most.
  static let question = """

    [[user]]
    {% if skill_position == "head" and skills %}{% include "skills" %}
    {% endif %}{# part: files -#}
    Files of {{ instance.repo }}. The line number and the bar in front of each line are not part of the file.
    {% for file in files %}
    {{ file.path }}, lines {{ file.first }} to {{ file.last }}
    {{ file.text }}
    {% endfor %}
    {# part: issue -#}
    The issue:

    {{ issue }}

    {% if skill_position == "tail" and skills %}{% include "skills" %}
    {% endif %}{# part: task -#}
    Find the code that causes this and write the edits that repair it, in the form of the example.
    {%- if reproduce %}

    {# part: reproduce -#}
    {% if reproduction -%}
    This script of yours is kept, and is run without your edits and with them. Write it again, in the same form, only where it is wrong.

    reproduce.py
    ```python
    {{ reproduction }}```
    {%- else -%}
    Before the edits write a script that shows the bug: the line reproduce.py, then its code between ```python and ```. It imports the project, does what the issue says, and ends with an error (by an assert, say) while the bug is there and without one when it is repaired. It is run without your edits and with them.
    {%- endif %}
    {%- endif %}
    {%- include "feedback" %}
    """

  /// What a next attempt is told of the one before.
  static let feedback = """
    {%- if feedback %}

    {# part: feedback -#}
    This is attempt {{ attempt }}. Your attempt before did not repair it. {% if stacked %}The files shown above hold the change of attempt {{ stacked }} already: go on from there.{% else %}The files are again as shown above.{% endif %}

    {{ feedback }}
    {%- endif %}
    """

  /// Skills where they are to stand: short pieces of advice with an example each.
  static let skills = """
    {# part: skills -#}
    What helps with bugs of this kind:
    {% for skill in skills %}
    {{ skill.text }}
    {% endfor %}
    """

  /// The prompt that systems of this kind began with: generic, and without an example.
  static let baseline = """
    [[user]]
    You are an expert software engineer. Fix the following issue in the repository {{ instance.repo }}.

    ## Issue
    {{ issue }}

    ## Files
    {% for file in files %}
    ### {{ file.path }}
    {{ file.text }}
    {% endfor %}
    ## Output
    Answer with direct edits in this format:

    FILE: path/to/file.py
    LINES: 40-52
    REASONING: why

    the new lines
    {%- if feedback %}

    ## Error
    The previous attempt failed. Fix it:
    {{ feedback }}
    {%- endif %}
    """
}
