"""How firm a level is: chance within the limits, judged as the build judges."""

from risk_model.domain.words import Level, Statement
from risk_model.scoring.firmness import draws, how_firm
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.places import Ranking, ranking
from risk_model.scoring.supposing import SchoolBench, supposing
from risk_model.services.copy import Copy
from tests.scoring.kit import Figure
from tests.scoring.test_changing_levels import ABSENCE, LED_WELL, NO_CATEGORY, SCHOOL, WAS_GOOD, bench_of

GAP = "rwm_expected_gap_pp"


def _drawn_gaps(bench: SchoolBench) -> list[float]:
    return [figure.value or 0.0 for one in draws(bench) for figure in one.figures if figure.measure_id == GAP]


def test_the_level_is_the_same_in_as_many_draws_as_stay_on_one_side_of_the_threshold() -> None:
    # The limits touch nought in every draw near today's, so O1 gives its 1 point at five below, and O10 gives 1 more:
    # 2 points and uncertain at -5 or below, 1 point and likely above; the gap has to fall by a point to be uncertain.
    absence = Figure("persistent_absence_rank_pct", value=85.0)
    figures = (Figure(GAP, value=-4.0, lower=-24.0, upper=16.0), absence, LED_WELL, NO_CATEGORY, WAS_GOOD)
    with bench_of(*figures) as bench:
        today = bench.today()
        firm = how_firm(bench, today, bench.judge(draws(bench)))[Statement.OUTCOMES]
        gaps = _drawn_gaps(bench)
    assert today.levels[Statement.OUTCOMES] == Level.LIKELY
    # beyond chance, too, where a draw lies more than 20 above its upper limit's distance: -20 or below gives 2 points
    fallen = sum(gap <= -5.0 for gap in gaps)
    assert 60 < fallen < 120
    assert firm.same == firm.draws - fallen == firm.levels["likely"]
    assert (firm.varied, firm.known) == (1, 2)


def test_draws_lie_around_the_figure_as_wide_as_its_limits_say() -> None:
    # limits 16 wide are 16 / 3.92 = 4.08 for one standard deviation
    with bench_of(*SCHOOL) as bench:
        gaps = _drawn_gaps(bench)
    mean = sum(gaps) / len(gaps)
    spread = (sum((gap - mean) ** 2 for gap in gaps) / (len(gaps) - 1)) ** 0.5
    assert abs(mean + 12.0) < 4 * 4.08 / len(gaps) ** 0.5
    assert 3.2 < spread < 5.0


def test_the_limits_move_with_the_figure() -> None:
    with bench_of(*SCHOOL) as bench:
        for one in draws(bench):
            (figure,) = one.figures
            assert figure.value is not None
            assert figure.lower is not None
            assert figure.upper is not None
            assert round(figure.value - figure.lower, 4) == round(figure.upper - figure.value, 4) == 8.0


def test_a_school_without_limits_does_not_move() -> None:
    with bench_of(ABSENCE, LED_WELL, NO_CATEGORY, WAS_GOOD) as bench:
        today = bench.today()
        firm = how_firm(bench, today, bench.judge(draws(bench)))
    assert {one.varied for one in firm.values()} == {0}
    assert {one.same for one in firm.values()} == {200}


def test_a_share_of_people_moves_by_as_much_as_so_many_make_it_vary() -> None:
    # the square root of 50 x 50 / 100 is 5; of a share whose people are not known nothing can be said
    parents = Figure("parents_recommend_pct", value=50.0, n=100.0)
    with bench_of(*SCHOOL[1:], parents) as bench:
        drawn = [figure.value or 0.0 for one in draws(bench) for figure in one.figures]
        firm = how_firm(bench, bench.today(), bench.judge(draws(bench)))
    mean = sum(drawn) / len(drawn)
    spread = (sum((value - mean) ** 2 for value in drawn) / (len(drawn) - 1)) ** 0.5
    assert len(drawn) == 200
    assert 4.0 < spread < 6.0
    assert [firm[one].varied for one in Statement] == [0, 0, 1]
    with bench_of(*SCHOOL[1:], Figure("parents_recommend_pct", value=50.0)) as bench:
        assert all(not one.figures for one in draws(bench))


