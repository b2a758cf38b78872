"""What an address below /best-practice asks for, answered or refused."""

from __future__ import annotations

from collections.abc import Collection

from ckan.plugins import toolkit

from ckanext.aivision.errors import UsageError
from ckanext.aivision.snapshot.answers.comparison import Answer, NoFigures, Question, answer, read_question


def find_question(other_names: Collection[str] = ()) -> Question:
    """What the address asks for. other_names: of query parameters that the page reads itself.

    Raises UsageError for a name or value that means nothing.
    """
    pairs = toolkit.request.args.items(multi=True)
    return read_question((name, value) for name, value in pairs if name not in other_names)


def find_answer(other_names: Collection[str] = (), *, frameworks: bool = False, lens: str | None = None) -> Answer:
    """The figures that the address asks for. other_names: as of `find_question`.

    frameworks: whether to compare through all lenses too. lens: of a page that is of one lens or of none, where an
    address cannot ask for another; None where it can.

    Raises UsageError for a name or value that means nothing, NoFigures where there are none of the day.
    """
    toolkit.check_access("aivision_compare", {"user": toolkit.current_user.name}, {})
    question = find_question(other_names)
    if lens is not None:
        if "lens" in toolkit.request.args:
            raise UsageError("lens: each framework has a page of its own, /best-practice/frameworks/NAME")
        question = question._replace(lens=lens)
    return answer(question, frameworks)


def answer_or_abort(other_names: Collection[str] = (), *, frameworks: bool = False, lens: str | None = None) -> Answer:
    """`find_answer` for a page: ends the request with 400 or 404 and the reason instead of raising."""
    try:
        return find_answer(other_names, frameworks=frameworks, lens=lens)
    except NoFigures as error:
        return toolkit.abort(404, str(error))
    except UsageError as error:
        return toolkit.abort(400, str(error))


def common_variables(found: Answer) -> dict[str, object]:
    """What every template of these pages takes: the question, a problem, and the figures with their moment, if any."""
    given: dict[str, object] = {"question": found.question, "problem": found.problem}
    if found.figures is not None and found.snapshot is not None:
        given |= {"overview": found.figures, "made": found.snapshot.moment}
    return given


def refuse_choices() -> None:
    """For a page that has no choices: ends the request with 400 if the address has any."""
    for name in toolkit.request.args:
        toolkit.abort(400, f"{name[:100]}: there is no such choice; this page has none")
