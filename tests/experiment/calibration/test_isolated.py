from itertools import count

from experiment.calibration.isolated import MOST_COLD, WARM_UPS, Answer, isolated_calls


def numbered(name, made):
    numbers = count(1)

    def kind():
        made.append(name)
        return Answer(float(next(numbers)))

    return kind


def test_calls_are_made_one_after_another_in_rounds_over_all_kinds():
    made = []
    isolated_calls([numbered("a", made), numbered("b", made)], 2)
    assert made == ["a", "b"] * (WARM_UPS + 2)


def test_the_first_calls_are_not_counted():
    (answers,) = isolated_calls([numbered("a", [])], 2)
    assert [one.latency_s for one in answers] == [WARM_UPS + 1, WARM_UPS + 2]


def test_an_instances_first_call_is_made_again():
    answers = [Answer(0.1)] * WARM_UPS + [Answer(2.0, is_first=True), Answer(0.1)]
    (counted,) = isolated_calls([iter(answers).__next__], 1)
    assert counted == [Answer(0.1)]


def test_a_target_whose_every_answer_is_an_instances_first_is_not_asked_for_ever():
    cold = Answer(2.0, is_first=True)
    made = []

    def kind():
        made.append(1)
        return cold

    assert isolated_calls([kind], 1) == [[cold]]
    assert len(made) == WARM_UPS + 1 + MOST_COLD