def test_a_share_of_people_stays_between_none_and_all() -> None:
    with bench_of(*SCHOOL[1:], Figure("parents_recommend_pct", value=97.0, n=20.0)) as bench:
        drawn = [figure.value or 0.0 for one in draws(bench) for figure in one.figures]
    assert max(drawn) == 100.0
    assert min(drawn) > 80.0


def test_the_answer_is_the_same_each_time() -> None:
    with bench_of(*SCHOOL) as one, bench_of(*SCHOOL) as other:
        assert draws(one) == draws(other)


def test_the_third_statement_is_drawn_with_the_levels_of_the_same_draw() -> None:
    # N6 gives 3 for unlikely outcomes and 1 for uncertain ones, N1 gives 2: 5 points or 3
    figures = (*SCHOOL[:4], Figure("below_good_score", value=2.0))
    with bench_of(*figures) as bench:
        judged = bench.judge(draws(bench))
    outcomes = [one.levels[Statement.OUTCOMES] for one in judged]
    assert {"unlikely", "uncertain"} <= set(outcomes)
    expected = {"unlikely": "unlikely", "uncertain": "uncertain", "likely": "uncertain"}
    assert [one.levels[Statement.INSPECTION] for one in judged] == [expected[level] for level in outcomes]


def test_a_share_has_the_place_of_the_school_below_it() -> None:
    ranked = Ranking(20.0, 200.0, [(5.0, 0.0), (10.0, 25.0), (20.0, 50.0), (20.5, 75.0), (40.0, 100.0)])
    assert [ranked.place_of(share) for share in (1.0, 5.0, 19.9, 20.0, 39.0, 90.0)] == [
        0.0,
        0.0,
        25.0,
        50.0,
        75.0,
        100.0,
    ]
    assert [ranked.share_at(place) for place in (0.0, 40.0, 50.0, 100.0)] == [5.0, 20.0, 20.0, 40.0]


def test_the_ranking_of_a_build_gives_each_school_its_own_place_again(demo_copy: Copy) -> None:
    measure_id = "persistent_absence_rank_pct"
    asked = demo_copy.reader.rows(
        "select distinct urn from measure_values where measure_id = $id and value is not null order by urn limit 40",
        {"id": measure_id},
    )
    assert asked
    rule_set = held_rule_set(demo_copy.reader)
    for row in asked[::10]:
        with supposing(demo_copy.build, rule_set, row["urn"]) as bench:
            own = bench.figures[measure_id]
            among = ranking(bench, own)
            assert among is not None
            assert own.value is not None
            # current figures are rounded to six decimals
            assert round(among.place_of(among.share), 6) == own.value
            drawn = [one.value for draw in draws(bench) for one in draw.figures if one.measure_id == own.measure_id]
            assert {value is not None and 0.0 <= value <= 100.0 for value in drawn} == {True}
            assert len(set(drawn)) > 1


def test_chance_in_a_share_is_as_large_as_so_many_pupils_make_it(demo_copy: Copy) -> None:
    # the place rises with the share, so the middle of the draws is today's place, give or take a tenth of the schools
    (row,) = demo_copy.reader.rows(
        "select v.urn, v.figure, s.pupils from measure_values as v inner join schools as s using (urn) "
        "where v.measure_id = 'persistent_absence_rank_pct' and v.value between 40 and 60 "
        "order by v.measured_on desc, s.pupils desc, v.urn limit 1"
    )
    with supposing(demo_copy.build, held_rule_set(demo_copy.reader), row["urn"]) as bench:
        own = bench.figures["persistent_absence_rank_pct"]
        among = ranking(bench, own)
        drawn = sorted(
            one.value or 0.0 for draw in draws(bench) for one in draw.figures if one.measure_id == own.measure_id
        )
    assert among is not None
    assert (among.share, among.pupils) == (row["figure"], row["pupils"])
    # a binomial share: one standard deviation to either side holds about 68 of 100 draws
    spread = (among.share * (100 - among.share) / among.pupils) ** 0.5
    low, high = among.place_of(among.share - spread), among.place_of(among.share + spread)
    within = sum(low <= value <= high for value in drawn) / len(drawn)
    assert 0.55 < within < 0.95
